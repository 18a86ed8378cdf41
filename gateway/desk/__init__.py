# SPDX-License-Identifier: Apache-2.0
"""The officers' web desk: plain pages, no script, no address outside this server."""
