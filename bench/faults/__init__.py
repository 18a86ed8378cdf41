# SPDX-License-Identifier: Apache-2.0
"""Faults made for real (kills, power cuts, failing disks, cut links), and a checker of what was promised."""
