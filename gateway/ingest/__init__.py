# SPDX-License-Identifier: Apache-2.0
"""Ingest: records are taken into custody, once and durably, before anybody looks into them."""
