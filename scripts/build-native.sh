#!/bin/sh
# Compiles the launcher and the stage for this machine, and the stage for the other supported one
# where its cross compiler is.
# Usage: build-native.sh DIRECTORY
#   DIRECTORY   for the launcher; the stage goes to DIRECTORY/native/linux-MACHINE
set -eu
sources=$(dirname "$0")/../src/main/c
out=$1

compile() { # file compiler source
  mkdir -p "$(dirname "$1")"
  "$2" -std=c11 -Wall -Wextra -Werror -Os -static -s -ffile-prefix-map="$sources"=. \
    -o "$1" "$sources/$3"
}
stage() { # machine compiler
  compile "$out/native/linux-$1/jnstools-stage" "$2" stage.c
}

case $(uname -m) in
  x86_64) here=x86-64 other=aarch64 cross=aarch64-linux-gnu-gcc ;;
  aarch64) here=aarch64 other=x86-64 cross=x86_64-linux-gnu-gcc ;;
  *) echo "build-native.sh: no stage for a machine of type $(uname -m)" >&2; exit 1 ;;
esac
compile "$out/jnstools-launcher" "${CC:-cc}" launcher.c
stage "$here" "${CC:-cc}"
if command -v "$cross" >/dev/null; then
  stage "$other" "$cross"
fi
