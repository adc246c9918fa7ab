# Sourced by ./fleet, eng/launcher.sh and eng/package.sh, with root set.
#
#   inputs           what the build of the programs reads, a file a line: by path, size and times
#   build_settings   those of it that stand in the top folder and count for every build, a path a line
#
# The time of the inode is set by the system alone, so that nothing gets past it: a file that was put in another's place, or copied with its old
# time, is as new as one that was edited.
# shellcheck shell=bash

# Patterns all of them, so that one that is not there is no name.
_build_settings='Directory.*.props Directory.*.targets Directory.*.rsp global.jso[n] BannedSymbols.tx[t] .editorconfi[g] .globalconfi[g] [Nn][Uu][Gg][Ee][Tt].[Cc]onfig'

# shellcheck disable=SC2086 # They are to be expanded.
inputs() (
  shopt -s nullglob
  cd "$root" 2> /dev/null
  exec find -L src eng/launcher.* $_build_settings -type f -printf '%p %s %T@ %C@\n'
)

# shellcheck disable=SC2086
build_settings() (
  shopt -s nullglob
  cd "$root"
  printf '%s\n' $_build_settings
)
