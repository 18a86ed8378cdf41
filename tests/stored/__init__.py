# SPDX-License-Identifier: Apache-2.0
"""What landed releases left on disk, small, kept as they wrote it; `make.py` says how it was made."""
