# SPDX-License-Identifier: Apache-2.0
"""The staff's desk: its overview and the pages it leads to."""
