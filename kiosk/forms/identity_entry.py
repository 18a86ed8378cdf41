# SPDX-License-Identifier: Apache-2.0
"""An identity entered by hand, from a household book or an old card, before a member of staff."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from contract.application import Value
from contract.checking import Problem
from contract.codes import ETHNIC
from contract.errors import ContractError
from contract.fields import Choice, Field
from contract.identity import Identity, check_id_number, check_name
from kiosk.forms.board import FieldBoard
from kiosk.forms.slots import is_empty, slots_of
from kiosk.frame.page import PageContext

tr = QCoreApplication.translate


def _fields() -> tuple[Field, ...]:
    return (
        Field("name", tr("IdentityEntry", "姓名"), "name"),
        Field("id_number", tr("IdentityEntry", "公民身份号码"), "id_number"),
        Field(
            "ethnic",
            tr("IdentityEntry", "民族"),
            "code",
            choices=tuple(Choice(c, label) for c, label in ETHNIC.items()),
        ),
        Field("address", tr("IdentityEntry", "户籍地址"), "text", max_length=70),
    )


class IdentityEntry(QWidget):
    """Four fields, one open at a time. `next()` goes on; when all is right it gives the identity.

    `changed()` when actions or help should be read anew.
    """

    changed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._data: dict[str, Any] = {}
        self._key: object = None
        self._problems: dict[str, Problem] = {}
        self.board = FieldBoard(context, self)
        self.board.given.connect(self._given)
        self.board.changed.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.board)

    def begin(self, key: object) -> None:
        """For this person (any value that differs between persons); what was typed for another is forgotten."""
        if key != self._key:
            self._key, self._data, self._problems = key, {}, {}
            self._show()

    def next(self) -> Identity | None:
        """One field on; the identity once all is there. Problems are shown at their field."""
        slot = self.board.active
        wrong = self._wrong(slot.path) if slot is not None else None
        if wrong is not None:
            self.board.set_problem(wrong.field, wrong)
            self.changed.emit()
            return None
        if self.board.open_next():
            return None
        for field in _fields():
            wrong = self._wrong(field.id)
            if wrong is not None:
                self.board.set_problem(wrong.field, wrong)
                self.changed.emit()
                return None
        return self._identity()

    # --- inside -----------------------------------------------------------------------------------------------

    def _given(self, name: str, data: Any) -> None:
        self._data[name] = data
        self._problems.pop(name, None)
        self._show()

    def _show(self) -> None:
        values = {name: Value(data, "staff") for name, data in self._data.items() if not is_empty(data)}
        self.board.show_slots(self._key, slots_of(_fields(), self._data), values, self._problems)

    def _wrong(self, name: str) -> Problem | None:
        data = self._data.get(name)
        if is_empty(data):
            return Problem(name, "required", f"{name} is missing")
        try:
            if name == "name":
                check_name(str(data))
            elif name == "id_number":
                check_id_number(str(data))
        except ContractError as fault:
            return Problem(name, fault.code, "entered by hand")
        return None

    def _identity(self) -> Identity:
        number = check_id_number(str(self._data["id_number"]))
        return Identity(
            name=str(self._data["name"]),
            id_number=number.number,
            sex=number.sex,
            ethnic=str(self._data["ethnic"]),
            birth=number.birth.isoformat(),
            address=str(self._data["address"]),
            issuer="",
            valid_from="",
            valid_to=None,
            assurance="staff-witnessed",
        )
