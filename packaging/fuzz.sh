#!/usr/bin/env bash
# fuzz.sh MINUTES [PYTEST ARGUMENT ...]: all fuzz tests, round after round, each with a seed of its own, which it prints.
# A round that has begun is finished, up to five minutes later. It ends at the first failure, with the bytes that made it.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:?minutes}; shift
[[ $minutes =~ ^[0-9]+$ ]] || { echo "fuzz: MINUTES must be a whole number, not '$minutes'" >&2; exit 2; }
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
ends=$((SECONDS + minutes * 60)); round=0
while [ "$round" -eq 0 ] || [ "$SECONDS" -lt "$ends" ]; do
  round=$((round + 1)); seed=$((RANDOM * 32768 + RANDOM))
  echo "== round $round, seed $seed (again: .venv/bin/python -m pytest -m fuzz --hypothesis-profile=long --hypothesis-seed=$seed)"
  .venv/bin/python -m pytest -q -x -m fuzz --hypothesis-profile=long --hypothesis-seed="$seed" "$@"
done
echo "== $round rounds in $((SECONDS / 60)) minutes, nothing found"
