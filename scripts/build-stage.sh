#!/bin/sh
# Compiles the stage for this machine, and for the other supported one where its cross compiler is.
# Usage: build-stage.sh DIRECTORY
set -eu
source=$(dirname "$0")/../src/main/c/stage.c
out=$1

compile() { # folder compiler
  mkdir -p "$out/$1"
  "$2" -std=c11 -Wall -Wextra -Werror -Os -static -s -ffile-prefix-map="$(dirname "$source")"=. \
    -o "$out/$1/jnstools-stage" "$source"
}

case $(uname -m) in
  x86_64) here=x86-64 other=aarch64 cross=aarch64-linux-gnu-gcc ;;
  aarch64) here=aarch64 other=x86-64 cross=x86_64-linux-gnu-gcc ;;
  *) echo "build-stage.sh: no stage for a machine of type $(uname -m)" >&2; exit 1 ;;
esac
compile "linux-$here" "${CC:-cc}"
if command -v "$cross" >/dev/null; then
  compile "linux-$other" "$cross"
fi
