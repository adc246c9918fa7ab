#!/usr/bin/env bash
# Mutation testing of one room of src/Core: dotnet-stryker makes faults in it, one at a time, and the room's own tests (tests/Core/ROOM) have to find them.
#
#   eng/mutate.sh ROOM [GLOB]     for example: eng/mutate.sh Queues; eng/mutate.sh Desired 'Manifest*.cs'
#
# It works on a copy of the tree in artifacts/mutation/ROOM; the report is left there in reports/. About a second a fault, with one processor.
# No part of ./fleet test. Exit codes: those of dotnet-stryker; 2 usage.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 RunAnalyzers=false

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
case "${1:-}" in
  -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
[ $# -ge 1 ] && [ $# -le 2 ] && [ -d "$root/src/Core/$1" ] && [ -d "$root/tests/Core/$1" ] || { echo "mutate.sh: name a room of src/Core that has tests; see eng/mutate.sh --help" >&2; exit 2; }
readonly room="$1" copy="$root/artifacts/mutation/$1"
"$root/eng/dotnet.sh" >&2

# What is compiled with faults in it never lies where tests are run from.
rm -rf "$copy"
mkdir -p "$copy/tree"
tar -C "$root" --exclude=./artifacts --exclude=./.git -cf - . | tar -C "$copy/tree" -xf -
cd "$copy/tree/tests/Core"
dotnet tool restore >&2
# The tests are programs of xunit v3: the runner of the Microsoft testing platform (mtp) is the one that reaches them.
MutatedRoom="$room" dotnet stryker --test-runner mtp --project Harmony.Fleet.Core.csproj --mutate "**/$room/${2:-*.cs}" --configuration Release \
  --concurrency 1 --reporter json --reporter html --reporter progress --output "$copy" --skip-version-check
