# SPDX-License-Identifier: Apache-2.0
"""The keeper: the process that owns the data directory, its keys, the spool and sync, and that brings the visit's
process on stage, off it and back after a crash. No Qt here, and never a word of a person in clear."""
