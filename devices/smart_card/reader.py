# SPDX-License-Identifier: Apache-2.0
"""A smart-card reader behind PC/SC. pyscard's own monitor dies with the daemon; ours asks, and begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from devices.base import DeviceStatus, IdCard, StaffCard, State, status
from devices.card_text import is_text
from devices.drivers import Driver
from devices.errors import CardError, DeviceError, ReaderError
from devices.smart_card import piv, social_security
from devices.smart_card.apdu import Transmit

DEVICE = "smart-card"
ANSWER = 4.0  # seconds; a signature takes a slow card about one
T = TypeVar("T")


class PcscReader:
    """One thread owns it. `name` chooses the reader whose name contains it, "" the first.

    Calls that reach a card run on a thread beside, and are given up after `ANSWER`: a reader whose driver hangs must
    not hang us.
    """

    def __init__(self, name: str = "") -> None:
        self._wanted = name
        self._reader = ""
        self._context: Any = None
        self._beside: ThreadPoolExecutor | None = None

    def open(self) -> None:
        """Finds the daemon and a reader. Raises ReaderError reader-absent."""
        from smartcard import scard

        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self._fine(code)
        code, readers = scard.SCardListReaders(self._context, [])
        found = [r for r in (readers or []) if self._wanted in r]
        if code != scard.SCARD_S_SUCCESS or not found:
            self.close()
            raise ReaderError("reader-absent", "there is no smart-card reader; check its cable")
        self._reader = found[0]

    def close(self) -> None:
        """Lets go of the daemon."""
        from smartcard import scard

        if self._context is not None:
            scard.SCardReleaseContext(self._context)
            self._context = None
        if self._beside is not None:
            self._beside.shutdown(wait=False, cancel_futures=True)
            self._beside = None

    def status(self) -> DeviceStatus:
        """What to show while it answers."""
        return status(DEVICE, State.READY, self._reader)

    def present(self) -> bool:
        """Whether a card is in. Raises ReaderError reader-absent where daemon or reader are gone."""
        return bool(self._state() & self._flag("SCARD_STATE_PRESENT"))

    def _state(self) -> int:
        from smartcard import scard

        if self._context is None:
            raise ReaderError("reader-absent", "the smart-card reader is not open")
        code, states = scard.SCardGetStatusChange(self._context, 0, [(self._reader, scard.SCARD_STATE_UNAWARE)])
        self._fine(code)
        found = int(states[0][1])
        if found & (self._flag("SCARD_STATE_UNKNOWN") | self._flag("SCARD_STATE_UNAVAILABLE")):
            raise ReaderError("reader-absent", "the smart-card reader was unplugged")
        return found

    @staticmethod
    def _flag(name: str) -> int:
        from smartcard import scard

        return int(getattr(scard, name))

    def _fine(self, code: int) -> None:
        from smartcard import scard

        if code == scard.SCARD_S_SUCCESS:
            return
        if code in (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_RESET_CARD):
            raise CardError("card-gone", "the card was taken out too early; put it in again")
        if code in (scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_E_PROTO_MISMATCH):
            raise CardError("card-unresponsive", "the card does not answer; turn it over and put it in again")
        if code == scard.SCARD_E_SHARING_VIOLATION:
            raise ReaderError("reader-busy", "another program uses the smart-card reader")
        if code in (scard.SCARD_E_NOT_TRANSACTED, scard.SCARD_F_COMM_ERROR):
            raise CardError("card-read-failed", "the card could not be read; put it in again")
        raise ReaderError("reader-absent", f"the smart-card service is not there ({code & 0xFFFFFFFF:08X})")

    @contextmanager
    def card(self) -> Iterator[Transmit]:
        """A conversation with the card. Raises CardError, ReaderError."""
        from smartcard import scard

        if self._state() & self._flag("SCARD_STATE_MUTE"):
            raise CardError("card-unresponsive", "the card does not answer; turn it over and put it in again")
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, handle, protocol = self._within(
            lambda: scard.SCardConnect(self._context, self._reader, scard.SCARD_SHARE_SHARED, protocols)
        )
        self._fine(code)
        head = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0

        def transmit(apdu: bytes) -> bytes:
            code, answer = self._within(lambda: scard.SCardTransmit(handle, head, list(apdu)))
            self._fine(code)
            return bytes(b & 0xFF for b in answer)

        try:
            yield transmit
        finally:
            with suppress(DeviceError):
                self._within(lambda: scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD))

    def _within(self, work: Any) -> Any:
        if self._beside is None:
            self._beside = ThreadPoolExecutor(1, "smart-card-call")
        running: Future[Any] = self._beside.submit(work)
        try:
            return running.result(ANSWER)
        except Late:
            self._beside.shutdown(wait=False, cancel_futures=True)
            self._beside = None
            raise ReaderError("reader-silent", "the card does not answer; take it out and put it in again") from None

    def read(self) -> IdCard | StaffCard:
        """Whose card it is. Raises CardError card-unknown for a card that is neither kind, and all of `card`."""
        with self.card() as transmit:
            return read_card(transmit)

    def prove(self, pin: str) -> str:
        """A member of staff signs in; the key's digest. Raises PinRefused, CardError, ReaderError."""
        with self.card() as transmit:
            if not piv.is_piv(transmit):
                raise CardError("card-unknown", "this is no staff card")
            return piv.prove(transmit, pin)


def read_card(transmit: Transmit) -> IdCard | StaffCard:
    """Whose card it is, of either kind. Raises CardError card-unknown for one that is neither."""
    if social_security.is_social_security(transmit):
        return IdCard(social_security.read_social_security(transmit).identity, b"")
    if piv.is_piv(transmit):
        found = piv.certificate(transmit)
        return StaffCard(piv.key_digest(found), _common_name(found))
    raise CardError("card-unknown", "this is no card that is known here")


def _common_name(certificate: Any) -> str:
    from cryptography.x509.oid import NameOID

    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(found[0].value) if found else ""
    return name if is_text(name) else ""


def find() -> list[dict[str, Any]]:
    """Every reader the daemon knows."""
    from smartcard import scard

    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return []
    _code, readers = scard.SCardListReaders(context, [])
    scard.SCardReleaseContext(context)
    return [{"name": name} for name in readers or []]


DRIVER = Driver("smart_card", "pcsc", PcscReader, find, "social-security and staff cards over PC/SC")
