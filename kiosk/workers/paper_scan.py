# SPDX-License-Identifier: Apache-2.0
"""A pile of forms under staff's hands: their codes put together, whole ones registered. Runs on the render thread."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contract.paper import Assembly, PaperError, read_symbol
from kiosk.visit.desk_view import PaperForm, PaperState
from offline.client.port import Port
from offline.errors import OfflineError
from offline.port.messages import Carry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)


class PaperScan:
    """What was scanned since the page was opened."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._open: dict[str, Assembly] = {}
        self._forms: dict[str, PaperForm] = {}

    def forget(self) -> None:
        """The pile is done with."""
        self._open, self._forms = {}, {}

    def state(self, code: str = "") -> PaperState:
        """As it stands, newest first."""
        return PaperState(tuple(reversed(self._forms.values())), code=code)

    def add_pages(self, pages: Sequence[bytes]) -> PaperState:
        """Scanned pages, as the scanner gave them."""
        from PIL import Image, UnidentifiedImageError

        texts: list[str] = []
        for page in pages:
            try:
                import numpy as np

                with Image.open(io.BytesIO(page)) as image:
                    texts += _texts(np.asarray(image.convert("L")))
            except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
                log.warning("a scanned page could not be read: %s", type(fault).__name__)
        return self.add_texts(texts) if texts else self.state("paper-no-code")

    def add_picture(self, picture: NDArray[np.uint8]) -> PaperState:
        """A photograph, in colour (blue, green, red) or grey."""
        from devices.page.picture import grey

        texts = _texts(grey(picture))
        return self.add_texts(texts) if texts else self.state("paper-no-code")

    def add_texts(self, texts: Sequence[str]) -> PaperState:
        """Codes in any order, of any forms; those that are not ours are passed over where others are."""
        codes: list[str] = []
        ours = False
        for text in texts:
            try:
                symbol = read_symbol(text)
                ours = True
                key = f"{symbol.record}/{symbol.total}"
                known = self._forms.get(key)
                if known is not None and known.status not in ("missing", "refused"):
                    self._newest(key, known)
                    continue
                form = self._open.setdefault(key, Assembly())
                form.add_symbol(symbol)
                self._newest(key, self._judge(key, form))
            except PaperError as fault:
                codes.append(fault.code)
        foreign_only = not ours and all(code == "paper-foreign" for code in codes)
        worst = next((code for code in codes if code != "paper-foreign"), "paper-foreign" if foreign_only else "")
        return self.state(worst)

    def _newest(self, key: str, form: PaperForm) -> None:
        self._forms.pop(key, None)
        self._forms[key] = form

    def _judge(self, key: str, form: Assembly) -> PaperForm:
        if form.missing:
            return PaperForm(key, "missing", form.total, form.missing)
        try:
            raw = form.record
            assert raw is not None
            taken = self._port.ask(Carry(raw))
        except PaperError:
            del self._open[key]  # begun anew with the next scan
            return PaperForm(key, "refused", form.total, code="paper-damaged")
        except OfflineError as fault:
            log.warning("a form on paper was not taken: %s", fault.code)
            return PaperForm(key, "refused", form.total, code=fault.code)
        return PaperForm(
            key,
            taken.status,
            form.total,
            (),
            taken.tracking_code,
            taken.item,
            taken.attachments,
        )


def _texts(picture: NDArray[np.uint8]) -> tuple[str, ...]:
    from contract.paper_scan import read_texts

    return read_texts(picture)
