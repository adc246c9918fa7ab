#!/usr/bin/env bash
# Prints the path of a python3 that has PyYAML: the parser of another house, against which the tests hold the YAML that the CLI writes.
#
#   eng/python-yaml.sh
#
# Where there is none, python3-yaml is installed from the machine's own apt sources (as root, or with sudo). Progress and errors go to
# stderr. Safe to run many times at once.
set -euo pipefail
export LC_ALL=C
. "$(dirname "${BASH_SOURCE[0]}")/lib/install.sh"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
# The first in PATH may be another one than the machine's own, for which the package is.
found() { local python; for python in "$(command -v python3 || true)" /usr/bin/python3; do if [ -x "$python" ] && "$python" -c 'import yaml' 2> /dev/null; then echo "$python"; return; fi; done; return 1; }

found > /dev/null || install_missing python3-yaml
found || die "python3-yaml is installed, and no python3 finds it"
