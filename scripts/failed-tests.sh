#!/bin/sh
# Prints a line for each test that failed, by reports in JUnit's XML: where, which, and the start of
# what it said.
# Usage: failed-tests.sh FILE...
set -eu
awk '
  function value(name, text) {
    if (!match($0, "[ <]" name "=\"[^\"]*")) return ""
    text = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
    return substr(text, 1, 400)
  }
  /<testcase / { test = value("classname") "." value("name") }
  /<(failure|error)[ >]/ { print FILENAME ": " test ": " value("message") }' "$@" </dev/null
