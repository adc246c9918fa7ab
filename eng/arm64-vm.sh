#!/usr/bin/env bash
# Prints a folder with a virtual device: an arm64 Debian 12 with systemd and podman, as a Raspberry Pi has them. Makes it first where it is not
# there yet (a minute, and 300 MB in the cache).
#
#   eng/arm64-vm.sh
#
#   FOLDER/boot PAYLOAD CONSOLE [QEMU OPTION]...   boots it, until it powers itself off
#
#     PAYLOAD   a tar archive: it is unpacked in the guest's /run/payload, and run.sh of it is run as root, after which the guest powers off
#     CONSOLE   a file that gets what the guest says on its console, and so what run.sh says
#
# The guest's disk is as new at each boot. Its network is qemu's user network: this machine's 127.0.0.1 is 10.0.2.2 there.
# Everything is emulated, so that it runs where no hardware virtualization is. qemu and what makes the disk are installed where they are missing (as
# root, or with sudo). Progress and errors go to stderr. Safe to run many times at once.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive LC_ALL=C

readonly cache="${HARMONY_FLEET_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set it or HARMONY_FLEET_CACHE}/.cache}/harmony-fleet}/arm64-vm"
readonly here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
. "$here/lib/install.sh"
. "$here/lib/archive.sh"

missing_packages() {
  have qemu-system-aarch64 || echo qemu-system-arm
  have mke2fs || echo e2fsprogs
  have depmod || echo kmod
  have cpio || echo cpio
}
read -r -a missing < <(missing_packages | tr '\n' ' ') || true
[ ${#missing[@]} -eq 0 ] || install_missing "${missing[@]}"

# What it is made of: whoever changes it gets another one.
readonly made="$cache/$(cat "${BASH_SOURCE[0]}" "$here/lib/archive.sh" | sha256sum | cut -c 1-16)"
if [ -d "$made" ]; then
  printf '%s\n' "$made"
  exit 0
fi
mkdir -p "$cache" || die "$cache cannot be made: choose another folder with HARMONY_FLEET_CACHE"
exec 9> "$cache/.lock"
flock 9
if [ -d "$made" ]; then
  printf '%s\n' "$made"
  exit 0
fi
rm -rf "$cache"/.making.*
# Another state of the sources may still use what was made for it.
find "$cache" -mindepth 1 -maxdepth 1 -name '[0-9a-f]*' -mtime +14 -exec rm -rf {} +
work="$(mktemp -d "$cache/.making.XXXXXX")"
trap 'rm -rf "$work"' EXIT
readonly guest="$work/root"

say "Fetching an arm64 Debian ..."
unpack_packages "$guest" arm64 bookworm linux-image-cloud-arm64 base-files base-passwd bash busybox-static ca-certificates coreutils dash dbus diffutils dpkg \
  findutils gawk grep gzip hostname libc-bin init-system-helpers iproute2 iptables kmod libssl3 login mount netavark aardvark-dns passwd podman crun procps sed \
  systemd systemd-sysv tar udev util-linux || { tail -n 5 "$work/log" >&2; die "the packages for arm64 could not be fetched: see apt's words above; check the network and $apt_etc"; }

# ---- what the packages' own scripts would have done ----
say "Making its disk ..."
cp "$guest/usr/share/base-passwd/passwd.master" "$guest/etc/passwd"
cp "$guest/usr/share/base-passwd/group.master" "$guest/etc/group"
link() { ln -sf "$1" "$guest/$2"; }
link dash usr/bin/sh
link gawk usr/bin/awk
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do link xtables-nft-multi "usr/sbin/$name"; done
link ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf
: > "$guest/etc/machine-id"
echo device > "$guest/etc/hostname"
printf '127.0.0.1 localhost device\n' > "$guest/etc/hosts"
printf '[network]\nnetwork_backend = "netavark"\n' > "$guest/etc/containers/containers.conf"
rm -f "$guest"/etc/cni/net.d/*
printf '/dev/vda / ext4 defaults,noatime 0 1\n' > "$guest/etc/fstab"
printf '[Match]\nName=e*\n\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\n' > "$guest/etc/systemd/network/10-qemu.network"
cat > "$guest/etc/systemd/system/payload.service" <<'UNIT'
[Unit]
Description=What the virtual device is for
After=multi-user.target network.target

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mkdir /run/payload && tar -xf /dev/vdb -C /run/payload && sh /run/payload/run.sh; systemctl --no-block poweroff'
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
UNIT
mkdir -p "$guest/etc/systemd/system/multi-user.target.wants"
link /etc/systemd/system/payload.service etc/systemd/system/multi-user.target.wants/payload.service
link /lib/systemd/system/systemd-networkd.service etc/systemd/system/multi-user.target.wants/systemd-networkd.service
# Nobody logs in, and nothing but the payload shall be done.
for unit in serial-getty@ttyAMA0.service getty@tty1.service podman-auto-update.timer podman-restart.service e2scrub_reap.service fstrim.timer apt-daily.timer; do
  link /dev/null "etc/systemd/system/$unit"
done

# ---- kernel and initramfs ----
version="$(basename "$guest"/usr/lib/modules/*)"
depmod -b "$guest" "$version" || die "depmod failed"
cp "$guest/boot/vmlinuz-$version" "$work/kernel"
mkdir -p "$work/initramfs/bin" "$work/initramfs"/{dev,proc,root,modules}
cp "$guest/usr/bin/busybox" "$work/initramfs/bin/busybox"
order=0
insert() {
  local line="$(grep -E "(^|/)$1\.ko(\.[a-z]+)?:" "$guest/usr/lib/modules/$version/modules.dep" || true)" file
  # A module that is not there is built into the kernel. What it depends on comes first.
  for file in $(printf '%s\n' "${line#*:}" | tr ' ' '\n' | tac) ${line%%:*}; do
    order=$((order + 1))
    cp "$guest/usr/lib/modules/$version/$file" "$work/initramfs/modules/$(printf '%02d' "$order")-${file##*/}"
  done
}
for module in virtio_pci virtio_mmio virtio_blk crc32c_generic ext4; do insert "$module"; done
cat > "$work/initramfs/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox mount -t proc none /proc
for module in /modules/*; do /bin/busybox insmod "$module" 2> /dev/null; done
/bin/busybox mount -t ext4 /dev/vda /root
/bin/busybox mount --move /dev /root/dev
/bin/busybox umount /proc
exec /bin/busybox switch_root /root /lib/systemd/systemd
INIT
chmod 755 "$work/initramfs/init"
(cd "$work/initramfs" && find . -print0 | sort -z | cpio --quiet -0 -o -H newc -R 0:0 | gzip -1) > "$work/initrd"

# ---- the disk ----
rm -rf "$guest"/usr/share/{doc,man,locale,info} "$guest"/boot/*
truncate -s 3G "$work/disk"
mke2fs -q -t ext4 -O ^has_journal -E root_owner=0:0 -d "$guest" "$work/disk" >> "$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; die "mke2fs could not make the disk"; }
mkdir "$work/made"
mv "$work/kernel" "$work/initrd" "$work/disk" "$work/made/"
cat > "$work/made/boot" <<'BOOT'
#!/bin/sh
# boot PAYLOAD CONSOLE [QEMU OPTION]...
here="$(dirname "$(readlink -f "$0")")"
payload="$1" console="$2"
shift 2
exec qemu-system-aarch64 -M virt -cpu cortex-a72 -smp 2 -m 1024 -accel tcg,thread=multi,tb-size=256 -display none -monitor none -nodefaults -no-reboot \
  -serial "file:$console" -kernel "$here/kernel" -initrd "$here/initrd" \
  -append "console=ttyAMA0 root=/dev/vda rw mitigations=off quiet systemd.show_status=0 systemd.log_level=warning" \
  -drive "file=$here/disk,format=raw,if=none,id=disk,snapshot=on,cache=unsafe" -device virtio-blk-pci,drive=disk,romfile= \
  -drive "file=$payload,format=raw,if=none,id=payload,readonly=on" -device virtio-blk-pci,drive=payload,romfile= \
  -device virtio-rng-pci,romfile= "$@"
BOOT
chmod 755 "$work/made/boot"
mv -T "$work/made" "$made"
printf '%s\n' "$made"
