# Sourced by eng/launcher.sh after inputs.sh and compile.sh, with root set.
#
#   add_ahead FOLDER   publishes the programs compiled ahead of time into the state in FOLDER, from which ./fleet runs them from then on
#
# One at a time, with intermediate files of its own: a build in the foreground is never in its way. It works on one state; when another one has
# come meanwhile, it makes way for that. What is there already is never touched: the folder Ahead comes with all three programs at once. What
# cannot be is remembered in the state for a day (no-native), and what was said in ahead.log.
# shellcheck shell=bash

# Whether the sources still are those of the state.
is_current() { [ -f "$target/inputs" ] && inputs | cmp -s - "$target/inputs"; }

# The operator and the agent for the runtime, which makes their documents by reflection; the CLI as a native program ($1), or for the runtime too.
compile_ahead() {
  local code=0
  rm -rf "$all/.ahead"
  compile "$all/.ahead" -property:FleetAhead=true -property:FleetReadyToRun="$2" -property:FleetNative="$1" 8>&- >> "$all/ahead.log" 2>&1 &
  compiler=$!
  wait "$compiler" || code=$?
  return "$code"
}

add_ahead() {
  local target all="$root/artifacts/launcher" holder holds native=false
  target="$(readlink -f "$1")"
  [ -w "$target" ] && is_current || return 0
  exec 8> "$all/ahead-lock"
  if ! flock -n 8; then
    read -r holder holds 2> /dev/null < "$all/ahead-holder" || return 0
    [ "$holds" != "$target" ] || return 0
    # It may be of the one before, which has ended, and the number another process's by now.
    [[ "$(tr '\0' ' ' 2> /dev/null < "/proc/$holder/cmdline")" == *"$root/eng/launcher.sh --ahead "* ]] || return 0
    kill -TERM "$holder" 2> /dev/null || return 0
    flock -w 10 8 || return 0
  fi
  # Another call may just have come to its end.
  [ ! -d "$target/Ahead" ] && { [ ! -e "$target/no-native" ] || [ -n "$(find "$target/no-native" -mmin +1440)" ]; } || return 0
  echo "$$ $target" > "$all/ahead-holder"
  # What may have been half written is not built upon.
  trap 'trap "" TERM; kill -TERM -- "-$$" 2> /dev/null || kill -TERM "${compiler:-}" $server 2> /dev/null; wait; rm -rf "$all/ahead-obj" "$all/.ahead"; exit 143' TERM INT HUP
  : > "$all/ahead.log"
  ! can_link || native=true
  start_server 8>&-
  # Not every feed has every compiler, and not everything links that calls itself a C compiler.
  if compile_ahead "$native" true || compile_ahead false true || { [ "$native" = true ] && compile_ahead true false; }; then
    ! is_current || mv -T "$all/.ahead" "$target/Ahead"
  else
    echo "the publish failed: see $all/ahead.log" > "$target/no-native"
  fi
  end_server
  rm -rf "$all/.ahead" "$all/ahead-holder"
}
