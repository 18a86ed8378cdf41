# SPDX-License-Identifier: Apache-2.0
"""One module a step, `step_NNNN_words.py`; a step that was released is never changed."""
