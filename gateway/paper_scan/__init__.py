# SPDX-License-Identifier: Apache-2.0
"""Forms that came on paper: pictures of them, the records in their codes, and filing those."""
