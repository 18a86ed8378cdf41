# SPDX-License-Identifier: Apache-2.0
"""The second window of the demo: what a person at the counter does with cards, paper, plugs and the network."""
