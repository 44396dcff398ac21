#!/bin/sh
# Prints "tests failed skipped" of reports in JUnit's XML, added up; a file that is not there counts
# as none.
# Usage: count-tests.sh FILE...
set -eu
grep -h -m 1 -o '<testsuite [^>]*' "$@" 2>/dev/null | awk '
  function value(name) {
    if (!match($0, " " name "=\"[0-9]+\"")) return 0
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0
  }
  { tests += value("tests"); failed += value("failures") + value("errors"); skipped += value("skipped") }
  END { print tests + 0, failed + 0, skipped + 0 }'
