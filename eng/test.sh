#!/usr/bin/env bash
# Sets up what the tests need, builds everything and runs all tests.
#
#   ./fleet test [--unit | --tier vm] [--project NAME]... [--filter TEXT] [--shuffle SEED] [--no-build] [--no-setup]
#
#   --unit           leaves out what needs real processes (the trait Category=Integration); nothing is set up
#   --tier vm        only what boots virtual machines (the trait Tier=Vm), which is left out otherwise: minutes, all of it emulated
#   --project NAME   only the projects whose name contains NAME; may be repeated
#   --filter TEXT    only tests whose full name contains TEXT
#   --shuffle SEED   in another order than by name: each seed is an order of its own
#   --no-build       runs what was built before
#   --no-setup       takes for granted that nats-server, podman and the rest are there
#
# Exit codes: 0 all passed, 1 something failed or no test was found, 2 usage. The totals are kept in artifacts/tests/totals.
set -uo pipefail

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly out="$root/artifacts/tests"
readonly limit="${HARMONY_FLEET_TEST_LIMIT:-2400}" # seconds for one project: ends only what hangs
readonly slow=60 # seconds after which a test is named in the log as still running

unit=no tier=none build=yes setup=yes filter=() projects=()
usage() { echo "fleet test: $1; see ./fleet test --help" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in
    --unit) unit=yes setup=no ;;
    --tier) [ "${2:-}" = vm ] || usage "--tier knows only vm"; tier=vm; shift ;;
    --project) [ $# -gt 1 ] || usage "--project needs a name"; projects+=("$2"); shift ;;
    --filter) [ $# -gt 1 ] || usage "--filter needs a text"; filter=(-method "*$2*"); shift ;;
    --shuffle) [ $# -gt 1 ] || usage "--shuffle needs a seed"; export HARMONY_FLEET_TEST_SEED="$2"; shift ;;
    --no-build) build=no ;;
    --no-setup) setup=no ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) usage "'$1' is no option" ;;
  esac
  shift
done

say() { printf '%s\n' "$*"; }
running=()
stop() {
  trap '' INT TERM
  # Each test program leads a group of its own, so that what it started goes with it.
  for pid in ${running[@]+"${running[@]}"}; do kill -TERM -- "-$pid" 2>/dev/null; done
  wait
  exit 130
}
trap stop INT TERM
# Short, since sockets are made below it, and a socket's path has 107 bytes at most.
scratch="$(mktemp -d /tmp/t.XXXX)" && chmod 755 "$scratch" || exit 1
readonly scratch
trap 'rm -rf "$scratch"' EXIT

rm -rf "$out"
mkdir -p "$out" || exit 1
"$root/eng/dotnet.sh" || exit 1

[ "$unit" = no ] || [ "$tier" = none ] || usage "--unit and --tier have nothing in common"

# ---- what the tests need ----
provide() {
  local script="$root/eng/$1"
  [ -x "$script" ] || return 0
  shift
  say "setting up: ${script##*/}${*:+ $*}"
  if ! "$script" "$@" < /dev/null > "$out/setup.log" 2>&1; then
    tail -n 20 "$out/setup.log"
    say "fleet test: $script failed, see above"
    exit 1
  fi
}
if [ "$setup" = yes ]; then
  provide nats-server.sh 2.10
  provide nats-server.sh 2.15
  provide podman.sh --tests
  provide python-yaml.sh
  provide native.sh linux-x64 linux-arm64 --tests
  if [ "$tier" = vm ]; then provide arm64-vm.sh; else provide arm64-root.sh; fi
fi

wanted() {
  [ ${#projects[@]} -eq 0 ] && return 0
  local project
  for project in "${projects[@]}"; do [[ "${1,,}" == *"${project,,}"* ]] && return 0; done
  return 1
}

# ---- build ----
if [ "$build" = yes ]; then
  say "building the solution"
  if ! MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    dotnet build "$root/Harmony.Fleet.slnx" -c Release -v minimal --nologo -nodeReuse:false -p:UseSharedCompilation=false \
    < /dev/null > "$out/build.log" 2>&1; then
    grep -E ': (error|warning) ' "$out/build.log" | sort -u | head -n 40
    say "fleet test: the build failed: the whole log is in $out/build.log"
    exit 1
  fi
fi

# ---- what fleets in tests run ----
# Compiled ahead of time, as ./fleet has them compiled, a fleet starts in a fraction of the processor's time, and tests start hundreds.
readonly programs="$root/artifacts/launcher/test-programs"
compile_programs() (
  . "$root/eng/lib/compile.sh"
  start_server
  code=0
  (compile "$programs" -property:FleetAhead=true -property:FleetReadyToRun=true -property:FleetIntermediate=test-obj) > "$out/programs.log" 2>&1 || code=$?
  end_server
  exit "$code"
)
if [ "$build" = yes ] && [ "$unit" = no ] && { wanted Deploy || wanted EndToEnd || wanted Packaging; }; then
  say "compiling the programs of fleets ahead of time"
  if compile_programs; then
    export HARMONY_FLEET_TEST_PROGRAMS="$programs"
  else
    say "they cannot be compiled ahead of time here (see $out/programs.log): fleets in tests start slower"
  fi
fi

# ---- run ----
suites=()
for program in "$root"/artifacts/bin/Harmony.Fleet.Tests.*/release/Harmony.Fleet.Tests.*; do
  name="${program##*/}"
  [ -x "$program" ] && [ "$program" = "$root/artifacts/bin/$name/release/$name" ] && wanted "${name#Harmony.Fleet.Tests.}" && suites+=("$name")
done

# Starts one test program in a process group, and with a folder for temporary files, of its own: suite, part, traits...
start() {
  local name="$1" part="$2"
  shift 2
  mkdir -m 1777 "$scratch/$name" || exit 1
  TMPDIR="$scratch/$name" setsid timeout --foreground --kill-after=30 "$limit" "$root/artifacts/bin/$name/release/$name" \
    -noLogo -noColor -longRunning "$slow" -xml "$out/$name.$part.xml" "$@" ${filter[@]+"${filter[@]}"} < /dev/null > "$out/$name.$part.log" 2>&1 &
  running+=("$!")
}

# Takes one program off the list; the other of its pair may still run.
ended() {
  local pid left=()
  for pid in "${running[@]}"; do [ "$pid" = "$1" ] || left+=("$pid"); done
  running=(${left[@]+"${left[@]}"})
}

# What a program left among its temporary files: a test that did not tidy up. Killed .NET programs leave pipes of their runtime, and NuGet a folder: no fault of theirs.
leavings() { find "$scratch/$1" -mindepth 1 -maxdepth 1 ! -name 'clr-debug-pipe-*' ! -name 'dotnet-diagnostic-*' ! -name 'NuGetScratch*' -printf '%f\n' | head -n 5; }

attribute() { sed -n "s/.*<assembly [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

passed=0 failed=0 skipped=0 broken=()
# Adds the results of one program that ended to the sums: suite, part, pid, exit code.
finish() {
  local name="$1" part="$2" pid="$3" code="$4" xml="$out/$1.$2.xml" p f s e left
  # What a test left running would otherwise live on.
  kill -KILL -- "-$pid" 2>/dev/null
  ended "$pid"
  left="$(leavings "$name")"
  rm -rf "${scratch:?}/$name"
  if [ ! -s "$xml" ]; then
    # With no test in this part there is no report; anything else is a program that never came to its end.
    if [ "$code" = 0 ] || grep -q 'No test' "$out/$name.$part.log"; then return; fi
    failed=$((failed + 1))
    broken+=("${name#Harmony.Fleet.Tests.}: ended with exit code $code before its report (124 or 137: took longer than $limit s)")
    while read -r test; do broken+=("  still running at the last look: $test"); done < <(hanging "$out/$name.$part.log")
    return
  fi
  p=$(attribute "$xml" passed) f=$(attribute "$xml" failed) s=$(attribute "$xml" skipped) e=$(attribute "$xml" errors)
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0} + ${e:-0})) skipped=$((skipped + ${s:-0} + $(attribute_or_zero "$xml" not-run)))
  if [ "$((${p:-0} + ${f:-0} + ${s:-0}))" -gt 0 ]; then
    printf '  %-28s %-12s %5d passed %4d failed %4d skipped\n' "${name#Harmony.Fleet.Tests.}" "$part" "${p:-0}" "$((${f:-0} + ${e:-0}))" "${s:-0}"
  fi
  while read -r test; do broken+=("$test"); done < <(failures "$xml")
  if [ "$code" != 0 ] && [ "$((${f:-0} + ${e:-0}))" = 0 ]; then
    failed=$((failed + 1))
    broken+=("${name#Harmony.Fleet.Tests.}: all tests passed, but the program ended with exit code $code")
  fi
  if [ -n "$left" ]; then
    failed=$((failed + 1))
    broken+=("${name#Harmony.Fleet.Tests.}: the $part tests left temporary files: ${left//$'\n'/, }")
  fi
}
# The tests that a log last called slow, each with how long it had run.
hanging() { tac "$1" | sed -n "s/.*\[Long Running Test\] '\(.*\)', Elapsed: \(.*\)/\1 \2/p" | awk '{ name = $0; sub(/ [^ ]*$/, "", name) } !seen[name]++' | head -n 10; }
attribute_or_zero() { local value; value=$(attribute "$1" "$2"); printf '%s' "${value:-0}"; }
failures() {
  grep -oE '<error type="[^"]*" name="[^"]*"' "$1" | sed -E 's/.*type="([^"]*)" name="([^"]*)"/\2 (\1)/'
  grep -oE '<test [^>]*result="Fail"' "$1" | sed -E 's/.*\bname="([^"]*)".*/\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

say "running ${#suites[@]} test projects"
# Runs one part of these suites, so many at a time: part, how many, suites, --, traits...
run() {
  local part="$1" most="$2" queue=() pid code
  local -A names=()
  shift 2
  while [ "$1" != -- ]; do queue+=("$1"); shift; done
  shift
  while [ ${#queue[@]} -gt 0 ] || [ ${#running[@]} -gt 0 ]; do
    if [ ${#queue[@]} -gt 0 ] && [ ${#running[@]} -lt "$most" ]; then
      start "${queue[0]}" "$part" "$@"
      names["${running[-1]}"]="${queue[0]}"
      queue=("${queue[@]:1}")
      continue
    fi
    pid="" code=0
    wait -n -p pid "${running[@]}" 2> /dev/null || code=$?
    if [ -z "${pid:-}" ]; then
      # Of one that a signal ended while something else was waited for, bash only knows that by its pid.
      for pid in "${running[@]}"; do kill -0 "$pid" 2> /dev/null || break; done
      code=0
      wait "$pid" || code=$?
    fi
    finish "${names[$pid]}" "$part" "$pid" "$code"
  done
}

# First what is quick and alone, two programs at a time, the longest first so that none is waited for alone at the end; then what starts
# servers and containers, one after another.
by_length=()
for name in Simulation Operator LoadTest Deploy Cli Adapters.Sqlite Agent; do
  for suite in ${suites[@]+"${suites[@]}"}; do [ "$suite" != "Harmony.Fleet.Tests.$name" ] || by_length+=("$suite"); done
done
for suite in ${suites[@]+"${suites[@]}"}; do [[ " ${by_length[*]-} " == *" $suite "* ]] || by_length+=("$suite"); done
[ "$tier" != none ] || run unit 2 ${by_length[@]+"${by_length[@]}"} -- -trait- Category=Integration -trait- Tier=Vm
if [ "$unit" = no ]; then
  if [ "$tier" = none ]; then
    run integration 1 ${suites[@]+"${suites[@]}"} -- -trait Category=Integration -trait- Tier=Vm
  else
    run "$tier" 1 ${suites[@]+"${suites[@]}"} -- -trait Tier=Vm
  fi
fi

# ---- summary ----
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped" > "$out/totals"
say ""
if [ ${#broken[@]} -gt 0 ]; then
  say "failed:"
  for test in "${broken[@]}"; do say "  $test"; done
  say "the logs and reports are in $out"
fi
cat "$out/totals"
if [ $((passed + failed)) -eq 0 ]; then
  say "fleet test: no test was found" >&2
  exit 1
fi
[ "$failed" -eq 0 ]
