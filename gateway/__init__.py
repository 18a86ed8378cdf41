# SPDX-License-Identifier: Apache-2.0
"""The platform's side: the server that terminals talk to, and the officers' web desk."""
