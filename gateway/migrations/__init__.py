# SPDX-License-Identifier: Apache-2.0
"""The steps by which the gateway's database comes up to date; `upgrade.py` takes them, docs/gateway.md tells how one
adds a step."""
