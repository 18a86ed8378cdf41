# SPDX-License-Identifier: Apache-2.0
"""To the platform and back over a weak link: engine, link (watched connections), pace, records, attachments, news."""

from offline.sync.engine import SyncEngine
from offline.sync.progress import SyncState
from offline.sync.report import SyncReport

__all__ = ["SyncEngine", "SyncReport", "SyncState"]
