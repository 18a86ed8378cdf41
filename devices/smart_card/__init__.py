# SPDX-License-Identifier: Apache-2.0
"""Smart cards over PC/SC: residents' social-security cards, and staff's PIV cards."""
