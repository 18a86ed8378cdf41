# SPDX-License-Identifier: Apache-2.0
"""Resident ID cards through a SAM_V reader."""
