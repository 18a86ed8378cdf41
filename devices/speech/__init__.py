# SPDX-License-Identifier: Apache-2.0
"""Reading aloud, offline: a voice that speaks pinyin, and a sound player that may be absent or hang without harm."""
