# SPDX-License-Identifier: Apache-2.0
"""The parts of the frame around every screen: top band, action row, bottom bar, overlays, help in landscape."""
