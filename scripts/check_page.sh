#!/bin/sh
# Types and tests of the page: a few seconds. Without Node, or where its parts could not be fetched,
# there is nothing to check, and it says so.
set -eu
cd "$(dirname "$0")/../ui"
if ! command -v npm >/dev/null || [ ! -x node_modules/.bin/vitest ]; then
  echo "the page is not checked: it needs Node, and make setup with a network"
  exit 0
fi
npm run --silent check
npm run --silent test
