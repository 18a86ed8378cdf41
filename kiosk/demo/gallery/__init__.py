# SPDX-License-Identifier: Apache-2.0
"""Every screen as a picture, with sample states. `python -m kiosk.demo.gallery.render` writes them."""
