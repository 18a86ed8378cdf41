# SPDX-License-Identifier: Apache-2.0
"""The process of one visit: how it begins, takes the stage, says that it lives, and ends; and its walls."""
