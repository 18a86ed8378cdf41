# SPDX-License-Identifier: Apache-2.0
"""The 80 mm receipt as a picture: names never depend on the fonts of a printer."""
