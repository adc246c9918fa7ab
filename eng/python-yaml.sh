#!/usr/bin/env bash
# Prints the path of a python3 that has PyYAML: the parser of another house, against which the tests hold the YAML that the CLI writes.
#
#   eng/python-yaml.sh
#
# Where there is none, python3-yaml is installed from the machine's own apt sources (as root, or with sudo). Progress and errors go to
# stderr. Safe to run many times at once.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

say() { printf '%s\n' "$*" >&2; }
fail() { say "python-yaml.sh: $*"; exit 1; }
# The first in PATH may be another one than the machine's own, for which the package is.
found() { local python; for python in "$(command -v python3 || true)" /usr/bin/python3; do if [ -x "$python" ] && "$python" -c 'import yaml' 2> /dev/null; then echo "$python"; return; fi; done; return 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }
install() { as_root apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends python3-yaml >&2; }

if ! found > /dev/null; then
  say "Installing python3-yaml ..."
  install || { as_root apt-get -q update >&2 && install; } || fail "PyYAML is missing and cannot be installed: install python3-yaml, then run again."
fi
found || fail "python3-yaml is installed, and no python3 finds it."
