# SPDX-License-Identifier: Apache-2.0
"""Trained compression dictionaries by number; a number's bytes never change once shipped."""
