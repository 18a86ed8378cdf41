# SPDX-License-Identifier: Apache-2.0
"""Document cameras: drivers, and what a page under one needs."""
