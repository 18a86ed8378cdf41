# SPDX-License-Identifier: Apache-2.0
"""Custody: records are taken in, once and durably, before anybody looks into them."""
