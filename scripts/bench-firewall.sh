#!/bin/bash
# Times jdocknet's model of the firewall on hosts that are made up, of growing size: reading the rules,
# comparing them with what the engine has, tracing a connection to a published port (the first, and
# the median of 200 more in the same JVM), and who reaches whom. Changes nothing; after a build, and
# scripts/build-native-tests.sh target/native-tests.
# Usage: bench-firewall.sh [CONTAINERS...]    (10 100 1000 5000)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then set -- 10 100 1000 5000; fi
echo "milliseconds; of each trace one connection"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx1g \
  -cp "target/classes:target/test-classes:target/jnstools-commands.jar" \
  io.github.jnstools.firewall.FirewallBenchMain "$@"
