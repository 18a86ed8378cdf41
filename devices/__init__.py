# SPDX-License-Identifier: Apache-2.0
"""Drivers, their simulated peers, and the health of what is attached to a terminal."""
