#!/usr/bin/env bash
# Lint, strict types, tests with coverage; all must pass.
set -euo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
echo "== lint"; .venv/bin/ruff check --no-cache . ; .venv/bin/ruff format --check .
echo "== types"; .venv/bin/mypy
# A file's tests stay together: some share a real server that takes seconds to start.
echo "== tests"; exec .venv/bin/python -m pytest -q -n 2 --dist loadfile --cov --cov-report=term:skip-covered "$@"
