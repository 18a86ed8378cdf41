# SPDX-License-Identifier: Apache-2.0
"""The resident's visit as a pure state machine: intents in, effects and views out.

No Qt, no files, no threads; the clock is injected.
"""
