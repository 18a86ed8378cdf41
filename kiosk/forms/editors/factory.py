# SPDX-License-Identifier: Apache-2.0
"""Which editor a field gets."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from contract.fields import Field
from kiosk.forms.editors.area import AreaEditor
from kiosk.forms.editors.base import Editor
from kiosk.forms.editors.choice import ChoiceEditor, ChoicesEditor
from kiosk.forms.editors.date import DateEditor, RangeEditor
from kiosk.forms.editors.number import NumberEditor
from kiosk.forms.editors.phone import PhoneEditor
from kiosk.forms.editors.picture import PictureEditor
from kiosk.forms.editors.table import TableEditor
from kiosk.forms.editors.text import TextEditor
from kiosk.frame.page import PageContext

EDITORS: dict[str, type[Editor]] = {
    "text": TextEditor,
    "name": TextEditor,
    "id_number": NumberEditor,
    "code": ChoiceEditor,
    "codes": ChoicesEditor,
    "date": DateEditor,
    "date_range": RangeEditor,
    "money": NumberEditor,
    "integer": NumberEditor,
    "decimal": NumberEditor,
    "digits": NumberEditor,
    "phone": PhoneEditor,
    "table": TableEditor,
    "image": PictureEditor,
    "area": AreaEditor,
}


def make_editor(field: Field, context: PageContext, parent: QWidget | None = None) -> Editor:
    """The editor for `field`. Groups have none (their parts do), nor have signatures: KeyError."""
    if field.type == "text" and is_number_pattern(field.pattern):
        return NumberEditor(field, context, parent)
    return EDITORS[field.type](field, context, parent)


def is_number_pattern(pattern: str) -> bool:
    r"""Whether a pattern only wants digits, X and B, like a certificate number: \d{17}[\dX]\d{2}(B\d)?"""
    return bool(pattern) and re.fullmatch(r"(?:\\d|[XB]|[0-9{},()\[\]?|])+", pattern) is not None
