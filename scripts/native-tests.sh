#!/bin/bash
# Runs native tests of one kind in a sandbox, on the JDK of JAVA_HOME. JNS_MUST_RUN names kinds that
# fail where a need of theirs is missing; JNS_SLOW says how many times as slow as usual this machine
# is; JNS_INSTALLED where to install what is built, for tests of that; JNS_CONCURRENCY for how many
# seconds names are changed by many at once; JNS_ROUNDS how often rules are changed by two at once.
# Usage: native-tests.sh KIND REPORTS SECONDS OPTION...
#   KIND      the tag of their classes: root, docker, vm
#   REPORTS   the directory for JUnit's report of them
#   SECONDS   until they are killed
#   OPTION    of JUnit's console launcher: which of them, and how they are told
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1 reports=$2 seconds=$3
shift 3
jvm=(-XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED)
if [ "${JNS_SLOW:-1}" -gt 1 ]; then
  # Where the machine is emulated, HotSpot's second compiler costs more than it brings.
  jvm+=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
fi
install=(true) commands=$PWD/scripts
if [ -n "${JNS_INSTALLED-}" ]; then
  install=(scripts/install.sh --prefix "$JNS_INSTALLED")
  commands=$JNS_INSTALLED/bin
fi
# shellcheck disable=SC2016 # the inner shell's arguments
exec scripts/sandbox.sh sh -c "${install[*]}"' && exec "$@"' sh \
  timeout --signal=KILL "$seconds" "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
  "${jvm[@]}" -Djnstools.project="$PWD" -Djnstools.slow="${JNS_SLOW:-1}" \
  -Djnstools.commands="$commands" -Djnstools.concurrency.seconds="${JNS_CONCURRENCY:-10}" \
  -Djnstools.rounds="${JNS_ROUNDS:-25}" \
  -cp "target/jnstools.jar:target/test-classes:target/test-lib/*" \
  org.junit.platform.console.ConsoleLauncher execute \
  --disable-banner --disable-ansi-colors \
  --include-tag="$kind" --reports-dir="$reports" "$@" </dev/null
