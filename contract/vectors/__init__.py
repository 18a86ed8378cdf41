# SPDX-License-Identifier: Apache-2.0
"""Test vectors of docs/parcel.md: one JSON file for each section, bytes in hex. Made by packaging/make_vectors.py."""
