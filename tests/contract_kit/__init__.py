# SPDX-License-Identifier: Apache-2.0
"""The contract kit: tells any platform, point by point, whether it keeps the contract (docs/integrating.md).

It knows the platform by its URL only and imports nothing of ours but `contract`. `make contract-kit URL=...` runs it.
"""
