#!/bin/sh
# Prints the memory of a waiting "jnsenter -p" beside that of a waiting "nsenter -p", and the ratio.
# As root, after a build. kB, from /proc/PID/smaps_rollup; Pss counts a page shared by n as 1/n.
set -eu
cd "$(dirname "$0")/.."

unshare --kill-child --fork --pid --mount-proc sleep 1000000 &
container=$!
sleep 0.5
pid=$(cat "/proc/$container/task/$container/children")
# unshare holds TERM back while it waits; when it is gone, the kernel ends its child.
trap 'kill -KILL "$container"' EXIT

# Prints "Rss Pss" of a tool that waits for a program.
measure() {
  "$@" -p -t "${pid% }" sleep 3 &
  tool=$!
  sleep 1.5
  awk '/^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 } END { print rss, pss }' "/proc/$tool/smaps_rollup"
  wait "$tool"
}

ours=$(measure scripts/jnsenter)
theirs=$(measure nsenter)
printf '%-10s %8s %8s\n' "" "Rss kB" "Pss kB"
# shellcheck disable=SC2086 # two numbers
{
  printf '%-10s %8d %8d\n' jnsenter $ours
  printf '%-10s %8d %8d\n' nsenter $theirs
  set -- $ours $theirs
}
awk -v a="$1" -v b="$2" -v c="$3" -v d="$4" \
  'BEGIN { printf "%-10s %8.2f %8.2f\n", "ratio", a / c, b / d; exit a >= 1024 }' || {
  echo "jnsenter waits with 1 MiB or more" >&2
  exit 1
}
