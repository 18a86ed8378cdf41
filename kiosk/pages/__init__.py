# SPDX-License-Identifier: Apache-2.0
"""One screen of the visit per module. A page draws a view and emits intents; it decides nothing."""
