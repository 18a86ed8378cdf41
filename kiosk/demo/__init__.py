# SPDX-License-Identifier: Apache-2.0
"""The demo: gateway, simulated devices and the kiosk together; by hand, or driving itself and keeping the proof."""
