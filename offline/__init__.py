# SPDX-License-Identifier: Apache-2.0
"""What lives on the terminal's disk, and how it gets to the platform and back."""
