#!/bin/bash
# Runs tests that need root in a throw-away virtual machine, on a stock kernel of Debian's: it sees
# this machine's files, read-only, and no network. With KVM where that works, or else emulated.
# Nothing is written but target/.
# Usage: vm-test.sh [--full] [--built] [--kernel RELEASE]
#   --full             all tests; without it a selection that takes some minutes
#   --built            what is built already is tested
#   --kernel RELEASE   another kernel than that below, such as 6.12.117+deb12-amd64
# Environment: VM_KERNEL_DEB is the file of the kernel's package, if it is not to be downloaded;
# VM_ACCEL is kvm or tcg, if that is not to be found out.
# Exit status: 0; 1 if a test fails or anything else, which says whether at boot, in the suite, or
# in its report; 77 if such a machine cannot be made here, with the reason.
set -euo pipefail
cd "$(dirname "$0")/.."
kernel=6.1.0-56-amd64
full= built=
while [ $# -gt 0 ]; do
  case $1 in
    --full) full=yes ;;
    --built) built=yes ;;
    --kernel)
      kernel=${2:?--kernel takes a release, as uname -r prints it}
      shift
      ;;
    *)
      echo "vm-test.sh: --full, --built and --kernel, not '$1'" >&2
      exit 1
      ;;
  esac
  shift
done
vm=$PWD/target/vm/$kernel
reports=$PWD/target/reports/vm-$kernel
boot_seconds=120

say() { printf '\n== %s\n' "$*"; }
give_up() { # part reason
  printf '\nvm-test: FAILED: %s: %s\n' "$1" "$2" >&2
  exit 1
}
cannot() {
  printf '\nvm-test: NOT RUN: %s\n' "$*" >&2
  exit 77
}

# ---- Rounds: name, kind, seconds, options of JUnit's console launcher.
rounds() {
  local tests=io.github.jnstools
  if [ -n "$full" ]; then
    cat <<ROUNDS
root root 9000 --scan-classpath=target/test-classes --exclude-classname=.*DifferentialRootTest
vm vm 1800 --scan-classpath=target/test-classes
docker docker 1800 -c=$tests.docker.DockerJnsenterTest -c=$tests.docker.DockerJnetnsLinkTest
cli root 1800 -c=$tests.JoinRootTest -c=$tests.cli.JnsEnterAllRootTest -m=$tests.cli.JnetnsRootTest#linksAndTellsWhatItDid -m=$tests.cli.JnetnsRootTest#tellsProgramsInJson -m=$tests.netns.NetnsPruneRootTest#theCommandSaysWhatItRemovesAndWhy -i=method:$tests.differential.DifferentialRootTest#comesToTheSame($tests.differential.Case)[0,20,40,60,80,100,120,140,160,170,180,190]
ROUNDS
  else
    cat <<ROUNDS
vm vm 900 --scan-classpath=target/test-classes
root root 900 -c=$tests.enter.LaunchRootTest -c=$tests.netns.NetnsPruneRootTest -m=$tests.cli.JnsEnterSignalsRootTest#forwardsSignals -m=$tests.cli.JnsEnterSignalsRootTest#killsTheProgramWhenItEnds -m=$tests.cli.JnsEnterUnprivilegedRootTest#entersWhatTheUserOwns
ROUNDS
  fi
}

# ---- What is needed.
if [ "$(id -u)" = 0 ]; then
  scripts/install-needs.sh build test vm || cannot "packages could not be installed"
fi
for tool in qemu-system-x86_64 busybox dpkg-deb; do
  command -v "$tool" >/dev/null || cannot "there is no $tool; scripts/install-needs.sh vm installs it"
done
if ldd /bin/busybox >/dev/null 2>&1; then
  cannot "busybox needs shared libraries, which an initramfs has not; install busybox-static"
fi
case $PWD in
  *[[:space:]]*) cannot "a path with blanks, '$PWD', cannot be a parameter of a kernel" ;;
esac
if [ -z "$built" ]; then
  mvn -B -q -Dstyle.color=never package -DskipTests || give_up build "its messages are above"
  scripts/build-native-tests.sh target/native-tests
fi
scripts/build-vm.sh "$kernel" "$vm" ||
  cannot "no package of the kernel $kernel; VM_KERNEL_DEB may name its file"

# A /dev/kvm that can be opened proves nothing: a virtual machine may have one that runs no stock
# kernel.
accel=${VM_ACCEL-}
if [ -z "$accel" ]; then
  if [ -w /dev/kvm ] && grep -q -w -E 'vmx|svm' /proc/cpuinfo; then accel=kvm; else accel=tcg; fi
fi
case $accel in
  kvm) machine=(-accel kvm -cpu host -smp 2) slow=1 ;;
  # Two emulated processors take three times the time for a JVM, and lose a race with HotSpot's
  # patching of compiled code: every other JVM that ran for long crashed. Instructions that this one
  # has not, such as those of AVX, are emulated more slowly than what is done without them.
  tcg) machine=(-accel tcg -cpu Nehalem -smp 1) slow=20 ;;
  *) give_up boot "VM_ACCEL is kvm or tcg, not '$accel'" ;;
esac

# ---- The machine. All that it may write of this one is the report directory.
rm -rf "$reports"
mkdir -p "$reports"
rounds >"$reports/rounds"
: >"$reports/output"
seconds=$(awk '{ sum += $3 } END { print sum }' "$reports/rounds")
append=(
  "JNS_PROJECT=$PWD" "JNS_REPORTS=$reports" "JNS_MODULES=$vm/lib/modules/$kernel" "JNS_SLOW=$slow"
  ${JAVA_HOME:+"JAVA_HOME=$JAVA_HOME"} JNS_VM=yes "JNS_MUST_RUN=root,docker,vm"
  console=ttyS0 loglevel=4 panic=-1 nokaslr mitigations=off no_timer_check tsc=reliable apparmor=0
  cgroup_no_v1=all random.trust_cpu=on rcupdate.rcu_expedited=1 rcupdate.rcu_cpu_stall_suppress=1
  nowatchdog
)
say "$(wc -l <"$reports/rounds") rounds on Linux $kernel, $accel"
started=$SECONDS
# It ends with this script, whatever ends that, and in bounds, whatever it does.
setpriv --pdeathsig KILL timeout --kill-after=5 $((boot_seconds + seconds)) \
  setpriv --pdeathsig KILL qemu-system-x86_64 -M pc "${machine[@]}" -m 4096 \
  -nodefaults -no-user-config -nic none -display none -no-reboot \
  -kernel "$vm/vmlinuz" -initrd "$vm/initramfs" -append "${append[*]}" \
  -serial "file:$reports/console" -device virtio-rng-pci \
  -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
  -virtfs "local,path=$reports,mount_tag=reports,security_model=none,multidevs=remap" \
  </dev/null >"$reports/qemu" 2>&1 &
qemu=$!
while kill -0 "$qemu" 2>/dev/null && ! [ -s "$reports/booted" ]; do
  if [ $((SECONDS - started)) -gt "$boot_seconds" ]; then
    kill "$qemu"
  fi
  sleep 0.2
done
if ! [ -s "$reports/booted" ]; then
  tail -n 30 "$reports/qemu" "$reports/console" >&2
  give_up boot "no first process after $((SECONDS - started)) s; what the kernel wrote is above"
fi
echo "booted Linux $(cat "$reports/booted") in $((SECONDS - started)) s"
tail -n +1 -f --pid="$qemu" "$reports/output"
status=0
wait "$qemu" || status=$?

# ---- What came of it.
say "counts on Linux $kernel"
failed=()
while read -r name _ _ _; do
  read -r tests wrong skipped < <(scripts/count-tests.sh "$reports/$name/TEST-junit-jupiter.xml")
  read -r result uptime < <(cat "$reports/$name.status" 2>/dev/null || echo none)
  printf '%-16s %5d passed, %d failed, %d skipped, after %s s\n' \
    "$name" $((tests - wrong - skipped)) "$wrong" "$skipped" "${uptime:-no}"
  case $result in
    0) [ $((tests - skipped)) -gt 0 ] || failed+=("report: $name ran no test") ;;
    none) failed+=("suite: $name did not end (qemu: $status)") ;;
    137) failed+=("suite: $name ran out of time") ;;
    *) failed+=("suite: $name failed") ;;
  esac
done <"$reports/rounds"
if [ ${#failed[@]} -gt 0 ]; then
  printf '\nvm-test: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "vm-test: OK: $(wc -l <"$reports/rounds") rounds on Linux $kernel"
