# SPDX-License-Identifier: Apache-2.0
"""Every form of every item, drawn by one renderer from the item's definition, and the editors it is made of.

`renderer` is the page; `board` shows the fields of one question with one editor open; `editors` has one small
module per kind of value. The pages around the form (materials, review, sign, ...) are in `kiosk.pages`.
"""
