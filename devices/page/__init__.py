# SPDX-License-Identifier: Apache-2.0
"""From a picture of a page to few, legible bytes."""
