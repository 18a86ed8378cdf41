# SPDX-License-Identifier: Apache-2.0
"""Scanners over eSCL."""
