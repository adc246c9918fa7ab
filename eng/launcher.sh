#!/usr/bin/env bash
# Builds the CLI, the operator and the agent for one state of the sources, each state in a folder of its own:
# what runs from an older state is never overwritten.
#
#   eng/launcher.sh STATE [VERB]      STATE is the fingerprint that ./fleet made, VERB what it was called for
#   eng/launcher.sh --ahead FOLDER    adds them compiled ahead of time to the state in FOLDER; ./fleet has it done in the background
set -euo pipefail

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
. "$root/eng/lib/inputs.sh"
. "$root/eng/lib/compile.sh"
. "$root/eng/lib/step.sh"
if [ "$1" = --ahead ]; then
  . "$root/eng/lib/ahead.sh"
  # Where the kernel shares the processor out among sessions first (autogroup), niceness counts within one alone: the session has to give way as well (a tenth of what one other takes).
  { echo 10 > /proc/self/autogroup; } 2> /dev/null || true
  add_ahead "$2"
  exit
fi
readonly state="$1" verb="${2:-}"
readonly all="$root/artifacts/launcher"
readonly target="$all/$state"
readonly log="$all/build.log"

"$root/eng/dotnet.sh"

if ! mkdir -p "$all" 2>/dev/null || [ ! -w "$all" ]; then
  echo "error: $all cannot be written: make the folder yours, or use a copy of the repository that is" >&2
  exit 1
fi

# Ends with what the shell says of a program that the signal ended.
interrupted() {
  echo "Interrupted before it was built: no fleet was started or changed; the next call builds it." >&2 || true
  exit "$1"
}
trap 'interrupted 130' INT

exec 9> "$all/lock"
if ! flock -n 9; then
  echo "Another call is building; waiting for it ..." >&2
  flock 9
fi
[ -x "$target/Harmony.Fleet.Cli/Harmony.Fleet.Cli" ] && exit 0

building="$all/.building"
rm -rf "$building" "$all"/.removing.* "$all"/.current.*
# Nothing of a build that was interrupted stays behind: neither files nor processes.
trap 'step_still; end_server; rm -rf "$building"' EXIT
end_all() { kill -TERM "${compiler:-}" 2>/dev/null; end_server; end_setups; step_still; wait; }
trap 'end_all || true; interrupted 130' INT
trap 'end_all || true; interrupted 143' TERM
trap 'end_all || true; interrupted 129' HUP

step_begins build

# ---- what a demo runs ----
# It is fetched and installed while the compiler works, where nobody has to be asked for a password. What goes wrong is told by the demo, which asks again.
setups=()
set_up() { setsid "$root/eng/$1" "${@:2}" < /dev/null > "$all/${1%.sh}.log" 2>&1 9>&- & setups+=("$!"); }
end_setups() {
  local setup
  for setup in ${setups[@]+"${setups[@]}"}; do kill -TERM -- "-$setup" 2>/dev/null || true; done
}
if [ "$verb" = demo ]; then
  set_up nats-server.sh any
  if [ "$(id -u)" = 0 ] || sudo -n true 2> /dev/null; then set_up podman.sh; fi
fi

publish() {
  local code=0
  compile "$building" 9>&- >> "$log" 2>&1 &
  compiler=$!
  step_ticks last_compiled
  wait "$compiler" || code=$?
  step_still
  return "$code"
}
last_compiled() { sed -n 's/^ *\([A-Za-z.]*\) -> .*/\1/p' "$log" 2> /dev/null | tail -n 1; }
failed() {
  step_failed
  grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -n 20 >&2 || true
  echo "error: the build failed: the whole log is in $log" >&2
  exit 1
}
: > "$log"
start_server
publish || failed
end_server
for setup in ${setups[@]+"${setups[@]}"}; do
  [ ! -d "/proc/$setup" ] || echo "Built; what the demo runs is still being installed ..." >&2
  wait "$setup" || true
done

# A folder without a CLI is what an interrupted removal left.
rm -rf "$target"
mv -T "$building" "$target"
if [ "${HARMONY_FLEET_NATIVE:-yes}" != no ] && ! can_link; then
  echo "No C compiler that links is here, so the CLI starts slower than it could (Debian: apt-get install gcc libc6-dev)." >&2
fi
step_done "done, once for each state of the sources"

# Older states go, but for the newest two and those that something still runs from.
in_use() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    [[ "$(readlink "$exe" 2>/dev/null)" == "$1"/* ]] && return 0
  done
  return 1
}
{ ls -1td "$all"/*/ | grep -E '/[0-9a-f]{16}/$' || true; } | tail -n +4 | while read -r old; do
  in_use "${old%/}" && continue
  # At once gone as a state: one that is half removed must not be taken for one that was built.
  gone="$all/.removing.$$"
  mv -T "${old%/}" "$gone" && rm -rf "$gone" || true
done
