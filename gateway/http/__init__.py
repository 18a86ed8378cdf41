# SPDX-License-Identifier: Apache-2.0
"""HTTP: the routes, back-pressure, how it says no, health; and the processes that serve."""
