#!/bin/sh
# Installs what the build has made, for all users: commands, pages of the manual, completion, a
# systemd unit, and archives of classes for the JDKs that are installed. Run it again after a change
# of jnstools or of a JDK: it replaces what is there.
# Usage: install.sh [--prefix DIRECTORY] [--uninstall]
#   --prefix DIRECTORY   where to; /usr/local
#   --uninstall          take all of it away again
#   --stage DIRECTORY    put it below DIRECTORY, for a package, and leave the archives to that
set -eu
umask 022

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

prefix=/usr/local stage='' uninstall=
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) prefix=${2?install.sh: --prefix takes a directory} && shift ;;
    --prefix=*) prefix=${1#*=} ;;
    --stage) stage=${2?install.sh: --stage takes a directory} && shift ;;
    --uninstall) uninstall=yes ;;
    *) fail "there is --prefix, --uninstall and --stage, not '$1'" ;;
  esac
  shift
done
prefix=${prefix%/}
case $prefix in
  /*) ;;
  *) fail "--prefix takes an absolute path, not '$prefix'" ;;
esac
case $prefix in *[!A-Za-z0-9/._+-]*) fail "--prefix '$prefix': no other characters than A-Za-z0-9/._+-" ;; esac
[ -n "$stage" ] || [ "$(id -u)" = 0 ] || fail "run as root: what root executes has to be root's"

root=$stage$prefix
home=$root/lib/jnstools
# What has been installed, a line each: files first, then the directories that were not there before.
list=$home/installed

remove() {
  [ -f "$list" ] || return 0
  installed=$(cat "$list")
  rm -rf "$home"
  for path in $installed; do
    if [ -d "$path" ]; then
      # Somebody else may have something there by now.
      rmdir "$path" 2>/dev/null || true
    else
      rm -f "$path"
    fi
  done
}

if [ -n "$uninstall" ]; then
  [ -f "$list" ] || fail "nothing is installed in $prefix"
  if [ -d /run/systemd/system ]; then systemctl disable --now jnetns-watch 2>/dev/null || true; fi
  remove
  exit 0
fi

cd "$(dirname "$0")/.."
case $(uname -m) in
  x86_64) native=linux-x86-64 ;;
  *) native=linux-$(uname -m) ;;
esac
for needed in jnstools-commands.jar jnstools-launcher "native/$native/jnstools-stage"; do
  [ -f "target/$needed" ] || fail "target/$needed is not there; build it: mvn package"
done
commands=$(sed -n 's/^\([a-z]*\) .*/\1/p' scripts/commands | uniq)

if [ -z "$stage" ]; then
  remove
elif [ -e "$stage" ]; then
  fail "$stage is there already"
fi
files='' directories=
make_directory() {
  [ -d "${1:-/}" ] || {
    make_directory "${1%/*}"
    mkdir "$1"
    directories="$1
$directories"
  }
}
put() { # mode directory file...
  mode=$1 directory=$2
  shift 2
  for file; do
    # Of what the build does not make there is none.
    [ -f "$file" ] || continue
    make_directory "$directory"
    install -m "$mode" "$file" "$directory"
    files="$files$directory/${file##*/}
"
  done
}

put 644 "$home" target/jnstools-commands.jar scripts/commands
put 755 "$home" scripts/build-archives.sh target/jnstools-launcher
put 644 "$home/native/$native" "target/native/$native/libjnidispatch.so" \
  "target/native/$native/jnstools-stage"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
make_directory "$root/bin"
for command in $commands; do
  ln -sfn ../lib/jnstools/jnstools-launcher "$root/bin/$command"
  files="$files$root/bin/$command
"
done
for unit in scripts/*.service; do
  sed "/^# Install/,/^# systemctl/d; s|/usr/local/bin/|$prefix/bin/|" "$unit" >"$scratch/${unit##*/}"
  put 644 "$root/lib/systemd/system" "$scratch/${unit##*/}"
done
put 644 "$root/share/man/man1" target/man/*.1
put 644 "$root/share/bash-completion/completions" target/completion/bash/*
put 644 "$root/share/zsh/site-functions" target/completion/zsh/*
put 644 "$root/share/fish/vendor_completions.d" target/completion/fish/*
[ -z "$stage" ] || exit 0
printf '%s%s' "$files" "$directories" >"$list"
"$home/build-archives.sh" "$home"
