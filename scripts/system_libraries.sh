#!/bin/sh
# The pose models of the [video] extra load libEGL and libGLESv2. Installs them where this user
# may; otherwise says what to do, and everything but video works without them.
if ldconfig -p 2>/dev/null | grep -q 'libGLESv2.so.2' && ldconfig -p | grep -q 'libEGL.so.1'; then
  exit 0
fi
run=""
if [ "$(id -u)" != 0 ]; then
  run="sudo -n"
fi
if command -v apt-get >/dev/null && $run true 2>/dev/null; then
  $run apt-get update -qq && $run apt-get install -qq -y libegl1 libgles2 >/dev/null && exit 0
fi
echo "video needs two system libraries: apt-get install libegl1 libgles2 (everything else works)"
exit 0
