#!/usr/bin/env bash
# Prints a folder with which programs for arm64 run on this machine, whatever its own architecture; makes it first where it is not there yet.
#
#   eng/arm64-root.sh
#
#   FOLDER/run           runs an arm64 program with its arguments: it finds the libraries of FOLDER/root
#   FOLDER/root          an arm64 Debian 12 with what the agent needs: the C library, OpenSSL, certificates
#
# It is qemu's user mode, asked for by name: the kernel of the machine is told nothing (no binfmt_misc). Nothing is installed, no root is needed:
# the packages are unpacked in the cache. Progress and errors go to stderr. Safe to run many times at once.
set -euo pipefail

readonly cache="${HARMONY_FLEET_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set it or HARMONY_FLEET_CACHE}/.cache}/harmony-fleet}/arm64-root"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
readonly here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/lib/archive.sh"

# What it is made of: whoever changes it gets another one.
readonly target="$cache/$(cat "${BASH_SOURCE[0]}" "$here/lib/archive.sh" | sha256sum | cut -c 1-16)"

if [ ! -d "$target" ]; then
  for tool in apt-get dpkg-deb flock awk; do
    command -v "$tool" > /dev/null || die "$tool is missing: this script works on Debian 12 or 13"
  done
  mkdir -p "$cache" || die "$cache cannot be made: choose another folder with HARMONY_FLEET_CACHE"
  exec 9> "$cache/.lock"
  flock 9
fi
if [ ! -d "$target" ]; then
  rm -rf "$cache"/.fetch.*
  # Another state of the sources may still use what was made for it.
  find "$cache" -mindepth 1 -maxdepth 1 -name '[0-9a-f]*' -mtime +14 -exec rm -rf {} +
  work="$(mktemp -d "$cache/.fetch.XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  say "Fetching an arm64 Debian and qemu ..."
  unpack_packages "$work/tree/root" arm64 bookworm libssl3 ca-certificates || { tail -n 5 "$work/log" >&2; die "the packages for arm64 could not be fetched: see apt's words above; check the network and $apt_etc"; }
  unpack_packages "$work/qemu" "$(dpkg --print-architecture)" bookworm qemu-user-static || { tail -n 5 "$work/log" >&2; die "qemu-user-static could not be fetched: see apt's words above"; }
  install -m 755 "$work/qemu/usr/bin/qemu-aarch64-static" "$work/tree/qemu-aarch64-static"
  cat > "$work/tree/run" <<'RUN'
#!/bin/sh
here="$(dirname "$(readlink -f "$0")")"
exec "$here/qemu-aarch64-static" -L "$here/root" "$@"
RUN
  chmod 755 "$work/tree/run"
  mv -T "$work/tree" "$target"
fi
printf '%s\n' "$target"
