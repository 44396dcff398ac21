#!/bin/bash
# Runs tests of jdocknet beside the Docker engines of other releases of Debian: real connections,
# and allow-lists. Each engine, with the iptables that it is made for, is unpacked below target/ and
# run from there by chroot(8), in a sandbox. As root, after a build and
# scripts/build-native-tests.sh target/native-tests; each release is a download of some 150 MB.
# Usage: test-generations.sh [RELEASE...]    (trixie sid)
set -euo pipefail
cd "$(dirname "$0")/.."
tests=io.github.jnstools.docker
programs=(dockerd docker iptables ip6tables iptables-save ip6tables-save iptables-restore
  ip6tables-restore nft)

if [ $# -eq 0 ]; then set -- trixie sid; fi
command -v mmdebstrap >/dev/null || {
  echo "test-generations.sh: there is no mmdebstrap; apt-get install mmdebstrap" >&2
  exit 1
}

unpack() { # release root
  mkdir -p "${2%/*}"
  rm -rf "$2.new"
  # A mirror may hold an old state of it.
  mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=docker.io,docker-cli,containerd,runc,iptables,nftables,iproute2,procps "$1" "$2.new"
  mv "$2.new" "$2"
}

failed=()
for release in "$@"; do
  root=$PWD/target/generations/$release
  tools=$root-tools
  [ -d "$root" ] || unpack "$release" "$root"
  rm -rf "$tools"
  mkdir -p "$tools"
  for program in "${programs[@]}"; do
    ln -s "$PWD/native-tests/generations/in-root" "$tools/$program"
  done
  printf '\n== %s: %s\n' "$release" "$(dpkg-query --admindir="$root/var/lib/dpkg" \
    -W -f='${Package} ${Version}  ' docker.io iptables)"
  env PATH="$tools:$PATH" JNS_GENERATION="$root" JNS_MUST_RUN=docker scripts/native-tests.sh \
    docker "target/reports/generation-$release" 1800 --details=tree --details-theme=ascii \
    -c="$tests.DockerConnectionsTest" -c="$tests.DockerJdocknetAllowTest" ||
    failed+=("$release")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf '\ntest-generations.sh: FAILED: %s\n' "${failed[*]}" >&2
  exit 1
fi
