# SPDX-License-Identifier: Apache-2.0
"""The half of the store that may know a person: it runs where the person is (the visit, `doorstep intake`), seals,
locks, hashes and unlocks there, and asks the keeper for the rest through a `Port`."""
