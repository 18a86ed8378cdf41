# SPDX-License-Identifier: Apache-2.0
"""Languages: Chinese is the source; English comes from `english/*.json` through a compiled doorstep_en.qm."""
