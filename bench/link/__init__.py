# SPDX-License-Identifier: Apache-2.0
"""A weak link between two network namespaces, packet by packet, so that both ends are the kernel's own TCP."""
