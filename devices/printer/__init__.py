# SPDX-License-Identifier: Apache-2.0
"""Printers: A4 over IPP, receipts over ESC/POS."""
