#!/usr/bin/env bash
# Prints the folder whose node_modules hold the official JavaScript client of NATS; installs it first where it is not there yet.
# It is the independent peer of the tests and the yardstick of the benchmarks; nothing of it is in what the fleet runs.
#
#   eng/nats-peer.sh
#
# What is installed is pinned, with its checksums, by tests/Adapters/Nats/Peer/package-lock.json. Where node or npm is missing they are
# installed from the machine's own apt sources (as root, or with sudo). Progress and errors go to stderr. Safe to run many times at once.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly source="$here/tests/Adapters/Nats/Peer"
readonly cache="${HARMONY_FLEET_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set it or HARMONY_FLEET_CACHE}/.cache}/harmony-fleet}/nats-peer"

say() { printf '%s\n' "$*" >&2; }
fail() { say "nats-peer.sh: $*"; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

provide_node() {
  if command -v node > /dev/null && command -v npm > /dev/null; then return; fi
  say "Installing node and npm ..."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends nodejs npm >&2 ||
    { as_root apt-get -q update >&2 && as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends nodejs npm >&2; } ||
    fail "node and npm are missing and cannot be installed: install node >= 18 and npm, then run again."
}

provide_node
version="$(node --version)"
major="${version#v}"
major="${major%%.*}"
[ "$major" -ge 18 ] || fail "node $version is too old: install node >= 18."

target="$cache/$(sha256sum "$source/package-lock.json" | cut -c 1-16)"
if [ ! -d "$target/node_modules" ]; then
  mkdir -p "$cache" || fail "$cache cannot be made: choose another folder with HARMONY_FLEET_CACHE."
  exec 9> "$cache/.lock"
  flock 9
  if [ ! -d "$target/node_modules" ]; then
    rm -rf "$cache"/.install.* "$target"
    work="$(mktemp -d "$cache/.install.XXXXXX")"
    # shellcheck disable=SC2064 # the folder is known now
    trap "rm -rf '$work'" EXIT
    cp "$source/package.json" "$source/package-lock.json" "$work/"
    say "Installing the JavaScript client of NATS ..."
    (cd "$work" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2) ||
      fail "npm could not install it: see its words above; check the network and npm's registry setting."
    mv -T "$work" "$target"
  fi
  exec 9>&-
fi
printf '%s\n' "$target"
