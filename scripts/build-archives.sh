#!/bin/sh
# Makes, for each command and each JDK from 17 on that is found, an archive of the classes that it
# uses, from a training run: a command then starts some 35 ms sooner. A JVM checks that an archive
# is of itself and of this jar, and does without it otherwise.
# Usage: build-archives.sh HOME
#   HOME   where jnstools.jar is; the archives go to HOME/archive
set -eu
home=$1
out=$home/archive
rm -rf "$out"
mkdir "$out"
scratch=$(mktemp -d)
: >"$scratch/socket"
trap 'rm -rf "$scratch"' EXIT

train() { # archive command argument...
  archive=$1
  shift
  # What a training run prints, and that it may fail for want of privileges, is of no interest; no
  # archive is.
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -XX:-UsePerfData -Xlog:disable \
    -XX:ArchiveClassesAtExit="$archive" -Djnstools.home="$home" -jar "$home/jnstools.jar" "$@" \
    >"$scratch/out" 2>&1 || true
  [ -s "$archive" ] || {
    echo "build-archives.sh: no archive from $jdk:" >&2
    cat "$scratch/out" >&2
    exit 1
  }
  chmod go-w "$archive"
}

for jdk in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
  [ -x "$jdk/bin/java" ] && [ -r "$jdk/release" ] || continue
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")
  [ "${version:-0}" -ge 17 ] && ! [ -e "$out/jnetns-$version.jsa" ] || continue
  train "$out/jnsenter-$version.jsa" jnsenter -t $$ -n -m -p --explain true
  # Nobody listens there, but it is asked.
  export DOCKER_HOST="unix://$scratch/socket"
  train "$out/jnetns-$version.jsa" jnetns --netns-dir "$scratch/netns" link --force $$ docker:trained
done
