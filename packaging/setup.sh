#!/usr/bin/env bash
# Makes this machine ready: system packages through apt, then a private venv from the hash-pinned lock.
#   setup.sh run    what the product needs
#   setup.sh vnc    and a virtual display served on loopback
#   setup.sh test   and what the tests need
#   setup.sh bench  and what is measured beside us (those who want Node.js are left out where it is missing)
# A second call finds the stamps and ends at once. Without rights it names what is missing and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { printf '\nsetup: %s\n' "$*" >&2; exit 1; }

packages=(python3 python3-venv ca-certificates
  libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 fontconfig
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0
  fonts-noto-cjk fonts-hanazono fonts-babelstone-han fonts-wqy-zenhei
  libgooglepinyin0 espeak-ng
  pcscd libpcsclite-dev gcc libc6-dev python3-dev libusb-1.0-0 sane-utils)
[ "$kind" = vnc ] && packages+=(xvfb xauth openbox x11vnc)
[ "$kind" = bench ] && packages+=(rsync) && kind=test
[ "$kind" = test ] && packages+=(git dbus cups-daemon cups-client cups-filters cups-ipp-utils
  vsmartcard-vpcd iproute2 util-linux sane-airscan tesseract-ocr tesseract-ocr-chi-sim postgresql nginx)

installed() {  # Debian's 64-bit time change renamed some libraries: NAMEt64 serves for NAME
  { dpkg-query -W -f '${Status}\n' "$1" "$1t64" 2>/dev/null || true; } | grep -q '^install ok installed'
}

missing=()
command -v dpkg-query >/dev/null 2>&1 || stop "this set-up knows Debian and Ubuntu. Elsewhere install the likes of: ${packages[*]}"
for name in "${packages[@]}"; do installed "$name" || missing+=("$name"); done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root=(sudo)
    elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then as_root=(sudo)
    else stop "these system packages are missing and this user may not install them: ${missing[*]}
Ask an administrator to run:  apt-get install ${missing[*]}"; fi
  fi
  command -v apt-get >/dev/null 2>&1 || stop "these system packages are missing and there is no apt-get: ${missing[*]}"
  say "installing ${#missing[@]} system packages: ${missing[*]}"
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
         apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    stop "apt could not install: ${missing[*]} (the whole log: $log)"
  fi
  rm -f "$log"
  case " ${missing[*]} " in *" nginx "*)  # the tests start their own; Debian's would serve port 80 to everybody
    command -v systemctl >/dev/null 2>&1 && "${as_root[@]}" systemctl disable --now nginx >/dev/null 2>&1 || true;;
  esac
fi

python=
for candidate in /usr/bin/python3.11 /usr/bin/python3.12 /usr/bin/python3.13 /usr/bin/python3 python3; do
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || stop "Python 3.11 or newer with its venv module is missing: apt-get install python3 python3-venv"

lock=packaging/requirements.lock
[ "$kind" = test ] && lock=packaging/requirements-dev.lock
[ "$kind" != test ] && [ -f .venv/.stamp-dev ] && lock=packaging/requirements-dev.lock
want=$(cat packaging/requirements-build.lock "$lock" pyproject.toml | sha256sum | cut -d ' ' -f 1)
stamp=.venv/.stamp; [ "$lock" = packaging/requirements-dev.lock ] && stamp=.venv/.stamp-dev
if [ ! -x .venv/bin/doorstep ] || [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
  say "making the private venv .venv ($("$python" --version)); the first time takes a minute or two"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  quiet=(--quiet --disable-pip-version-check --require-hashes)
  .venv/bin/python -m pip install "${quiet[@]}" --only-binary :all: -r packaging/requirements-build.lock &&
    PATH=$PWD/.venv/bin:$PATH .venv/bin/python -m pip install "${quiet[@]}" --only-binary :all: --no-binary pyscard \
      --no-build-isolation -r "$lock" \
    || stop "the dependencies could not be installed; is the package index reachable? Run the same command again to go on."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e . \
    >.venv/install.log 2>&1 || { cat .venv/install.log >&2; false; } \
    || stop "the project itself could not be installed into .venv; remove .venv and run the same command again."
  rm -f .venv/.stamp .venv/.stamp-dev
  printf '%s\n' "$want" >"$stamp"
fi
