# Sourced by the scripts of eng/ that take Debian packages from the archive without installing them on the machine: through an apt
# configuration of their own, from the mirror that the machine's own apt sources name, with apt's own signature checks. No root is needed.
# Its functions have local names of the plain kind (root, suite, uri, into ...): a caller must not make those readonly.
# shellcheck shell=bash

readonly apt_etc="${HARMONY_FLEET_APT_ETC:-/etc/apt}"

# The archive addresses ("URI keyring") of Debian's own suites in the machine's sources: deb822 files first, then one-line ones.
archives() {
  local files=() file
  for file in "$apt_etc"/sources.list.d/*.sources; do [ -r "$file" ] && files+=("$file"); done
  if [ "${#files[@]}" -gt 0 ]; then
    awk '
      function flush(  i, n, list) {
        if (types ~ /(^| )deb( |$)/ && components ~ /(^| )main( |$)/ && debian(suites) && enabled != "no") {
          n = split(uris, list, " ")
          for (i = 1; i <= n; i++) print list[i], (signed ~ /^\// ? signed : "-")
        }
        types = uris = suites = components = signed = enabled = field = ""
      }
      function debian(s) { return s ~ /(^| )(bookworm|trixie|forky|sid|stable|testing|unstable)( |$)/ }
      function add(text) { if (field == "types") types = types " " text; else if (field == "uris") uris = uris " " text
        else if (field == "suites") suites = suites " " text; else if (field == "components") components = components " " text
        else if (field == "signed-by") signed = signed text; else if (field == "enabled") enabled = tolower(text) }
      FNR == 1 && NR > 1 { flush() }
      /^#/ { next }
      /^[ \t]*$/ { flush(); next }
      /^[ \t]/ { sub(/^[ \t]+/, ""); add($0); next }
      { field = tolower(substr($0, 1, index($0, ":") - 1)); text = substr($0, index($0, ":") + 1); gsub(/^[ \t]+|[ \t]+$/, "", text); gsub(/[ \t]+/, " ", text); add(text) }
      END { flush() }' "${files[@]}"
  fi
  files=()
  for file in "$apt_etc"/sources.list "$apt_etc"/sources.list.d/*.list; do [ -r "$file" ] && files+=("$file"); done
  if [ "${#files[@]}" -gt 0 ]; then
    awk '
      $1 == "deb" {
        line = $0; signed = "-"
        if (match(line, /\[[^]]*\]/)) {
          options = substr(line, RSTART + 1, RLENGTH - 2); line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
          if (match(options, /signed-by=[^ ]+/)) signed = substr(options, RSTART + 10, RLENGTH - 10)
        }
        sub(/#.*/, "", line); n = split(line, part, /[ \t]+/)
        if (part[3] !~ /^(bookworm|trixie|forky|sid|stable|testing|unstable)$/) next
        for (i = 4; i <= n; i++) if (part[i] == "main") { print part[2], signed; break }
      }' "${files[@]}"
  fi
}

keyring_for() {
  local candidate
  for candidate in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp "$1"; do
    if [ "$candidate" != - ] && [ -r "$candidate" ]; then printf '%s' "$candidate"; return; fi
  done
}

# A path as apt reads it in its configuration: each byte but letters and digits by its number. Within quotes it knows no escapes.
apt_path() {
  local LC_ALL=C text="$1" at
  for ((at = 0; at < ${#text}; at++)); do
    case "${text:at:1}" in
      [A-Za-z0-9]) printf '%s' "${text:at:1}" ;;
      *) printf '%s' "${text:at:1}" | od -An -v -tx1 | tr -d '\n' | sed 's/ /%/g' ;;
    esac
  done
}

# A whole apt configuration of its own in $1, which knows one suite ($2) of one archive ($3, signed by $4), for the architecture $5 (the machine's).
configure_apt() {
  local root="$1" suite="$2" uri="$3" keyring="$4" architecture="${5:-$(dpkg --print-architecture)}" path
  rm -rf "$root"
  mkdir -p "$root/etc/sources.list.d" "$root/etc/preferences.d" "$root/state/lists/partial" "$root/cache/archives/partial"
  : > "$root/state/status"
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nTargets: Packages\n' "$uri" "$suite"
    [ -z "$keyring" ] || printf 'Signed-By: %s\n' "$keyring"
  } > "$root/etc/sources.list.d/archive.sources"
  path="$(apt_path "$root")"
  cat > "$root/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts $path/etc/sources.list.d;
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts $path/etc/preferences.d;
Dir::State $path/state;
Dir::State::lists $path/state/lists;
Dir::State::status $path/state/status;
Dir::State::extended_states $path/state/extended_states;
Dir::Cache $path/cache;
Dir::Cache::archives $path/cache/archives;
APT::Architecture "$architecture";
#clear APT::Architectures;
APT::Architectures { "$architecture"; };
APT::Sandbox::User "$(id -un)";
APT::Get::List-Cleanup "false";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
CONF
}

# Unpacks packages of an architecture ($2) and a suite ($3), with all that they depend on, into the folder $1; no script of theirs runs.
# What apt and dpkg said is in $work/log; the caller has made $work, and says what goes on.
unpack_packages() {
  local into="$1" architecture="$2" suite="$3" uri signed package
  shift 3
  while read -r uri signed; do
    configure_apt "$work/apt" "$suite" "$uri" "$(keyring_for "$signed")" "$architecture"
    apt-get -q -c "$work/apt/apt.conf" update >> "$work/log" 2>&1 || continue
    apt-get -q -y -c "$work/apt/apt.conf" -o Dpkg::Use-Pty=0 install --download-only --no-install-recommends "$@" >> "$work/log" 2>&1 || continue
    rm -rf "$into"
    # Debian's layout since 12: what packages put in /bin, /sbin and /lib lies in /usr.
    mkdir -p "$into"/usr/{bin,sbin,lib}
    ln -s usr/bin "$into/bin"
    ln -s usr/sbin "$into/sbin"
    ln -s usr/lib "$into/lib"
    [ "$architecture" != amd64 ] || { mkdir "$into/usr/lib64" && ln -s usr/lib64 "$into/lib64"; }
    mkdir -p "$into/var/lib/dpkg/info"
    for package in "$work"/apt/cache/archives/*.deb; do
      dpkg-deb --fsys-tarfile "$package" | tar -x -C "$into" --keep-directory-symlink --no-same-owner >> "$work/log" 2>&1 || return 1
      # dpkg there knows what it has, so that what is installed on it finds what it depends on.
      dpkg-deb --field "$package" | sed '1a Status: install ok installed' >> "$into/var/lib/dpkg/status"
      echo >> "$into/var/lib/dpkg/status"
    done
    return 0
  done < <(archives | sort -u)
  return 1
}
