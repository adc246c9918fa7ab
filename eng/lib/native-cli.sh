# Sourced by eng/launcher.sh after inputs.sh and compile.sh, with root set.
#
#   add_native_cli FOLDER   publishes the CLI as a native program into the state in FOLDER, which ./fleet runs from then on
#
# One at a time, with intermediate files of its own: a build in the foreground is never in its way. It works on one state; when another one has
# come meanwhile, it makes way for that. What cannot be is remembered in the state, and what was said in native.log.
# shellcheck shell=bash

# Whether the sources still are those of the state.
is_current() { [ -f "$target/inputs" ] && inputs | cmp -s - "$target/inputs"; }

add_native_cli() {
  local target all="$root/artifacts/launcher" holder holds
  target="$(readlink -f "$1")"
  [ -w "$target" ] && is_current || return 0
  exec 8> "$all/native-lock"
  if ! flock -n 8; then
    read -r holder holds 2> /dev/null < "$all/native-holder" || return 0
    [ "$holds" != "$target" ] || return 0
    kill -TERM "$holder" 2> /dev/null || return 0
    flock -w 10 8 || return 0
  fi
  # Another call may just have come to its end.
  [ ! -x "$target/Harmony.Fleet.Cli.Native/Harmony.Fleet.Cli" ] && [ ! -e "$target/no-native" ] || return 0
  echo "$$ $target" > "$all/native-holder"
  # What may have been half written is not built upon.
  trap 'trap "" TERM; kill -TERM -- "-$$" 2> /dev/null || kill -TERM "${compiler:-}" $server 2> /dev/null; wait; rm -rf "$all/native-obj" "$all/.native"; exit 143' TERM INT HUP
  rm -rf "$all/.native"
  start_server 8>&-
  compile "$all/.native" -property:FleetNative=true 8>&- > "$all/native.log" 2>&1 &
  compiler=$!
  if ! wait "$compiler"; then
    end_server
    echo "the publish failed: see $all/native.log" > "$target/no-native"
  elif is_current; then
    mv -T "$all/.native/Harmony.Fleet.Cli" "$target/Harmony.Fleet.Cli.Native"
  fi
  end_server
  rm -rf "$all/.native"
}
