# SPDX-License-Identifier: Apache-2.0
"""One editor per kind of value. `making.make_editor` picks it by the field's type."""
