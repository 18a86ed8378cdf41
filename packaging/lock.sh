#!/usr/bin/env bash
# Pins every dependency with its hashes; the lock holds no download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
.venv/bin/python -m venv "$tool/venv"
"$tool/venv/bin/pip" install --quiet pip-tools
export CUSTOM_COMPILE_COMMAND="make lock"
export PATH=$PWD/.venv/bin:$PATH  # pyscard's facts come from its sources
for name in requirements-build requirements requirements-dev; do
  "$tool/venv/bin/pip-compile" --quiet --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
    --no-emit-find-links --no-emit-options --resolver=backtracking --output-file "packaging/$name.lock" "packaging/$name.in"
done
