# SPDX-License-Identifier: Apache-2.0
"""Attachments: pieces as they come (uploads, partials), and where whole ones are kept (blobs)."""
