# SPDX-License-Identifier: Apache-2.0
"""What a terminal keeps on its disk: the spool, which is the truth, and the vault, which follows it."""
