# SPDX-License-Identifier: Apache-2.0
"""The window: the shell that shows one page at a time, pages made ahead, keys that are a scanner's."""
