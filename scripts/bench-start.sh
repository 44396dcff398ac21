#!/bin/bash
# Times how long commands take to start, in one run, one after the other and then all again: nsenter,
# docker exec, a JVM that prints "hello", and ours, on each JDK from 17 on that is installed. Prints
# medians, the CPU time of the process, the most memory that it held, and ratios; then what the
# waiting process holds. As root, after a build, in a sandbox with a Docker engine of its own, where
# one is installed. On a busy machine: chrt -r 1 scripts/bench-start.sh
# Usage: bench-start.sh [ROUNDS]    (40)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${JNS_SANDBOX-}" ]; then
  exec scripts/sandbox.sh "$0" "$@"
fi
rounds=${1:-40}
scratch=$(mktemp -d)
engine=
container=

cleanup() {
  # unshare holds TERM back while it waits; when it is gone, the kernel ends its child.
  [ -z "$container" ] || { kill -KILL "$container" && wait "$container" 2>/dev/null; } || true
  if [ -n "$engine" ]; then
    docker rm -f box >/dev/null
    kill "$engine"
    wait "$engine" || true
  fi
  rm -rf "$scratch"
}
trap cleanup EXIT

cc -O1 -static -o "$scratch/measure" native-tests/c/measure.c
cat >"$scratch/Hello.java" <<'END'
public class Hello {
  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
END

# The flags that the launcher gives a JDK, without its class path and archive.
launcher_flags() { # version
  mkdir -p "$scratch/fake/bin"
  printf 'JAVA_VERSION="%s"\n' "$1" >"$scratch/fake/release"
  # shellcheck disable=SC2016 # for that script
  printf '#!/bin/sh\nfor flag; do echo "$flag"; done\n' >"$scratch/fake/bin/java"
  chmod +x "$scratch/fake/bin/java"
  JAVA_HOME=$scratch/fake scripts/jnsenter | sed '/^-cp$/,$d; /^-XX:AOTCache/d; /^-XX:Shared/d'
}

# Each case is a line in "cases": name, ratio's base, the JDK, command.
: >"$scratch/cases"
jdk=none
add() { # name base command...
  printf '%s\t%s\t%s\t' "$1" "$2" "$jdk" >>"$scratch/cases"
  shift 2
  printf '%q ' "$@" >>"$scratch/cases"
  echo >>"$scratch/cases"
}

unshare --kill-child --fork --mount --pid --net --mount-proc sleep 1000000 &
container=$!
sleep 0.5
pid=$(cat "/proc/$container/task/$container/children")
pid=${pid% }
add nsenter nsenter nsenter -t "$pid" -n true

if command -v dockerd >/dev/null; then
  dockerd --storage-driver overlay2 >/run/dockerd.log 2>&1 &
  engine=$!
  until docker info >/dev/null 2>&1; do
    kill -0 "$engine" || { cat /run/dockerd.log >&2; exit 1; }
    sleep 0.2
  done
  mkdir -p "$scratch/image/bin"
  cp "$(command -v busybox)" "$scratch/image/bin/true"
  cp "$(command -v busybox)" "$scratch/image/bin/sleep"
  tar -C "$scratch/image" -c . | docker import - box >/dev/null
  docker run -d --name box --network none box /bin/sleep 1000000 >/dev/null
  add docker-exec docker-exec docker exec box true
fi
# As an installation beside this engine has them.
scripts/build-archives.sh target

seen=
for jdk in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
  [ -x "$jdk/bin/javac" ] && [ -r "$jdk/release" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")
  case " $seen " in *" $version "*) continue ;; esac
  [ "$version" -ge 17 ] || continue
  seen="$seen $version"
  mkdir "$scratch/$version"
  "$jdk/bin/javac" -d "$scratch/$version" "$scratch/Hello.java"
  mapfile -t flags < <(launcher_flags "$version")
  java=$jdk/bin/java
  add "hello/$version" "hello/$version" "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -XX:-UsePerfData -cp "$scratch/$version" Hello
  add "hello,our-flags/$version" "hello/$version" "$java" "${flags[@]}" -cp "$scratch/$version" Hello
  add "jnsenter-n/$version" "hello/$version" scripts/jnsenter -t "$pid" -n true
  # Its threads do not move to another processor; taskset itself is in it.
  add "jnsenter-n,pinned/$version" "hello/$version" taskset -c 0 scripts/jnsenter -t "$pid" -n true
  add "jnsenter-m-p/$version" "hello/$version" scripts/jnsenter -m -p -t "$pid" true
  add "jnetns-list/$version" "hello/$version" scripts/jnetns list
  add "jnsenter--help/$version" "hello/$version" scripts/jnsenter --help
done

for ((round = 0; round <= rounds; round++)); do
  while IFS=$'\t' read -r name _ jdk command; do
    # The first round finds files that are not in memory yet.
    if [ "$round" = 0 ]; then out=/dev/null; else out=$scratch/results; fi
    eval "JAVA_HOME=$jdk $scratch/measure '$name' $command" >>"$out"
  done <"$scratch/cases"
done

median() { # name column
  awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$scratch/results" | sort -n |
    awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }'
}
printf 'medians of %d rounds, milliseconds\n%-26s %8s %8s %9s %8s %12s\n' "$rounds" \
  "" time CPU "peak kB" "/ hello" "/ docker exec"
while IFS=$'\t' read -r name base _; do
  time=$(median "$name" 2)
  awk -v name="$name" -v time="$time" -v cpu="$(median "$name" 3)" -v peak="$(median "$name" 4)" \
    -v base="$(median "$base" 2)" -v docker="$(median docker-exec 2)" 'BEGIN {
      printf "%-26s %8.1f %8.1f %9d", name, time / 1000, cpu / 1000, peak
      printf name ~ /\// ? sprintf(" %8.2f", time / base) : sprintf(" %8s", "")
      printf docker ? sprintf(" %12.2f\n", time / docker) : "\n"
    }'
done <"$scratch/cases"

echo
scripts/bench-wait.sh
