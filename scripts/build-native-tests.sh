#!/bin/sh
# Compiles what the native tests need besides the build: the probe, the stage under the address and
# undefined behaviour sanitizers, and its own tests.
# Usage: build-native-tests.sh DIRECTORY
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$1"
compile() { # name argument...
  file=$1
  shift
  cc -std=c11 -Wall -Wextra -Werror -g -o "$file" "$@"
}
compile "$1/probe" -O1 -static native-tests/c/probe.c
compile "$1/stage-sanitized" -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
  -fno-sanitize-recover=all src/main/c/stage.c
compile "$1/stage-test" native-tests/c/stage_test.c
