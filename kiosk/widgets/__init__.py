# SPDX-License-Identifier: Apache-2.0
"""The kiosk's own controls. They wrap their words, never cut them, and read sizes and colours from the theme."""
