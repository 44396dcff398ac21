#!/bin/sh
# Installs what is missing, builds jnstools, and shows its main job on a throw-away container that
# it makes itself: no Docker needed. As root, on Debian or Ubuntu. Safe to run again.
set -eu
cd "$(dirname "$0")/.."

fail() {
  printf '\nquickstart: FAILED: %s\n' "$*" >&2
  exit 1
}
say() { printf '\n== %s\n' "$*"; }
# Shows a command, then keeps what it prints in a file.
run_into() {
  file=$1
  shift
  printf '$ %s\n' "$*"
  "$@" >"$file"
}

[ "$(id -u)" = 0 ] || fail "run as root: entering namespaces needs CAP_SYS_ADMIN"

say "what the build needs"
scripts/install-needs.sh build || fail "packages could not be installed"

say "build"
mvn -B -q -Dstyle.color=never package -DskipTests || fail "the build; its messages are above"

say "a container: new mount, PID, network, UTS and IPC namespaces"
scratch=$(mktemp -d)
container=
cleanup() {
  # unshare holds TERM back while it waits; when it is gone, the kernel ends the container.
  [ -z "$container" ] || kill -KILL "$container" || true
  rm -rf "$scratch"
}
trap cleanup EXIT
unshare --kill-child --fork --mount --pid --net --uts --ipc --mount-proc \
  sh -c 'hostname box; sleep 1000000 & echo ready >"$1"; exec sleep 1000000' sh "$scratch/ready" &
container=$!
tries=0
until [ -s "$scratch/ready" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 100 ] && kill -0 "$container" 2>/dev/null || fail "the container did not start"
  sleep 0.1
done
pid=$(cat "/proc/$container/task/$container/children")
pid=${pid% }
echo "its first process is $pid here, and 1 there"

say "the main job: its processes, and nothing else"
run_into "$scratch/top" scripts/jnsenter -m -p -t "$pid" top -b -n 1
cat "$scratch/top"

say "beside it, what -p alone shows: /proc is still this host's"
if run_into "$scratch/ps-host" scripts/jnsenter -p -t "$pid" ps -e; then
  sed -n '1,6p' "$scratch/ps-host"
  echo "... $(wc -l <"$scratch/ps-host") lines"
  grep -q unshare "$scratch/ps-host" || fail "-p alone should have shown this host's processes"
else
  echo "ps looks for its own pid there, and there is no process of that number"
fi

say "this host's programs, with a fresh /proc of the container"
run_into "$scratch/ps" scripts/jnsenter --mount-proc -t "$pid" ps -e -o pid,args
cat "$scratch/ps"

# The container has two sleeps and the program.
[ "$(grep -c ' sleep' "$scratch/ps")" = 2 ] && [ "$(wc -l <"$scratch/ps")" = 4 ] ||
  fail "the container should show two sleeps and ps"
[ "$(grep -c ' sleep *$' "$scratch/top")" = 2 ] || fail "top should show the container's two sleeps"
printf '\nquickstart: OK: %s\n' "try: scripts/jnsenter --help"
