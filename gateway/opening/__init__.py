# SPDX-License-Identifier: Apache-2.0
"""Opening what is in custody: a row is leased, its records judged, a case number given, the outcome told."""
