# SPDX-License-Identifier: Apache-2.0
"""What a terminal and the platform agree on.

Pure: bytes and values in, bytes and values out. No sockets, no Qt; the only files are this package's own data.
"""
