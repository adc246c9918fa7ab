#!/usr/bin/env bash
# Builds the CLI, the operator and the agent for one state of the sources, each state in a folder of its own:
# what runs from an older state is never overwritten.
#
#   eng/launcher.sh STATE      STATE is the fingerprint that ./fleet made
set -euo pipefail

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly state="$1"
readonly all="$root/artifacts/launcher"
readonly target="$all/$state"
readonly log="$all/build.log"

"$root/eng/dotnet.sh"

if ! mkdir -p "$all" 2>/dev/null || [ ! -w "$all" ]; then
  echo "fleet: $all cannot be written: make the folder yours, or use a copy of the repository that is." >&2
  exit 1
fi

exec 9> "$all/lock"
if ! flock -n 9; then
  echo "fleet: another call is building; waiting for it ..." >&2
  flock 9
fi
[ -x "$target/Harmony.Fleet.Cli/Harmony.Fleet.Cli" ] && exit 0

building="$all/.building"
rm -rf "$building" "$all"/.removing.*
# Nothing of a build that was interrupted stays behind: neither files nor processes.
trap 'still; rm -rf "$building"' EXIT
trap 'kill -TERM "${compiler:-}" 2>/dev/null; still; wait; exit 130' INT TERM

echo "fleet: building (once for each state of the sources) ..." >&2
# A first build takes a minute: on a terminal the seconds go by, with what was compiled last.
tick() {
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    printf '\r\033[K  %s s  %s' "$((SECONDS - began))" "$(sed -n 's/^ *\([A-Za-z.]*\) -> .*/\1/p' "$log" 2>/dev/null | tail -n 1)" >&2
  done
}
still() {
  [ -n "${ticker:-}" ] || return 0
  kill "$ticker" 2>/dev/null || true
  ticker=
  printf '\r\033[K' >&2
}
publish() {
  # No build servers that outlive the call, and nothing that asks or phones home.
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1 \
    setpriv --pdeathsig TERM dotnet msbuild "$root/eng/launcher.proj" -restore -target:Publish -maxCpuCount -nodeReuse:false -verbosity:minimal -nologo \
    -property:FleetOutput="$building/" "$@" < /dev/null 9>&- >> "$log" 2>&1 &
  compiler=$!
  [ ! -t 2 ] || { tick 9>&- & ticker=$!; }
  local code=0
  wait "$compiler" || code=$?
  still
  return "$code"
}

: > "$log"
began=$SECONDS
if ! publish; then
  # Compiled ahead of time the CLI starts twice as fast, but not every feed has the compiler for that.
  if ! grep -qE 'error NU11[0-9]+.*(Crossgen2|App\.Runtime)' "$log" || ! publish -property:ReadyToRun=false; then
    grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -n 20 >&2 || true
    echo "fleet: the build failed: the whole log is in $log" >&2
    exit 1
  fi
fi

# A folder without a CLI is what an interrupted removal left.
rm -rf "$target"
mv -T "$building" "$target"
echo "fleet: built in $((SECONDS - began)) s" >&2

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
