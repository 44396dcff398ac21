#!/bin/bash
# Installs what the tests need, builds, and runs all tests: as root, on Debian or Ubuntu. The tests
# that need root run in namespaces of their own. Safe to run again.
# Usage: test.sh [--only PATTERN]
#   --only PATTERN   just the root and docker tests whose class name contains it
set -euo pipefail
cd "$(dirname "$0")/.."
only=
if [ "${1-}" = --only ]; then
  only=${2:?--only takes a pattern of class names}
fi
project=$PWD
reports=target/reports

say() { printf '\n== %s\n' "$*"; }
give_up() {
  printf '\ntests: FAILED: %s\n' "$*" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || give_up "run as root: the tests make namespaces, in a sandbox of their own"
say "what the tests need"
scripts/install-needs.sh build test || give_up "packages could not be installed"

failed=()
if [ -z "$only" ]; then
  say "the quick start, as a newcomer runs it"
  scripts/quickstart.sh || failed+=("quickstart")
fi

say "build and unit tests"
rm -rf "$reports" target/surefire-reports
if [ -n "$only" ]; then
  mvn -B -q -Dstyle.color=never -P deb package -DskipTests ||
    give_up "the build; its messages are above"
else
  mvn -B -q -Dstyle.color=never -P deb install ||
    give_up "the build or a unit test; its messages are above"
  say "a project that uses what is installed now"
  version=$(sed -n '/<artifactId>jnstools</{n; s/.*<version>\(.*\)<.*/\1/p}' pom.xml)
  mvn -B -q -Dstyle.color=never -f native-tests/example -Djnstools.version="$version" \
    compile dependency:build-classpath -Dmdep.outputFile="$project/target/example-path" &&
    java -cp "target/example/classes:$(cat target/example-path)" Example $$ ||
    failed+=("the example project")
fi

say "the stage's own tests, under the address and undefined behaviour sanitizers"
mkdir -p "$reports"
scripts/build-native-tests.sh target/native-tests
if [ -z "$only" ]; then
  target/native-tests/stage-test target/native-tests/stage-sanitized | tee "$reports/stage" ||
    failed+=("stage")
fi

# One JDK of each version from 17 on; the one that built is among them.
jdks() {
  local home version
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    if [ -x "$home/bin/java" ] && [ -r "$home/release" ] && ! [ -h "$home" ]; then
      version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
      if [ "${version:-0}" -ge 17 ]; then
        echo "$version $home"
      fi
    fi
  done | sort -n -u -k1,1
}

# Runs the tests of a kind; "installed" are those that compare with nsenter, on what install.sh made.
# The counts of a run are in its report; a run without a report has failed. What it prints is shown
# when it ends, since others run meanwhile.
run_kind() { # kind version home concurrency
  local tag=$1 classes=".*(${only:-Test}).*" installed= status=0
  if [ "$1" = installed ]; then tag=root classes=".*DifferentialRootTest" installed=/run/installed; fi
  # Elsewhere than where the oracle is the one compared with, and a browser can be installed, those
  # tests may be skipped.
  env JAVA_HOME="$3" JNS_MUST_RUN="$tag${CI:+,oracle,browser}" JNS_INSTALLED="$installed" \
    JNS_CONCURRENCY="$4" scripts/native-tests.sh \
    "$tag" "$reports/$1-$2" 1800 --details=tree --details-theme=ascii \
    --scan-classpath=target/test-classes --include-classname="$classes" \
    >"$reports/$1-$2.out" 2>&1 || status=$?
  shown "$1 tests on JDK $2, in a sandbox" "$reports/$1-$2.out" "$status"
}

# Shows what one that is done has printed, and notes if it failed.
shown() { # what output status
  (
    flock 9
    say "$1"
    cat "$2"
    if [ "$3" != 0 ]; then echo "$1" >>"$reports/failed"; fi
  ) 9>"$reports/lock"
}

# Tests with engines wait most of the time, and are run beside the others.
with_engines() {
  while read -r version home; do
    run_kind docker "$version" "$home" 10
  done < <(jdks)
}

without_engines() {
  local concurrency=60 # a minute once will do
  while read -r version home; do
    run_kind root "$version" "$home" "$concurrency"
    if [ -z "$only" ]; then
      run_kind installed "$version" "$home" "$concurrency"
    fi
    concurrency=10
  done < <(jdks)
  if [ -z "$only" ]; then
    machine
  fi
}

machine() {
  local status=0
  scripts/vm-test.sh --built >"$reports/vm" 2>&1 || status=$?
  # 77: no virtual machine can be made here.
  [ "$status" != 77 ] || status=0
  shown "a selection on another kernel, in a virtual machine" "$reports/vm" "$status"
}

: >"$reports/failed"
with_engines &
without_engines
wait
mapfile -t -O ${#failed[@]} failed <"$reports/failed"

say "counts"
total_passed=0 total_failed=0 total_skipped=0
add() { # name tests failed skipped
  printf '%-16s %5d passed, %d failed, %d skipped\n' "$1" $(($2 - $3 - $4)) "$3" "$4"
  total_passed=$((total_passed + $2 - $3 - $4))
  total_failed=$((total_failed + $3))
  total_skipped=$((total_skipped + $4))
  if [ "$2" = 0 ] && [ -z "$only" ]; then
    failed+=("$1 ran no test")
  fi
}
if [ -z "$only" ]; then
  read -r -a unit < <(scripts/count-tests.sh target/surefire-reports/TEST-*.xml)
  add unit "${unit[@]}"
  read -r -a stage < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$reports/stage")
  add stage $((${stage[0]:-0} + ${stage[1]:-0})) "${stage[1]:-0}" 0
fi
shopt -s nullglob
for report in "$reports"/*-*/TEST-junit-jupiter.xml "$reports"/vm-*/*/TEST-junit-jupiter.xml; do
  name=${report#"$reports/"}
  read -r -a one < <(scripts/count-tests.sh "$report")
  add "${name%/TEST-*}" "${one[@]}"
done
scripts/failed-tests.sh target/surefire-reports/TEST-*.xml "$reports"/*-*/TEST-junit-jupiter.xml \
  "$reports"/vm-*/*/TEST-junit-jupiter.xml
if [ -z "$only" ]; then
  sed -n 's/^vm-test: NOT RUN/no virtual machine/p' "$reports/vm"
fi

echo
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_passed" -gt 0 ] || failed+=("no test was run")
[ "$total_failed" = 0 ] || failed+=("$total_failed tests")
[ ${#failed[@]} = 0 ] || give_up "$(printf '%s; ' "${failed[@]}")"
echo "tests: OK"
