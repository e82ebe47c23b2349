#!/bin/sh
# The pose model and the video reader of the [video] extra load these system libraries, and spoken cues
# need a voice. Installs them where this user may; otherwise says what to do, and everything else works.
packages="libegl1 libgles2 libgl1 libglib2.0-0 espeak-ng"
missing=""
for library in libEGL.so.1 libGLESv2.so.2 libGL.so.1 libgthread-2.0.so.0; do
  /sbin/ldconfig -p 2>/dev/null | grep -q "$library" || missing="$missing $library"
done
command -v espeak-ng >/dev/null || missing="$missing espeak-ng"
[ -z "$missing" ] && exit 0
run=""
[ "$(id -u)" = 0 ] || run="sudo -n"
if command -v apt-get >/dev/null && $run true 2>/dev/null; then
  $run apt-get update -qq && $run apt-get install -qq -y $packages >/dev/null && exit 0
fi
echo "for video and spoken cues, install$missing: apt-get install $packages"
exit 0
