# SPDX-License-Identifier: Apache-2.0
"""Those who carry the same applications over the same weak link, each with its own client and server."""
