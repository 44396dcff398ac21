#!/bin/sh
# Makes, for each command and each JDK from 17 on that is found, an archive of the classes that it
# uses, from training runs: a command then starts in half the time. One more is for --help. A JVM
# checks that an archive is of itself and of this jar, and does without it otherwise. The runs change
# nothing, but ask the container engines of this machine, as later runs will do.
# Usage: build-archives.sh HOME
#   HOME   where jnstools-commands.jar is; the archives go to HOME/archive
set -eu
home=$1
commands=$(dirname "$0")/commands
out=$home/archive
rm -rf "$out"
mkdir "$out"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
# A stage that the kernel does not execute: the run goes all the way, and still ends in this JVM.
for native in "$home"/native/linux-*; do
  mkdir -p "$scratch/native/${native##*/}"
  ln -s "$(realpath "$native")/libjnidispatch.so" "$scratch/native/${native##*/}"
  echo "no program" >"$scratch/native/${native##*/}/jnstools-stage"
done

train() { # name commands...
  if [ "$version" -ge 25 ]; then
    archive=$out/$1-$version.aot recording=-XX:AOTCacheOutput=$archive
  else
    archive=$out/$1-$version.jsa recording=-XX:ArchiveClassesAtExit=$archive
  fi
  shift
  # What training runs print, and that they fail, is of no interest; no archive is. No machine code
  # is put into it, though jnetns takes 3 ms more: JDK 25 runs it even where the processor lacks what
  # the one that it was made on has, on another machine of the same image.
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -XX:-UsePerfData "$recording" \
    -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching \
    -Djdk.reflect.useNativeAccessorOnly=true --enable-native-access=ALL-UNNAMED \
    -Djnstools.home="$scratch" -cp "$home/jnstools-commands.jar" io.github.jnstools.cli.Training \
    "$@" >"$scratch/out" 2>&1 || true
  if [ -s "$archive" ]; then
    chmod 644 "$archive"
  else
    echo "build-archives.sh: no archive $archive from $jdk, which costs time:" >&2
    tail -n 5 "$scratch/out" >&2
  fi
}

# The lines of the list of commands, as words for "train".
IFS='
'
set -f
names=$(sed -n 's/^\([a-z]*\) .*/\1/p' "$commands" | uniq)
runs() { sed -n "/^$1 /{s|PID|$$|; s|SCRATCH|$scratch|; p}" "$commands"; }

for jdk in ${JAVA_HOME:+"$JAVA_HOME"} $(find /usr/lib/jvm -mindepth 1 -maxdepth 1 | sort); do
  [ -x "$jdk/bin/java" ] && [ -r "$jdk/release" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")
  [ "${version:-0}" -ge 17 ] && [ -z "$(find "$out" -name "*-$version.*")" ] || continue
  # shellcheck disable=SC2046 # a word each line
  for name in $names; do
    train "$name" $(runs "$name")
  done
  # shellcheck disable=SC2046
  train help $(for name in $names; do echo "$name --help"; done)
done
