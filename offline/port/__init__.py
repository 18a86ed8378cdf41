# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the keeper, the process that owns the data directory: frozen, versioned messages over a socket.

`messages` and `news` say what; `wire` makes bytes of them; `service` answers on a `Terminal`; `server` does so for
whoever connects; `client` asks. Nothing that names a person in clear crosses here: the client half seals and locks
(`offline.client`).
"""
