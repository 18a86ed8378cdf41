# SPDX-License-Identifier: Apache-2.0
"""`python -m gateway` is `doorstep gateway`."""

from gateway.command import gateway

gateway(prog_name="doorstep gateway")
