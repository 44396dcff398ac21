#!/bin/bash
# Makes what a virtual machine for the tests is booted from: a stock kernel of Debian's, those of
# its modules that can be of use without hardware, and an initramfs. The package is downloaded,
# unless VM_KERNEL_DEB is its file; what a former run has made of it is used again.
# Usage: build-vm.sh RELEASE DIRECTORY
#   RELEASE     as uname -r prints it
#   DIRECTORY   where the files vmlinuz and initramfs and the modules go
set -euo pipefail
cd "$(dirname "$0")/.."
release=$1 out=$2
modules=$out/lib/modules/$release

unpack() {
  local new=$out.new package=${VM_KERNEL_DEB-}
  rm -rf "$out" "$new"
  mkdir -p "$new"
  if [ -z "$package" ]; then
    (cd "$new" && timeout 300 apt-get -q -q -o APT::Sandbox::User=root download "linux-image-$release")
    package=$(echo "$new"/*.deb)
  fi
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$new" --wildcards \
    "./boot/vmlinuz-$release" "./lib/modules/$release/modules.*" \
    "./lib/modules/$release/kernel/"{crypto,fs,lib,net,drivers/net,drivers/virtio} \
    "./lib/modules/$release/kernel/drivers/char/hw_random" \
    --exclude="./lib/modules/$release/kernel/drivers/net/"{ethernet,wireless}
  rm -f "$new"/*.deb
  mv "$new/boot/vmlinuz-$release" "$new/vmlinuz"
  rmdir "$new/boot"
  find "$new/lib" -name '*.ko.xz' -exec busybox unxz {} +
  busybox depmod -b "$new" "$release"
  mv "$new" "$out"
}

# What the root file system is made with, where it is a module, and what that depends on.
early_modules() {
  grep -E '/(virtio_pci|virtio-rng|9pnet_virtio|9p|overlay)\.ko:' "$modules/modules.dep" |
    tr -d : | tr ' ' '\n' | sort -u
}

[ -d "$out" ] || unpack
root=$out/initramfs.new
rm -rf "$root"
mkdir -p "$root/bin" "$root/lib/modules/$release"
early_modules | (cd "$modules" && xargs cp -t "$root/lib/modules/$release")
cp "$modules/modules.builtin" "$root/lib/modules/$release"
busybox depmod -b "$root" "$release"
cp native-tests/vm/init "$root/"
cp /bin/busybox "$root/bin/"
for applet in sh mkdir mount modprobe uname switch_root; do
  ln -s busybox "$root/bin/$applet"
done
(cd "$root" && find . | busybox cpio -o -H newc -R 0:0 2>/dev/null) >"$out/initramfs"
rm -r "$root"
