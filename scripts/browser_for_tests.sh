#!/bin/sh
# The page is tested in a real browser. Installs Chromium where this user may; otherwise those tests
# are skipped, and say so.
command -v chromium >/dev/null && exit 0
run=""
[ "$(id -u)" = 0 ] || run="sudo -n"
if command -v apt-get >/dev/null && $run true 2>/dev/null; then
  $run apt-get update -qq && $run apt-get install -qq -y chromium >/dev/null && exit 0
fi
echo "the tests of the page need a browser: apt-get install chromium"
exit 0
