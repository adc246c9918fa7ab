#!/usr/bin/env bash
# Mutation testing of src/Core: dotnet-stryker makes faults in it, one at a time, and the tests have to find them. At least 80 % of them in each room.
#
#   eng/mutate.sh ROOM [GLOB]        one room by its own tests (tests/Core/ROOM); for example: eng/mutate.sh Queues; eng/mutate.sh Desired 'Manifest*.cs'
#   eng/mutate.sh --all [ROOM...]    all rooms, or these, in one run by all of tests/Core
#   eng/mutate.sh --score REPORT...  the table of runs that were made
#
# Properties are tried with 50 cases, the same each time. It works on a copy of the tree in artifacts/mutation/; the report is left there in reports/.
# Five minutes until the first fault (all of Core is compiled with all faults, and each test is asked which it reaches), then half a second to a second a fault. No part of ./fleet test.
# Exit codes: 0 each room has 80 % (timeouts count as found); 1 one has less; 2 usage; others are those of dotnet-stryker.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 RunAnalyzers=false

readonly least=80 root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
usage() { echo "mutate.sh: $1; see eng/mutate.sh --help" >&2; exit 2; }

# A line for each room of these reports, and one for all.
score() {
  command -v jq > /dev/null || usage "jq is missing: install it (Debian: apt-get install jq)"
  local report
  for report in "$@"; do [ -f "$report" ] || usage "there is no report $report"; done
  jq -rs --argjson least "$least" '
    def row($room): map(select(. == "Killed" or . == "Timeout")) as $found | map(select(. == "Survived" or . == "NoCoverage")) as $missed
      | {$room, found: ($found | length), missed: ($missed | length)} | select(.found + .missed > 0) | .percent = 100 * .found / (.found + .missed);
    [.[].files | to_entries[] | {room: (.key | capture("/src/Core/(?<room>[^/]+)/").room), status: .value.mutants[].status}]
    | ([group_by(.room)[] | .[0].room as $room | map(.status) | row($room)]) as $rooms
    | "| room | faults | found | not found | score |", "|---|---|---|---|---|",
      (($rooms + [map(.status) | row("all")])[] | "| \(.room) | \(.found + .missed) | \(.found) | \(.missed) | \(.percent * 10 | floor / 10) % |"),
      ($rooms | map(select(.percent < $least).room) | if . == [] then empty else "below \($least) %: \(join(", "))\n" | halt_error(1) end)' "$@"
}

rooms=() globs=() tests="" name=all
case "${1:-}" in
  -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
  --score) score "${@:2}"; exit 0 ;;
  --all) rooms=("${@:2}") ;;
  *)
    [ $# -ge 1 ] && [ $# -le 2 ] && [ -d "$root/tests/Core/$1" ] || usage "name a room of src/Core that has tests"
    rooms=("$1") tests="$1" name="$1"
    ;;
esac
for room in "${rooms[@]}"; do
  [ -d "$root/src/Core/$room" ] || usage "src/Core has no room $room"
  files='*.cs'
  [ -z "$tests" ] || files="${2:-$files}"
  globs+=(--mutate "**/$room/$files")
done
[ ${#globs[@]} -gt 0 ] || globs=(--mutate '**/*.cs')
readonly copy="$root/artifacts/mutation/$name"
"$root/eng/dotnet.sh" >&2

# What is compiled with faults in it never lies where tests are run from.
rm -rf "$copy"
mkdir -p "$copy/tree"
tar -C "$root" --exclude=./artifacts --exclude=./.git -cf - . | tar -C "$copy/tree" -xf -
cd "$copy/tree/tests/Core"
dotnet tool restore >&2
# The tests are programs of xunit v3: the runner of the Microsoft testing platform (mtp) is the one that reaches them.
HARMONY_FLEET_PROPERTY_RUNS=50 MutatedRoom="$tests" dotnet stryker --test-runner mtp --project Harmony.Fleet.Core.csproj "${globs[@]}" --configuration Release \
  --concurrency 1 --reporter json --reporter html --reporter progress --output "$copy" --skip-version-check >&2
score "$copy/reports/mutation-report.json"
