#!/usr/bin/env bash
# Publishes a program of the fleet as a native binary and packs it.
#
#   eng/package.sh agent --rid linux-x64|linux-arm64 [--output DIR]
#
#   --rid RID      what it shall run on; the other architecture is cross-compiled
#   --output DIR   where the packages go (default: artifacts/packages)
#
# Made are, for example for linux-arm64:
#
#   harmony-fleet-agent_0.1.0-1_arm64.deb                    for Debian 12 and newer
#   harmony-fleet-agent-0.1.0-linux-arm64.tar.xz             the same files, without a package manager
#   harmony-fleet-agent-0.1.0-linux-arm64-dbgsym.tar.xz      debug symbols, found by their build id
#   harmony-fleet-agent-0.1.0-linux-arm64.cdx.json           the bill of materials (CycloneDX)
#   SHA256SUMS                                               of all packages in DIR
#
# The same sources give the same bytes: times are those of the last commit to what goes in, or SOURCE_DATE_EPOCH.
# What is up to date is not made again. Progress goes to stderr; stdout gets the path of each file, the Debian package last.
# Exit codes: 0 done, 1 failed, 2 usage.
set -euo pipefail
export LC_ALL=C TZ=UTC

readonly root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly package=harmony-fleet-agent program=src/Agent/Harmony.Fleet.Agent.csproj assembly=Harmony.Fleet.Agent
readonly sources="$root/packaging/agent"
readonly maintainer="Harmony Fleet maintainers <maintainers@harmony-fleet.invalid>"

say() { printf 'package.sh: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
usage() { say "$1; see eng/package.sh --help"; exit 2; }
help() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0; }

what='' rid='' output="$root/artifacts/packages"
while [ $# -gt 0 ]; do
  case "$1" in
    --rid) [ $# -gt 1 ] || usage "--rid needs linux-x64 or linux-arm64"; rid="$2"; shift ;;
    --output) [ $# -gt 1 ] && [ -n "$2" ] || usage "--output needs a folder"; output="$2"; shift ;;
    -h | --help) help ;;
    -*) usage "'$1' is no option" ;;
    *) [ -z "$what" ] || usage "one thing at a time: '$what' or '$1'"; what="$1" ;;
  esac
  shift
done
case "$what" in
  agent) ;;
  '') usage "what shall be packed? There is: agent" ;;
  *) usage "'$what' cannot be packed: there is only agent" ;;
esac
case "$rid" in
  linux-x64) readonly architecture=amd64 triplet=x86_64-linux-gnu ;;
  linux-arm64) readonly architecture=arm64 triplet=aarch64-linux-gnu ;;
  '') usage "for what machine? Give --rid linux-x64 or --rid linux-arm64" ;;
  *) usage "'$rid' is not supported: linux-x64 and linux-arm64 are" ;;
esac

readonly version="$(sed -n 's/.*<VersionPrefix>\(.*\)<\/VersionPrefix>.*/\1/p' "$root/Directory.Build.props")"
[ -n "$version" ] || die "Directory.Build.props names no VersionPrefix"
readonly debian_version="$version-1"
readonly name="$package-$version-$rid"
readonly native="$root/artifacts/native/$rid"
mkdir -p "$output" "$native" 2>/dev/null && [ -w "$output" ] && [ -w "$native" ] || die "$output and $native must be folders that you can write: choose another with --output, or make them yours"
cd "$output"
readonly output="$PWD"
cd "$root"
. "$root/eng/lib/inputs.sh"

"$root/eng/dotnet.sh"
"$root/eng/native.sh" "$rid"

# One at a time for each platform: both write the same files.
exec 9> "$native/lock"
flock -n 9 || { say "another call is packing for $rid; waiting for it ..."; flock 9; }

# ---- the binary ----
# The projects that $1 is made of, itself included.
projects() {
  local folder="${1%/*}" reference
  echo "$folder"
  sed -n 's/.*<ProjectReference Include="\([^"]*\)".*/\1/p' "$1" | while read -r reference; do
    projects "$(realpath --relative-to=. "$folder/$reference")"
  done
}
mapfile -t folders < <(projects "$program" | sort -u)
mapfile -t settings < <(build_settings)
readonly build_inputs=("${folders[@]}" eng/native.proj eng/native.targets "${settings[@]}")
notices=()
for file in LICENSE THIRD-PARTY-NOTICES.md; do [ ! -f "$file" ] || notices+=("$file"); done
readonly package_inputs=("${build_inputs[@]}" packaging/agent eng/package.sh eng/lib/inputs.sh eng/bom.sh .config/dotnet-tools.json CHANGELOG.md ${notices[@]+"${notices[@]}"})

fingerprint() { { find "$@" -type f -print0 | sort -z | xargs -0 sha256sum; dotnet --version; "$triplet-gcc" --version; } | sha256sum | cut -c 1-32; }

publish() {
  local log="$native/publish.log" began=$SECONDS
  say "publishing $what for $rid ..."
  rm -rf "$native/publish" "$native/published"
  if ! DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 \
    dotnet msbuild eng/native.proj -restore -target:Publish -nodeReuse:false -verbosity:minimal -nologo \
    -property:Program="$program" -property:Platform="$rid" -property:NativeOutput="$native/publish/" < /dev/null > "$log" 2>&1 9>&-; then
    grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
    die "the publish failed: the whole log is in $log"
  fi
  printf '%s\n' "$1" > "$native/published"
  say "published in $((SECONDS - began)) s"
}

readonly build_state="$(fingerprint "${build_inputs[@]}")"
[ "$(cat "$native/published" 2>/dev/null)" = "$build_state" ] || publish "$build_state"
readonly binary="$native/publish/$assembly" symbols="$native/publish/$assembly.dbg"
[ -x "$binary" ] && [ -f "$symbols" ] || die "the publish left no binary or no symbols: remove $native and try again"

# ---- up to date? ----
epoch="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct -- "${package_inputs[@]}" 2>/dev/null || true)}"
[ -n "$epoch" ] || die "this is no git checkout: say when the sources were made, in seconds since 1970, with SOURCE_DATE_EPOCH"
export SOURCE_DATE_EPOCH="$epoch"
readonly deb="${package}_${debian_version}_$architecture.deb"
readonly made=("$name.cdx.json" "$name-dbgsym.tar.xz" "$name.tar.xz" "$deb")
readonly package_state="$epoch $(fingerprint "${package_inputs[@]}")"
answer() { for file in "${made[@]}"; do printf '%s/%s\n' "$output" "$file"; done; }
if [ "$(cat "$output/.$name" 2>/dev/null)" = "$package_state" ] && (cd "$output" && ls "${made[@]}" > /dev/null 2>&1); then
  say "$what for $rid is up to date"
  answer
  exit 0
fi

readonly work="$(mktemp -d "$native/.packing.XXXXXX")"
trap 'rm -rf "$work"' EXIT

# ---- the bill of materials ----
say "writing the bill of materials"
"$root/eng/bom.sh" agent "$work/agent.cdx.json" --artifacts "$native/obj" 2> "$native/bom.log" 9>&- || { tail -n 20 "$native/bom.log" >&2; die "no bill of materials could be made, see above"; }

# The runtime, which is compiled in, comes with licences of its own.
readonly assets="$native/obj/obj/$assembly/project.assets.json" runtime="microsoft.netcore.app.runtime.nativeaot.$rid"
runtime_version="$(jq -r --arg name "pkg:nuget/$runtime@" '.components[].purl | select(ascii_downcase | startswith($name)) | split("@")[1]' "$work/agent.cdx.json")"
readonly runtime_folder="$(jq -r '.packageFolders | keys[0]' "$assets")$runtime/$runtime_version"
[ -n "$runtime_version" ] && [ -d "$runtime_folder" ] || die "the .NET runtime that went into the binary is not where NuGet keeps it ($runtime_folder): remove $native and try again"

# ---- the files ----
fill() {
  sed -e "s|@DEBIAN_VERSION@|$debian_version|; s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@MAINTAINER@|$maintainer|; s|@GLIBC@|$glibc|
    s|@INSTALLED_SIZE@|${installed_size:-0}|; s|@YEAR@|$(date -d "@$epoch" +%Y)|; s|@DATE@|$(date -d "@$epoch" '+%B %-d, %Y')|; s|@LICENSE@|$license|" "$1"
}
# Which C library it needs, as it says itself.
glibc="$("$triplet-objdump" -T "$binary" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)"
readonly glibc="${glibc#GLIBC_}"
license="all rights reserved"
[ ! -f LICENSE ] || license="as in the file LICENSE in this folder"

readonly tree="$work/tree"
readonly documents="$tree/usr/share/doc/$package"
put() { install -D -m "$1" "$2" "$tree/$3"; }
put 755 "$binary" "usr/lib/harmony-fleet/agent/$version/fleet-agent"
mkdir -p "$tree/usr/bin"
ln -s "../lib/harmony-fleet/agent/$version/fleet-agent" "$tree/usr/bin/fleet-agent"
put 644 packaging/agent/fleet-agent.service usr/lib/systemd/system/fleet-agent.service
put 640 packaging/agent/agent.json etc/harmony-fleet/agent.json
put 644 "$work/agent.cdx.json" "usr/share/doc/$package/agent.cdx.json"
put 644 CHANGELOG.md "usr/share/doc/$package/changelog"
for file in ${notices[@]+"${notices[@]}"}; do put 644 "$file" "usr/share/doc/$package/$file"; done
put 644 "$runtime_folder/LICENSE.TXT" "usr/share/doc/$package/dotnet/LICENSE.TXT"
put 644 "$runtime_folder/THIRD-PARTY-NOTICES.TXT" "usr/share/doc/$package/dotnet/THIRD-PARTY-NOTICES.TXT"
fill "$sources/debian/copyright.in" > "$documents/copyright"
mkdir -p "$tree/usr/share/man/man8" "$tree/usr/share/lintian/overrides" "$tree/var/lib/harmony-fleet"
fill "$sources/fleet-agent.8.in" > "$tree/usr/share/man/man8/fleet-agent.8"
cp packaging/agent/debian/lintian-overrides "$tree/usr/share/lintian/overrides/$package"
cat > "$documents/changelog.Debian" <<CHANGELOG
$package ($debian_version) unstable; urgency=medium

  * Version $version of the agent; changelog.gz says what is new.

 -- $maintainer  $(date -R -d "@$epoch")
CHANGELOG

# The folder $2 as the file $1, always in the same order and with the same times.
archive() {
  tar --sort=name --format=gnu --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$2" | xz -T1 "-${3:-6}" > "$output/.making.$1"
  mv -T "$output/.making.$1" "$output/$1"
}
find "$tree" -type d -exec chmod 755 {} +
find "$tree" -type f ! -perm 640 -exec chmod u=rwX,go=rX {} +
chmod 750 "$tree/etc/harmony-fleet"
chmod 700 "$tree/var/lib/harmony-fleet"

# ---- the tarballs ----
say "packing $name.tar.xz"
cp -a "$tree" "$work/$name"
rm -r "$work/$name/usr/share/lintian"
archive "$name.tar.xz" "$name"
readonly build_id="$("$triplet-readelf" -n "$binary" | sed -n 's/.*Build ID: //p')"
install -D -m 644 "$symbols" "$work/$name-dbgsym/usr/lib/debug/.build-id/${build_id:0:2}/${build_id:2}.debug"
archive "$name-dbgsym.tar.xz" "$name-dbgsym" 2 9>&- &
readonly packing_symbols=$!
install -m 644 "$work/agent.cdx.json" "$output/$name.cdx.json"

# ---- the Debian package ----
say "packing $deb"
gzip -9n "$documents/changelog" "$documents/changelog.Debian" "$tree/usr/share/man/man8/fleet-agent.8"
mkdir -m 755 "$tree/DEBIAN"
(cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs -d '\n' md5sum) > "$work/md5sums"
# As dpkg-gencontrol counts: files rounded up to KiB, one for everything else.
installed_size="$(find "$tree" -mindepth 1 -path "$tree/DEBIAN" -prune -o -type f -printf '%s\n' -o -printf '1\n' | awk '{ size += int(($1 + 1023) / 1024) } END { print size }')"
fill "$sources/debian/control.in" > "$tree/DEBIAN/control"
install -m 644 "$work/md5sums" "$sources/debian/conffiles" "$tree/DEBIAN/"
install -m 755 "$sources/debian/postinst" "$sources/debian/prerm" "$sources/debian/postrm" "$tree/DEBIAN/"
chmod 644 "$tree/DEBIAN/control"
find "$tree" -exec touch --no-dereference --date="@$epoch" {} +
dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$tree" "$output/.making.$deb" > /dev/null
mv -T "$output/.making.$deb" "$output/$deb"

# ---- checksums ----
wait "$packing_symbols" || die "the symbols could not be packed"
(
  flock 8
  cd "$output"
  find . -maxdepth 1 -name "$package[_-]*" -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum > .making.sums
  mv -T .making.sums SHA256SUMS
) 8> "$output/.sums.lock" 9>&-
printf '%s\n' "$package_state" > "$output/.$name"
answer
