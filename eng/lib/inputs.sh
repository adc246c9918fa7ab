# Sourced by ./fleet and eng/launcher.sh, with root set.
#
#   inputs   what the build of the programs reads, a file a line: by path, size and times
#
# The time of the inode is set by the system alone, so that nothing gets past it: a file that was put in another's place, or copied with its old
# time, is as new as one that was edited.
# shellcheck shell=bash

inputs() (
  shopt -s nullglob
  cd "$root"
  exec find -L src eng/launcher.* Directory.*.props Directory.*.targets Directory.*.rsp global.json BannedSymbols.txt .editorconfig .globalconfi[g] \
    [Nn][Uu][Gg][Ee][Tt].[Cc]onfig -type f -printf '%p %s %T@ %C@\n'
)
