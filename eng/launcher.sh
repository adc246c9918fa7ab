#!/usr/bin/env bash
# Builds the CLI, the operator and the agent for one state of the sources, each state in a folder of its own:
# what runs from an older state is never overwritten.
#
#   eng/launcher.sh STATE [VERB]   STATE is the fingerprint that ./fleet made, VERB what it was called for
set -euo pipefail

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly state="$1" verb="${2:-}"
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
rm -rf "$building" "$all"/.removing.* "$all"/.current.*
# Nothing of a build that was interrupted stays behind: neither files nor processes.
trap 'still; end_server; rm -rf "$building"' EXIT
trap 'kill -TERM "${compiler:-}" 2>/dev/null; end_server; end_setups; still; wait; exit 130' INT TERM

echo "fleet: building (once for each state of the sources) ..." >&2
# A first build takes a while: on a terminal the seconds go by, with what was compiled last.
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

# ---- the compiler's server ----
# One that compiles all projects saves a third of the time; it is this call's own, and ends with it.
readonly server_id="fleet-$$"
server=
start_server() {
  local folder
  folder="$(dotnet --list-sdks | sed -n 's/^\(10\.[^ ]*\) \[\(.*\)\]$/\2\/\1/p' | tail -n 1)/Roslyn/bincore"
  [ -f "$folder/VBCSCompiler.dll" ] || return 0
  setpriv --pdeathsig TERM dotnet exec "$folder/VBCSCompiler.dll" "-pipename:$server_id" < /dev/null > /dev/null 2>&1 9>&- &
  server=$!
}
end_server() { [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true; server=; }

publish() {
  local shared=false code=0
  [ -z "$server" ] || shared=true
  # No build servers that outlive the call, and nothing that asks or phones home.
  setpriv --pdeathsig TERM dotnet msbuild "$root/eng/launcher.proj" -restore -target:Publish -maxCpuCount -nodeReuse:false -verbosity:minimal -nologo \
    -property:FleetOutput="$building/" -property:UseSharedCompilation="$shared" -property:SharedCompilationId="$server_id" "$@" < /dev/null 9>&- >> "$log" 2>&1 &
  compiler=$!
  [ ! -t 2 ] || { tick 9>&- & ticker=$!; }
  wait "$compiler" || code=$?
  still
  return "$code"
}
failed() {
  grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -n 20 >&2 || true
  echo "fleet: the build failed: the whole log is in $log" >&2
  exit 1
}
# A mistake in the sources is one for every way of publishing.
is_source_at_fault() { grep -qE 'error CS[0-9]+' "$log"; }

# ---- the CLI as a native program, which starts several times faster ----
# A compiler alone, without the C library's own files, is no use.
links() { command -v "$1" > /dev/null && printf 'int main(void) { return 0; }' | "$1" -x c -o /dev/null - 2> /dev/null; }
native=true
if [ "${HARMONY_FLEET_NATIVE:-yes}" = no ]; then
  native=false
elif ! links clang && ! links gcc; then
  native=false
  echo "fleet: no C compiler that links is here, so the CLI will start slower than it could (Debian: apt-get install gcc libc6-dev)." >&2
fi

: > "$log"
began=$SECONDS
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1 DOTNET_TieredPGO=0
start_server
if ! publish -property:FleetNative="$native" -property:FleetReadyToRun=true; then
  ! is_source_at_fault || failed
  # Not every feed has the compilers for that, and not every machine what they need.
  [ "$native" = false ] || echo "fleet: the CLI could not be made a native program (see $log), so it will start slower." >&2
  if [ "$native" = false ] || ! publish -property:FleetNative=false -property:FleetReadyToRun=true; then
    ! is_source_at_fault && publish -property:FleetNative=false -property:FleetReadyToRun=false || failed
  fi
fi
end_server
for setup in ${setups[@]+"${setups[@]}"}; do
  [ ! -d "/proc/$setup" ] || echo "fleet: built; what the demo runs is still being installed ..." >&2
  wait "$setup" || true
done

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
