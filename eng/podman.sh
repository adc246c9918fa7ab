#!/usr/bin/env bash
# Makes sure that podman and what it needs to run containers are on this Debian machine; what is there already is used.
#
#   eng/podman.sh           podman, an OCI runtime that suits the machine's cgroups, networking, static busybox
#   eng/podman.sh --tests   also docker-registry, for the tests that pull, and what podman needs for ordinary users
#
# Progress goes to stderr; stdout gets the path of podman. May be run any number of times.
set -euo pipefail
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
. "$(dirname "${BASH_SOURCE[0]}")/lib/install.sh"

# netavark and aardvark-dns are not on PATH: podman looks for them in its helper folders.
have_helper() {
  local folder
  for folder in /usr/local/libexec/podman /usr/local/lib/podman /usr/libexec/podman /usr/lib/podman; do
    [ -x "$folder/$1" ] && return 0
  done
  have "$1"
}

static_busybox() {
  local busybox
  busybox=$(command -v busybox) || return 1
  # ldd fails on a static binary; --help of a broken one would fail too.
  ! ldd "$busybox" >/dev/null 2>&1 && "$busybox" true
}

# crun refuses every layout but plain cgroup v2, and runc runs on all of them.
runtime_suits() {
  if [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" = cgroup2fs ]; then have crun || have runc; else have runc; fi
}

missing_packages() {
  have podman || echo podman
  have conmon || [ -x /usr/libexec/podman/conmon ] || echo conmon
  runtime_suits || echo runc
  have_helper netavark || echo netavark
  have_helper aardvark-dns || echo aardvark-dns
  # netavark sets its rules with iptables, from 1.9 on with nft where it was built so.
  have iptables || echo iptables
  # What a killed podman left in the host's network is looked for with it.
  have ip || echo iproute2
  [ "${VERSION_ID%%.*}" -lt 13 ] || have nft || echo nftables
  static_busybox || echo busybox-static
  if [ "$(id -u)" != 0 ] || [ "$tests" = yes ]; then
    have newuidmap || echo uidmap
    have slirp4netns || have pasta || echo slirp4netns
  fi
  [ "$tests" = no ] || have docker-registry || echo docker-registry
}

tests=no
for argument in "$@"; do
  case "$argument" in
    --tests) tests=yes ;;
    *) echo "usage: eng/podman.sh [--tests]" >&2; exit 2 ;;
  esac
done

VERSION_ID=0
[ -r /etc/os-release ] && . /etc/os-release
mapfile -t missing < <(missing_packages)

if [ ${#missing[@]} -gt 0 ]; then
  install_missing "${missing[@]}"
  # Its package starts a registry of its own on port 5000; the tests start theirs on free ports.
  if [[ " ${missing[*]} " == *' docker-registry '* ]] && [ -d /run/systemd/system ]; then
    ${as_root[@]+"${as_root[@]}"} systemctl disable --now docker-registry.service >/dev/null 2>&1 || true
  fi
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] || die "still missing after installing: ${missing[*]}"
fi

# It needs a home that it may read even to say its version.
version="$(podman --version 2>&1)" || {
  home="${HOME:-}"
  if [ -z "$home" ] || [ ! -d "$home" ] || [ ! -w "$home" ]; then advice="set HOME to a folder of yours that is there${home:+ ($home is none)}"; else advice="run podman --version by hand, and mend what it says"; fi
  die "podman is installed and does not work (${version##*$'\n'}): $advice"
}
echo "$version is ready" >&2
command -v podman
