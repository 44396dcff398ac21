#!/bin/bash
# Times jnetns beside what one does without it, in one run: linking containers one by one with
# docker inspect and ln, and looking into all network namespaces with ip -all netns exec. As root,
# after a build, in a sandbox with a Docker engine of its own.
# Usage: bench-netns.sh [CONTAINERS [NAMESPACES]]    (100 and 500)
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
if [ -z "${JNS_SANDBOX-}" ]; then
  exec scripts/sandbox.sh "$0" "$@"
fi
containers=${1:-100}
namespaces=${2:-500}
few=$((containers / 10))
rounds=9
parent=/jnstools-bench-$(basename "$(mktemp -u)")
image=$(mktemp -d)

cleanup() {
  docker ps -aq | xargs -r docker rm -f >/dev/null
  kill "$engine"
  wait "$engine" || true
  rm -r "$image"
  for group in /sys/fs/cgroup"$parent" /sys/fs/cgroup/*"$parent"; do
    if [ -d "$group" ]; then rmdir "$group"; fi
  done
}

# Prints the milliseconds that a command takes: the least of some rounds, which is what it takes
# where nothing else runs, each after "fresh" and checked by "done_for N". A failure of any of them is the end.
milliseconds() { # n command...
  expected=$1
  shift
  for ((round = 0; round < rounds; round++)); do
    fresh
    start=$(date +%s%N)
    "$@" >"$image/output"
    echo $((($(date +%s%N) - start) / 1000))
    done_for "$expected"
  done | sort -n | awk 'NR == 1 { printf "%.1f\n", $1 / 1000 }'
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", a / b }'; }

dockerd --storage-driver overlay2 >/run/dockerd.log 2>&1 &
engine=$!
trap cleanup EXIT
until docker info >/dev/null 2>&1; do
  kill -0 "$engine" || { cat /run/dockerd.log >&2; exit 1; }
  sleep 0.2
done
# As an installation beside this engine has them.
scripts/build-archives.sh target
mkdir "$image/bin"
cp /bin/busybox "$image/bin/"
tar -C "$image" -c . | docker import - busybox >/dev/null
start_containers() { # first last
  for ((i = $1; i <= $2; i++)); do
    docker run -d --name "c$i" --network none --cgroup-parent "$parent" \
      busybox /bin/busybox sleep 1000000 >/dev/null
  done
}

equal() { # what found expected
  if [ "$2" != "$3" ]; then
    echo "bench-netns.sh: $2 $1, not $3" >&2
    exit 1
  fi
}

fresh() { rm -rf /run/netns; }
done_for() { # containers
  equal "links" "$(find /run/netns -type l | wc -l)" "$1"
  equal "links to namespaces" "$(stat -f -L -c %T /run/netns/* | grep -c nsfs)" "$1"
}
recipe() {
  mkdir -p /run/netns
  names=$(docker ps --format '{{.Names}}')
  for name in $names; do
    pid=$(docker inspect -f '{{.State.Pid}}' "$name")
    ln -sfn "/proc/$pid/ns/net" "/run/netns/$name"
  done
}
echo "links of containers, milliseconds (least of $rounds)"
start_containers 1 "$few"
sleep 5 # what the engine still has to do for new containers is not timed
ours_few=$(milliseconds "$few" scripts/jnetns link --all)
start_containers $((few + 1)) "$containers"
sleep 5
ours=$(milliseconds "$containers" scripts/jnetns link --all)
theirs=$(milliseconds "$containers" recipe)
printf '  %-40s %9s\n' \
  "$few: jnetns link --all" "$ours_few" \
  "$containers: jnetns link --all" "$ours" \
  "$containers: docker inspect and ln, in a loop" "$theirs" \
  "ratio" "$(ratio "$theirs" "$ours")" \
  "jnetns, per further container" \
  "$(awk -v a="$ours" -v b="$ours_few" -v n=$((containers - few)) 'BEGIN { printf "%.2f", (a - b) / n }')"

docker ps -aq | xargs docker rm -f >/dev/null
rm -rf /run/netns
fresh() { :; }
done_for() { # namespaces
  equal "addresses" "$(grep -o '"10\.0\.[0-9.]*"' "$image/output" | wc -l)" "$1"
}
for ((i = 1; i <= namespaces; i++)); do
  ip netns add "n$i"
  ip link add "v$i" type veth peer name eth0 netns "n$i"
  ip -n "n$i" addr add "10.0.$((i / 250)).$((i % 250 + 1))/16" dev eth0
done
echo "interfaces and addresses of $namespaces namespaces, milliseconds (least of $rounds)"
ours=$(milliseconds "$namespaces" scripts/jnetns list --json)
theirs=$(milliseconds "$namespaces" ip -all netns exec ip -j addr)
printf '  %-40s %9s\n' \
  "jnetns list --json" "$ours" \
  "ip -all netns exec ip -j addr" "$theirs" \
  "ratio" "$(ratio "$theirs" "$ours")"
