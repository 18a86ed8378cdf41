# SPDX-License-Identifier: Apache-2.0
"""A visit's process put together: machine, window and workers; and who carries out what the machine wishes."""
