# SPDX-License-Identifier: Apache-2.0
"""What people take home: receipts, forms, checklists. Values in, PDF or raster bytes out."""
