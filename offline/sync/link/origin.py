# SPDX-License-Identifier: Apache-2.0
"""Whom we speak to, and whose certificates are trusted for it."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from offline.sync.link.channel import Session


@dataclass(frozen=True, slots=True)
class Origin:
    """`host`: the Host header; `name` and `port`: to connect to, and the name in the certificate; `prefix`: what stands
    before every path; `tls`: None without; `session`: of this host, to be resumed."""

    host: str
    name: str
    port: int
    prefix: str
    tls: ssl.SSLContext | None
    session: Session = field(default_factory=Session, compare=False)

    @staticmethod
    def of(url: str, tls: ssl.SSLContext | None = None) -> Origin:
        """Of a gateway's address; `tls` instead of the usual trust."""
        parts = urlsplit(url)
        secure = (tls or trusting()) if parts.scheme == "https" else None
        port = parts.port or (443 if secure else 80)
        return Origin(parts.netloc, parts.hostname or "", port, parts.path.rstrip("/"), secure)


def trusting(authorities: str = "") -> ssl.SSLContext:
    """Trust in what this file holds; without one in the certificates that `requests` trusts, or those that
    REQUESTS_CA_BUNDLE names (a province's own authority)."""
    from certifi import where

    context = ssl.create_default_context(cafile=authorities or os.environ.get("REQUESTS_CA_BUNDLE") or where())
    context.set_alpn_protocols(["http/1.1"])
    # Python takes any end for a signed one; then whoever cuts a connection shortens an answer without a length.
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    return context
