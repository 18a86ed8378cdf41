#!/usr/bin/env bash
# A virtual display with a window manager (without one a full-screen window keeps its natural size), served by a
# password-protected VNC server on loopback only. Ctrl-C ends all of it (the display is out of its reach: last).
set -euo pipefail
cd "$(dirname "$0")/.."
run=$(mktemp -d)
pids=()
demo=
finish() {
  trap - EXIT INT TERM
  # The window first, so that it can keep its drafts and end its gateway; Ctrl-C has reached it by itself.
  if [ -n "$demo" ]; then kill -TERM "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$run"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=${VNC_PORT:-5961}
screen=${VNC_SCREEN:-1640x1920x24}
setsid Xvfb -displayfd 3 -screen 0 "$screen" -nolisten tcp 3>"$run/display" 2>"$run/xvfb.log" &
pids+=($!)
for _ in $(seq 100); do [ -s "$run/display" ] && break; sleep 0.1; done
[ -s "$run/display" ] || { echo "the virtual display did not start:"; cat "$run/xvfb.log"; exit 1; }
export DISPLAY=":$(cat "$run/display")"
setsid openbox >"$run/openbox.log" 2>&1 & pids+=($!)
password=$(head -c 32 /dev/urandom | base64 | tr -dc 'a-km-z2-9' | head -c 8)
x11vnc -storepasswd "$password" "$run/passwd" >/dev/null 2>&1
setsid x11vnc -display "$DISPLAY" -localhost -no6 -rfbport "$port" -rfbauth "$run/passwd" -forever -shared -quiet -noxdamage >"$run/x11vnc.log" 2>&1 &
pids+=($!)
cat <<TEXT

The window is served on this machine's loopback only.
  here:            a VNC viewer on 127.0.0.1:$port
  from elsewhere:  ssh -L $port:127.0.0.1:$port THIS-MACHINE, then the viewer on 127.0.0.1:$port
  password:        $password
Ctrl-C ends it.

TEXT
.venv/bin/doorstep demo "$@" &
demo=$!
wait "$demo"
