#!/usr/bin/env bash
# Makes sure that what links native programs and packs them is on this Debian machine; what is there already is used.
#
#   eng/native.sh RID... [--tests]
#
#   RID       linux-x64 or linux-arm64: a C compiler that links for it (the other architecture's as a cross compiler), and jq
#   --tests   also lintian and systemd-analyze, and fakeroot where this is not root
#
# Progress goes to stderr. May be run any number of times.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
usage() { echo "usage: eng/native.sh linux-x64|linux-arm64... [--tests]" >&2; exit 2; }
. "$(dirname "${BASH_SOURCE[0]}")/lib/install.sh"

# Whether it links a program: a compiler alone, without the C library's own files, is no use.
links() { have "$1" && printf 'int main(void) { return 0; }' | "$1" -x c -o /dev/null - 2>/dev/null; }

missing_packages() {
  local rid
  for rid in "${rids[@]}"; do
    case "$rid" in
      linux-x64) links x86_64-linux-gnu-gcc || if [ "$machine" = x86_64 ]; then echo gcc libc6-dev; else echo gcc-x86-64-linux-gnu libc6-dev-amd64-cross; fi ;;
      linux-arm64) links aarch64-linux-gnu-gcc || if [ "$machine" = aarch64 ]; then echo gcc libc6-dev; else echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross; fi ;;
    esac
  done
  have jq || echo jq
  if [ "$tests" = yes ]; then
    have lintian || echo lintian
    have systemd-analyze || echo systemd
    [ "$(id -u)" = 0 ] || have fakeroot || echo fakeroot
  fi
}

tests=no rids=()
for argument in "$@"; do
  case "$argument" in
    linux-x64 | linux-arm64) rids+=("$argument") ;;
    --tests) tests=yes ;;
    *) usage ;;
  esac
done
[ ${#rids[@]} -gt 0 ] || usage
readonly machine="$(uname -m)"

read -r -a missing < <(missing_packages | tr '\n' ' ') || true
if [ ${#missing[@]} -gt 0 ]; then
  install_missing "${missing[@]}"
  read -r -a missing < <(missing_packages | tr '\n' ' ') || true
  [ ${#missing[@]} -eq 0 ] || die "still missing after installing: ${missing[*]}"
fi
