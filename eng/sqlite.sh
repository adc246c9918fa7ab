#!/usr/bin/env bash
# Makes sure that the system's SQLite library, in which the operator keeps its resources, is on this Debian machine.
# Progress goes to stderr. May be run any number of times.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

readonly library=libsqlite3.so.0 package=libsqlite3-0
say() { echo "sqlite.sh: $*" >&2; }
die() { say "error: $*"; exit 1; }
# ldconfig is not on every user's PATH.
there() { PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep -F "$library " > /dev/null; }

if there; then exit 0; fi
command -v apt-get > /dev/null || die "$library is missing, and there is no apt-get: install SQLite 3 with your system's own means."
sudo=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo > /dev/null || die "$library is missing: run as root: apt-get install $package"
  # A password can be given on a terminal only, and what ./fleet starts has none.
  sudo -n true 2> /dev/null || { (: < /dev/tty) 2> /dev/null && sudo -v; } || die "sudo wants a password to install $package: run $0 on a terminal once, then try again"
  sudo=(sudo)
fi

say "installing $package"
"${sudo[@]}" apt-get install -y -q --no-install-recommends "$package" >&2 || {
  "${sudo[@]}" apt-get update -q >&2
  "${sudo[@]}" apt-get install -y -q --no-install-recommends "$package" >&2
} || die "apt-get could not install $package."
there || die "$package is installed, but $library is not found: run ldconfig as root."
