# SPDX-License-Identifier: Apache-2.0
"""To the platform and back over a weak link: engine, link (watched connections), pace, records, attachments, feed."""
