# SPDX-License-Identifier: Apache-2.0
"""The terminal's window: the resident's visit, drawn with Qt Widgets.

The visit itself (`kiosk.visit`) is pure Python; pages turn its views into pixels and touches into intents.
PySide6 is imported in this package only.
"""
