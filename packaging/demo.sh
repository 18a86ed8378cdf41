#!/usr/bin/env bash
# The demo as a newcomer meets it: a window where there is a display, otherwise the visit drives itself.
#   demo.sh auto [options of `doorstep demo`]
#   demo.sh vnc  [options of `doorstep demo`]
set -euo pipefail
cd "$(dirname "$0")/.."
how=${1:-auto}; shift || true
if [ "$how" = vnc ]; then exec packaging/vnc.sh "$@"; fi
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then exec .venv/bin/doorstep demo "$@"; fi
echo "No display here: the visit drives itself into demo-output/ (to see the window from elsewhere: make demo VNC=1)."
rm -rf demo-output
exec .venv/bin/doorstep demo --headless --out demo-output "$@"
