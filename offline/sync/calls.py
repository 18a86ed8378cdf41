# SPDX-License-Identifier: Apache-2.0
"""Small calls of an enrolled terminal, each with its token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from requests import Response

from offline.sync.http_session import LinkAdapter, new_session, refusal, send
from offline.sync.token import Token

if TYPE_CHECKING:
    from offline.sync.link.link import Link


class Calls:
    """Small calls of an enrolled terminal, with its token. Use from one thread."""

    def __init__(self, url: str, token: Token, link: Link) -> None:
        self._url = url
        self._token = token
        self._session = new_session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, LinkAdapter(link))

    def close(self) -> None:
        """Lets go of the session."""
        self._session.close()

    def token(self) -> str:
        """A token that is valid now. Raises LinkDown, GatewayRefused, AnswerDamaged."""
        return self._token.fetch(self._session)

    def get(self, path: str) -> Response:
        """An answer 200. Raises LinkDown or GatewayRefused."""
        return self._request("GET", path, b"", {})

    def post(self, path: str, body: bytes, media_type: str) -> Response:
        """An answer 200. Raises LinkDown or GatewayRefused."""
        return self._request("POST", path, body, {"Content-Type": media_type})

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """A 401 gets one new token."""
        for attempt in (1, 2):
            token = self.token()
            answer = send(
                self._session, method, self._url + path, body, {**headers, "Authorization": f"Bearer {token}"}
            )
            if answer.status_code == 401 and attempt == 1:
                self._token.spoiled(token)
                continue
            break
        if answer.status_code != 200:
            raise refusal(answer)
        return answer
