# SPDX-License-Identifier: Apache-2.0
"""What the window does not wait for: store, devices, printouts, scans; and the bridge their answers cross."""
