#!/bin/sh
# Runs a command in mount, network, PID, cgroup, UTS and IPC namespaces of its own, with a fresh
# /proc and /run and fresh directories of the container engines, so that nothing it does reaches the
# host. All processes in it end with it. The command finds in JNS_SANDBOX the mount namespace that
# it is not in.
# Usage: sandbox.sh COMMAND [ARGUMENT...]
set -eu
if [ "${1-}" != --inside ]; then
  JNS_SANDBOX=$(readlink /proc/self/ns/mnt)
  export JNS_SANDBOX
  exec unshare --kill-child --fork -m -n -p -C -u -i --mount-proc "$0" --inside "$@"
fi
shift
if [ "$(readlink /proc/self/ns/mnt)" = "${JNS_SANDBOX?}" ] || [ "$$" != 1 ]; then
  echo "sandbox.sh: --inside is for itself" >&2
  exit 1
fi
mount --make-rprivate /
for directory in /run /var/lib/docker /var/lib/containerd /var/lib/containers /var/lib/cni \
  /var/cache/containers /etc/docker /etc/containerd /etc/containers/networks /etc/cni/net.d \
  /opt/containerd; do
  mkdir -p "$directory"
  mount -t tmpfs tmpfs "$directory"
done
ip link set lo up
"$@"
