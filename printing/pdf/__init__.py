# SPDX-License-Identifier: Apache-2.0
"""A4 pages as PDF, by reportlab."""
