# SPDX-License-Identifier: Apache-2.0
"""The client half over the keeper's socket."""

from tests.offline.port.conftest import ask, client, keeper, platform, terminal

__all__ = ["ask", "client", "keeper", "platform", "terminal"]
