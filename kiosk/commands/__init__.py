# SPDX-License-Identifier: Apache-2.0
"""Commands that only the whole terminal can offer; other rooms bring theirs in a `command` module."""
