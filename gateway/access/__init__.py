# SPDX-License-Identifier: Apache-2.0
"""Who may come in: terminals by enrolment and token, officers by password and session."""
