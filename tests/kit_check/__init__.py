# SPDX-License-Identifier: Apache-2.0
"""The kit looks at gateways that are wrong on purpose, and has to say so."""
