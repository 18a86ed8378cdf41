# SPDX-License-Identifier: Apache-2.0
"""How the kiosk looks: sizes in millimetres, colours with their contrast, icons and the style sheet."""
