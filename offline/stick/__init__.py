# SPDX-License-Identifier: Apache-2.0
"""A stick: it is noticed, what waits is exported to it, returns and others' parcels are read from it."""
