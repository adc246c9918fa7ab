#!/usr/bin/env bash
# Writes the bill of materials of a program: every package that is shipped in it, with version, licence and hash, as CycloneDX 1.6 in JSON.
#
#   eng/bom.sh agent|operator|cli FILE [--artifacts DIR]
#
#   FILE              what to write; the folder must be there
#   --artifacts DIR   the ArtifactsPath that the program was published with: what was restored for that publish is told, and the .NET runtime
#                     where it was compiled in (default: artifacts, which a build of the solution filled; where nothing was restored it is now)
#
# The same sources give the same bytes: the time in it is that of the last commit, or SOURCE_DATE_EPOCH.
# Progress goes to stderr. Exit codes: 0 done, 1 failed, 2 usage.
set -euo pipefail
export LC_ALL=C TZ=UTC DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf 'bom.sh: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
usage() { say "$1; see eng/bom.sh --help"; exit 2; }

program='' file='' artifacts=''
while [ $# -gt 0 ]; do
  case "$1" in
    --artifacts) [ $# -gt 1 ] && [ -n "$2" ] || usage "--artifacts needs a folder"; artifacts="$2"; shift ;;
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    -*) usage "'$1' is no option" ;;
    *) if [ -z "$program" ]; then program="$1"; elif [ -z "$file" ]; then file="$1"; else usage "what is '$1'?"; fi ;;
  esac
  shift
done
case "$program" in
  agent) readonly assembly=Harmony.Fleet.Agent project=src/Agent name=fleet-agent ;;
  operator) readonly assembly=Harmony.Fleet.Operator project=src/Operator name=fleet-operator ;;
  cli) readonly assembly=Harmony.Fleet.Cli project=src/Cli name=fleet ;;
  '') usage "of which program? There are: agent, operator, cli" ;;
  *) usage "'$program' is no program: there are agent, operator, cli" ;;
esac
[ -n "$file" ] || usage "where to? Name a file"
folder="$(cd "$(dirname "$file")" 2>/dev/null && pwd)" || die "the folder of $file is not there"
readonly folder target="$folder/${file##*/}"
command -v jq > /dev/null || die "jq is missing: install it (Debian: apt-get install jq)"

readonly version="$(sed -n 's/.*<VersionPrefix>\(.*\)<\/VersionPrefix>.*/\1/p' "$root/Directory.Build.props")"
readonly epoch="${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || true)}"
[ -n "$epoch" ] || die "this is no git checkout: say when the sources were made, in seconds since 1970, with SOURCE_DATE_EPOCH"

readonly work="$(mktemp -d)"
export TMPDIR="$work" # The tool leaves folders behind.
trap 'rm -rf "$work"' EXIT
run() { "$@" > "$work/log" 2>&1 < /dev/null || { tail -n 20 "$work/log" >&2; die "'$*' failed"; }; }

# ---- what was restored ----
readonly restored="${artifacts:-$root/artifacts}"
readonly assets="$restored/obj/$assembly/project.assets.json"
if [ ! -f "$assets" ]; then
  [ -z "$artifacts" ] || die "$assets is not there: publish the program with -p:ArtifactsPath=$artifacts first"
  say "restoring $project"
  run dotnet restore "$root/$project"
fi

# ---- the packages ----
cd "$root"
run dotnet tool restore
run dotnet tool run dotnet-CycloneDX -- "$project/$assembly.csproj" --disable-package-restore --exclude-dev --base-intermediate-output-path "$restored" \
  --no-serial-number --output-format UnsafeJson --spec-version 1.6 --set-name "$name" --set-version "$version" --output "$work" --filename bill.json

# ---- the runtime, which the tool does not know: a native program has it compiled in ----
runtimes() {
  local id number hash packages
  packages="$(jq -r '.packageFolders | keys[0]' "$assets")"
  jq -r '[.project.frameworks[].downloadDependencies[]? | select(.name | ascii_downcase | startswith("microsoft.netcore.app.runtime.nativeaot."))]
    | unique | .[] | "\(.name) \(.version)"' "$assets" | sed 's/\[\([^,]*\),.*/\1/' | while read -r id number; do
    hash="$packages/${id,,}/$number/${id,,}.$number.nupkg.sha512"
    [ -f "$hash" ] || die "the .NET runtime that went into the program is not where NuGet keeps it ($hash): publish it again"
    jq -n --arg id "$id" --arg version "$number" --arg hash "$(base64 -d < "$hash" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)" '
      "pkg:nuget/\($id)@\($version)" as $purl
      | { type: "framework", "bom-ref": $purl, name: $id, version: $version, scope: "required", purl: $purl,
          description: "The .NET runtime and its libraries, compiled into the program.",
          hashes: [{ alg: "SHA-512", content: $hash }], licenses: [{ license: { id: "MIT" } }] }'
  done
}
runtimes > "$work/runtimes"

# SQLite names no licence in its package: it is in the public domain, which SPDX lists as its blessing.
jq --arg time "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" --slurpfile runtimes "$work/runtimes" '
  if (.components | length) == 0 then error("it names no component") else . end
  | .metadata.timestamp = $time
  | .components |= map(if .name == "SQLite" and (.licenses // [] | length) == 0 then .licenses = [{ license: { id: "blessing" } }] else . end)
  | .components += $runtimes
  | .dependencies[0].dependsOn += [$runtimes[].purl] | .dependencies += [$runtimes[] | { ref: .purl }]' "$work/bill.json" > "$work/done.json" ||
  die "what the tool wrote is of no use"
mv "$work/done.json" "$target"
say "wrote $target: $(jq '.components | length' "$target") components"
