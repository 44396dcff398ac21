#!/bin/sh
# Runs a command in mount, network, PID, cgroup, UTS and IPC namespaces of its own, with a fresh
# /proc, /run and /var/lib/docker, so that nothing it does reaches the host. All processes in it end
# with it. Usage: sandbox.sh COMMAND [ARGUMENT...]
set -eu
if [ "${JNS_SANDBOX-}" != 1 ]; then
  exec env JNS_SANDBOX=1 \
    unshare --kill-child --fork -m -n -p -C -u -i --mount-proc "$0" "$@"
fi
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /var/lib/docker
mount -t tmpfs tmpfs /var/lib/docker
ip link set lo up
"$@"
