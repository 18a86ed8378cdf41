# SPDX-License-Identifier: Apache-2.0
"""Sticks at the platform: parcels are imported, and each terminal's return is written."""
