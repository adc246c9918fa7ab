# Sourced by eng/launcher.sh: shows one step on stderr as the CLI shows its own (src/Cli/Steps): a mark, a title, the time, and what came of it, in one
# line that fits the terminal; plain lines where there is none.
#
#   step_begins TITLE
#   step_ticks COMMAND...   draws it anew twice a second, with what COMMAND prints, until step_still; nothing where there is no terminal
#   step_still
#   step_done DETAIL, step_failed
# shellcheck shell=bash

spins='|/-\' done_mark='+' failed_mark='x'
case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) spins='⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏' done_mark='✓' failed_mark='✗' ;; esac
# A locale that is named and not installed counts bytes.
[ "${#spins}" = 4 ] || [ "${#spins}" = 10 ] || spins='|/-\'
live=false
if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then live=true; fi
ticker=

microseconds() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

step_begins() {
  title="$1" began="$(microseconds)"
  [ "$live" = true ] || echo "$title ..." >&2
}

step_ticks() {
  [ "$live" = true ] || return 0
  draw_steadily "$@" 9>&- &
  ticker=$!
}

step_still() {
  [ -n "$ticker" ] || return 0
  kill "$ticker" 2> /dev/null || true
  wait "$ticker" 2> /dev/null || true
  ticker=
  printf '\r\033[K' >&2
}

step_done() { conclude "$done_mark" "$1" 32; }
step_failed() { conclude "$failed_mark" failed 31; }

draw_steadily() {
  local turn=0
  while kill -0 $$ 2> /dev/null; do
    draw "${spins:turn++ % ${#spins}:1}" "$("$@")"
    sleep 0.5
  done
}

conclude() {
  if [ "$live" = false ]; then echo "$title: $2 ($(took))" >&2; return; fi
  local mark="$1"
  [ -n "${NO_COLOR:-}" ] || mark="$(printf '\033[%sm%s\033[0m' "$3" "$1")"
  draw "$mark" "$2"
  echo >&2
}

# A detail that has no room beside the time is cut.
draw() {
  local columns line
  columns="$(stty size <&2 2> /dev/null)" && columns="${columns#* }" || columns=80
  [ "${columns:-0}" -gt 0 ] || columns=80
  line="$(printf '%-26s %11s  %s' "$title" "$(took)" "$2")"
  printf '\r\033[K%s %s' "$1" "${line:0:columns-3}" >&2
}

took() {
  local tenths=$((($(microseconds) - began) / 100000))
  if [ "$tenths" -lt 600 ]; then printf '%d.%d s' $((tenths / 10)) $((tenths % 10)); else printf '%d min %d s' $((tenths / 600)) $((tenths / 10 % 60)); fi
}
