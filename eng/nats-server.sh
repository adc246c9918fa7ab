#!/usr/bin/env bash
# Prints the path of a nats-server binary; fetches it first where it is not there yet.
#
#   eng/nats-server.sh [any|2.10|2.15]
#
#   any    a nats-server >= 2.10 on PATH is used as it is, else 2.15 is fetched (the default)
#   2.10   the one of Debian 13
#   2.15   the one of Debian's newer suites
#
# The package is downloaded from the mirror that this machine's own apt sources name, with apt's own signature checks, through a
# private apt configuration: nothing is installed, no root is needed, the machine's package lists stay as they are.
# Progress and errors go to stderr. Safe to run many times at once.
set -euo pipefail

readonly wanted="${1:-any}"
readonly cache="${HARMONY_FLEET_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set it or HARMONY_FLEET_CACHE}/.cache}/harmony-fleet}/nats-server"

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

version_of() { "$1" --version 2>/dev/null | sed -n 's/.*v\([0-9][0-9.]*\).*/\1/p'; }
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# What each version is good for, oldest first: a 2.10 must be a 2.10, a 2.15 may be newer.
fits() {
  case "$1" in
    2.10) [[ "$2" == 2.10.* ]] ;;
    *) at_least "$2" 2.15 ;;
  esac
}

. "$(dirname "${BASH_SOURCE[0]}")/lib/archive.sh"

# Downloads and unpacks into $1; what apt said is in $1.log.
fetch_from() {
  local work="$1" suite="$2" uri="$3" keyring="$4" packages
  configure_apt "$work/apt" "$suite" "$uri" "$keyring"
  apt-get -q -c "$work/apt/apt.conf" update >> "$work/log" 2>&1 || return 1
  mkdir -p "$work/download"
  (cd "$work/download" && rm -f ./*.deb && apt-get -q -c "$work/apt/apt.conf" download nats-server >> "$work/log" 2>&1) || return 1
  packages=("$work/download"/*.deb)
  rm -rf "$work/tree"
  dpkg -x "${packages[0]}" "$work/tree" >> "$work/log" 2>&1
}

fetch() {
  local version="$1" target="$2" work found suites uri signed suite
  case "$version" in
    2.10) suites="trixie" ;;
    *) suites="sid forky" ;;
  esac
  work="$(mktemp -d "$cache/.fetch.XXXXXX")"
  # shellcheck disable=SC2064 # the folder is known now, and may have any name
  trap "rm -rf $(printf %q "$work")" EXIT
  found="$(archives | sort -u)"
  [ -n "$found" ] || fail "no Debian archive (component main) is named in $apt_etc: add one, or put a nats-server >= 2.10 on PATH"
  for suite in $suites; do
    while read -r uri signed; do
      say "Fetching nats-server $version (Debian's $suite) ..."
      if fetch_from "$work" "$suite" "$uri" "$(keyring_for "$signed")" && fits "$version" "$(version_of "$work/tree/usr/sbin/nats-server")"; then
        mv -T "$work/tree" "$target"
        return
      fi
    done <<< "$found"
  done
  tail -n 5 "$work/log" >&2
  fail "no nats-server $version could be fetched: see apt's words above; check the network and that debian-archive-keyring is up to date, or put a nats-server >= 2.10 on PATH"
}

provide() {
  local version="$1" target="$cache/$1"
  if [ ! -x "$target/usr/sbin/nats-server" ]; then
    local tool
    for tool in apt-get dpkg flock awk; do
      command -v "$tool" > /dev/null || fail "$tool is missing: this script fetches from Debian 12 or 13; elsewhere put a nats-server >= 2.10 on PATH"
    done
    mkdir -p "$cache" || fail "$cache cannot be made: choose another folder with HARMONY_FLEET_CACHE"
    exec 9> "$cache/.lock"
    flock 9
    if [ ! -x "$target/usr/sbin/nats-server" ]; then
      rm -rf "$target" "$cache"/.fetch.*
      fetch "$version" "$target"
    fi
    exec 9>&-
  fi
  printf '%s\n' "$target/usr/sbin/nats-server"
}

case "$wanted" in
  any)
    if present="$(command -v nats-server)" && at_least "$(version_of "$present")" 2.10; then
      printf '%s\n' "$present"
    else
      provide 2.15
    fi
    ;;
  2.10 | 2.15) provide "$wanted" ;;
  *) fail "'$wanted' is no version that this script knows: use any, 2.10 or 2.15" ;;
esac
