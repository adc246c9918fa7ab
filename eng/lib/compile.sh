# Sourced by eng/launcher.sh, with root set.
#
#   start_server            starts a compiler's server of this call's own: one that compiles all projects saves a third of the time
#   compile FOLDER ARG...   publishes eng/launcher.proj under FOLDER
#   end_server              ends the server; nothing outlives the call
#   can_link                whether a C compiler links here, as native programs need
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1 DOTNET_TieredPGO=0
readonly server_id="fleet-$$"
server=

start_server() {
  local folder
  folder="$(dotnet --list-sdks | sed -n 's/^\(10\.[^ ]*\) \[\(.*\)\]$/\2\/\1/p' | tail -n 1)/Roslyn/bincore"
  [ -f "$folder/VBCSCompiler.dll" ] || return 0
  setpriv --pdeathsig TERM dotnet exec "$folder/VBCSCompiler.dll" "-pipename:$server_id" < /dev/null > /dev/null 2>&1 9>&- &
  server=$!
}

end_server() {
  [ -z "$server" ] || kill -TERM "$server" 2> /dev/null || true
  rm -f "${TMPDIR:-/tmp}/$server_id" # its socket
  server=
}

compile() {
  local folder="$1" shared=false
  shift
  [ -z "$server" ] || shared=true
  # No build servers that outlive the call, and nothing that asks or phones home.
  # It runs for less than a minute, and is compiled already: to compile it better meanwhile costs more than it brings.
  exec setpriv --pdeathsig TERM env DOTNET_TieredCompilation=0 dotnet msbuild "$root/eng/launcher.proj" -restore -target:Publish -maxCpuCount -nodeReuse:false -verbosity:minimal -nologo \
    -property:FleetOutput="$folder/" -property:UseSharedCompilation="$shared" -property:SharedCompilationId="$server_id" "$@" < /dev/null
}

# A compiler alone, without the C library's own files, is no use.
links() { command -v "$1" > /dev/null && "$1" -x c -o /dev/null - <<< 'int main(void) { return 0; }' > /dev/null 2>&1; }
can_link() { links clang || links gcc; }
