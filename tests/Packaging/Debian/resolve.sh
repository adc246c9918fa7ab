#!/usr/bin/env bash
# Prints what apt would install for a package on a bare Debian of a suite and an architecture; fails where it could not.
#
#   tests/Packaging/Debian/resolve.sh SUITE ARCHITECTURE DEB
set -euo pipefail

suite="$1" architecture="$2" deb="$3"
readonly cache="${HARMONY_FLEET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/harmony-fleet}/apt"
. "$(dirname "${BASH_SOURCE[0]}")/../../../eng/lib/archive.sh"

readonly lists="$cache/$suite-$architecture"
mkdir -p "$cache"
exec 9> "$lists.lock"
flock 9
# Of a week ago they are good enough.
if [ ! -f "$lists/done" ] || [ -n "$(find "$lists/done" -mtime +7)" ]; then
  while read -r uri signed; do
    configure_apt "$lists" "$suite" "$uri" "$(keyring_for "$signed")" "$architecture"
    if apt-get -q -c "$lists/apt.conf" update >&2; then
      touch "$lists/done"
      break
    fi
  done < <(archives | sort -u)
fi
apt-get -c "$lists/apt.conf" install --simulate --no-install-recommends "$deb"
