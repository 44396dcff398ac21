#!/bin/bash
# Installs what the tests need, builds, and runs all tests: as root, on Debian or Ubuntu. The tests
# that need root run in namespaces of their own. Safe to run again.
# Usage: test.sh [--only PATTERN]
#   --only PATTERN   just the root and docker tests whose class name contains it
set -euo pipefail
cd "$(dirname "$0")/.."
project=$PWD
only=
if [ "${1-}" = --only ]; then
  only=${2:?--only takes a pattern of class names}
fi
reports=target/reports
launcher=org.junit.platform.console.ConsoleLauncher

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
mkdir -p target/native-tests "$reports"
flags="-std=c11 -Wall -Wextra -Werror -g"
# shellcheck disable=SC2086 # several flags
{
  cc $flags -O1 -static -o target/native-tests/probe native-tests/c/probe.c
  cc $flags -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
    -o target/native-tests/stage-sanitized src/main/c/stage.c
  cc $flags -o target/native-tests/stage-test native-tests/c/stage_test.c
}
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
# The counts of a run are in its report; a run without a report has failed.
run_kind() { # kind version home
  local tag=$1 classes=".*(${only:-Test}).*" commands=$project/scripts before=:
  if [ "$1" = installed ]; then
    tag=root classes=".*DifferentialRootTest" commands=/run/installed/bin
    before="scripts/install.sh --prefix /run/installed"
  fi
  # Elsewhere than where the oracle is the one compared with, those tests may be skipped.
  # shellcheck disable=SC2016 # the inner shell's arguments
  env JAVA_HOME="$3" JNS_MUST_RUN="$tag${CI:+,oracle}" scripts/sandbox.sh \
    sh -c "$before"' && exec "$@"' sh timeout --signal=KILL 900 \
    "$3/bin/java" -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED \
    -Djnstools.project="$project" -Djnstools.commands="$commands" \
    -Djnstools.concurrency.seconds="$concurrency" \
    -cp "target/jnstools.jar:target/test-classes:target/test-lib/*" $launcher execute \
    --disable-banner --disable-ansi-colors --details=tree --details-theme=ascii \
    --include-tag="$tag" --scan-classpath=target/test-classes --include-classname="$classes" \
    --reports-dir="$reports/$1-$2" </dev/null || failed+=("$1 on JDK $2")
}

concurrency=60 # a minute once will do
while read -r version home; do
  for kind in root docker installed; do
    if [ "$kind" = installed ] && [ -n "$only" ]; then continue; fi
    say "$kind tests on JDK $version, in a sandbox"
    run_kind "$kind" "$version" "$home"
  done
  concurrency=10
done < <(jdks)

say "counts"
# Prints "tests failed skipped" of a report file.
count() {
  grep -m 1 -o '<testsuite [^>]*' "$1" 2>/dev/null | awk '
    function value(name) {
      if (!match($0, " " name "=\"[0-9]+\"")) return 0
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0
    }
    { print value("tests"), value("failures") + value("errors"), value("skipped"); found = 1 }
    END { if (!found) print "0 0 0" }'
}
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
  total=(0 0 0)
  for file in target/surefire-reports/TEST-*.xml; do
    read -r -a one < <(count "$file")
    for i in 0 1 2; do total[i]=$((total[i] + one[i])); done
  done
  add unit "${total[@]}"
  read -r -a stage < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$reports/stage")
  add stage $((${stage[0]:-0} + ${stage[1]:-0})) "${stage[1]:-0}" 0
fi
for directory in "$reports"/*-*/; do
  read -r -a one < <(count "$directory"/TEST-junit-jupiter.xml)
  add "$(basename "$directory")" "${one[@]}"
done

echo
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_passed" -gt 0 ] || failed+=("no test was run")
[ "$total_failed" = 0 ] || failed+=("$total_failed tests")
[ ${#failed[@]} = 0 ] || give_up "$(printf '%s; ' "${failed[@]}")"
echo "tests: OK"
