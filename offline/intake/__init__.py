# SPDX-License-Identifier: Apache-2.0
"""`doorstep intake`: applications from a file, one a line, without a window."""
