# SPDX-License-Identifier: Apache-2.0
"""The link: a few watched connections, and how much may be on its way over all of them."""
