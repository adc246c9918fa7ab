# Sourced by the scripts of eng/ that install Debian packages: as root, or with sudo.
#
#   install_missing PACKAGE...   installs them; the caller says which are missing
#
# The caller has say (to stderr) and die, and may have set LC_ALL=C. Apt's words are shown only when it fails.
# shellcheck shell=bash

have() { command -v "$1" >/dev/null 2>&1; }

# A password can be given on a terminal only, and what ./fleet starts has none.
may_sudo() { sudo -n true 2>/dev/null || { (: < /dev/tty) 2>/dev/null && sudo -v; }; }

# Runs apt-get as root, waiting for others that hold its locks.
apt() {
  local attempt
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    if ${as_root[@]+"${as_root[@]}"} apt-get -o DPkg::Lock::Timeout=500 "$@" </dev/null >"$apt_log" 2>&1; then return 0; fi
    # The lock of the package lists does not wait by itself.
    grep -q 'Could not get lock' "$apt_log" || return 1
    sleep 3
  done
  return 1
}

has_candidates() {
  local package policy
  for package in "$@"; do
    policy=$(apt-cache policy "$package" 2>/dev/null)
    # Not by a pipe into grep -q: under pipefail its early end would count as a failure.
    [[ $policy =~ Candidate:\ [^\(] ]] || return 1
  done
}

update_lists() {
  say "Reading the package lists ..."
  apt update || { tail -n 5 "$apt_log" >&2; die "the package lists cannot be read: check the network and /etc/apt/sources.list, or install these by hand: $*"; }
  lists_are_new=yes
}

install_packages() {
  has_candidates "$@" || update_lists "$@"
  has_candidates "$@" || die "this machine's package sources do not offer all of: $*"
  say "Installing $* ..."
  if apt install -y --no-install-recommends "$@"; then return 0; fi
  # Old lists name files that the servers no longer have.
  if [ "$lists_are_new" = no ]; then
    update_lists "$@"
    if apt install -y --no-install-recommends "$@"; then return 0; fi
  fi
  tail -n 15 "$apt_log" >&2
  die "apt-get could not install: $*"
}

install_missing() {
  local lists_are_new=no
  have apt-get || die "this is no Debian machine (no apt-get): install these by hand: $*"
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    have sudo || die "neither root nor sudo: run as root: apt-get install $*"
    as_root=(sudo env DEBIAN_FRONTEND=noninteractive LC_ALL=C)
    may_sudo || die "sudo wants a password to install $*: run $0 on a terminal once, then try again"
  fi
  apt_log=$(mktemp)
  # shellcheck disable=SC2064 # the file is known now, and may have any name
  trap "rm -f $(printf %q "$apt_log")" EXIT
  DEBIAN_FRONTEND=noninteractive install_packages "$@"
}
