#!/bin/sh
# Installs what is missing, from Debian's or Ubuntu's own packages; as root.
# Usage: install-needs.sh [build] [test] [vm]
#   build  a JDK (17 or newer), Maven, a C compiler with libc's headers, ps and unshare
#   test   what the tests use besides
#   vm     what a virtual machine for the tests needs
set -eu

missing=
need() { # command-or-file package
  if ! command -v "$1" >/dev/null && ! [ -e "$1" ]; then
    missing="$missing $2"
  fi
}

has_jdk() {
  for release in ${JAVA_HOME:+"$JAVA_HOME/release"} /usr/lib/jvm/*/release; do
    [ -x "${release%/release}/bin/javac" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
    [ "${version:-0}" -ge 17 ] && return 0
  done
  return 1
}

# The newest long-term JDK that this distribution has.
jdk_package() {
  for version in 25 21 17; do
    if apt-cache show "openjdk-$version-jdk-headless" >/dev/null 2>&1; then
      echo "openjdk-$version-jdk-headless"
      return
    fi
  done
  echo default-jdk-headless
}

# From Debian 13 on the client is a package of its own.
client_package() {
  if apt-cache show docker-cli >/dev/null 2>&1; then
    echo docker-cli
  else
    echo docker.io
  fi
}

jdk= client= browser=
for kind in "$@"; do
  case $kind in
    build)
      has_jdk || jdk=yes
      need mvn maven
      need cc gcc
      need /usr/include/stdio.h libc6-dev
      need unshare util-linux
      need ps procps
      need base64 coreutils
      ;;
    test)
      need ip iproute2
      need iptables iptables
      need nft nftables
      need setpriv util-linux
      need tmux tmux
      need strace strace
      need busybox busybox-static
      need dockerd docker.io
      need containerd containerd
      need runc runc
      need podman podman
      need /usr/lib/podman/netavark netavark
      command -v docker >/dev/null || client=yes
      need script bsdutils
      need systemd-analyze systemd
      need man man-db
      need zsh zsh
      need fish fish
      need dot graphviz
      command -v chromium >/dev/null || browser=yes
      ;;
    vm)
      need qemu-system-x86_64 qemu-system-x86
      need busybox busybox-static
      ;;
    *)
      echo "install-needs.sh: build, test and vm, not '$kind'" >&2
      exit 1
      ;;
  esac
done

[ -n "$missing$jdk$client$browser" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "install-needs.sh: missing:$missing ${jdk:+a JDK of version 17 or newer} ${client:+docker} ${browser:+chromium}; needs root and apt-get to install it" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q -q update
[ -z "$jdk" ] || missing="$missing $(jdk_package)"
[ -z "$client" ] || missing="$missing $(client_package)"
# Ubuntu has it as a snap only.
[ -z "$browser" ] || ! apt-cache show chromium >/dev/null 2>&1 || missing="$missing chromium"
# Nothing that is installed here is to start a service on this host.
policy=/usr/sbin/policy-rc.d
if ! [ -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
echo "installing:$missing"
# shellcheck disable=SC2086 # a list of packages
apt-get -q -q install --no-install-recommends -y $missing >/dev/null
