# SPDX-License-Identifier: Apache-2.0
"""The platform's private keys, in generations, and how a new one is put in force."""
