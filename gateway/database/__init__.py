# SPDX-License-Identifier: Apache-2.0
"""The platform's database: connections and transactions, and its tables. Its steps: `migrations/`."""
