#!/bin/sh
# Puts files of packages of npm and gem back out of the packages' own archives, which are back already. `archives` has the paths of these,
# `unpacked` a line for each file, with tabs between: sha256, mode, owner:group, seconds, path. What is missing is said with a "!".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tab=$(printf '\t')

# npm's archive is a gzipped tar; a .gem is a tar with one in it.
unpack() {
  if gzip -t "$1" 2>/dev/null; then cat "$1"; else tar -x -O -f "$1" data.tar.gz; fi |
    tar -x -z -f - -C "$2" --no-same-owner --no-same-permissions --warning=no-timestamp
}

number=0
while IFS= read -r archive; do
  number=$((number + 1))
  mkdir "$work/$number"
  unpack "$archive" "$work/$number" || echo "! this archive cannot be unpacked: $archive"
done <archives
find "$work" -mindepth 2 -type f -print0 | xargs -0 -r sha256sum -- | awk '
  NR == FNR { if (!/^\\/) found[substr($0, 1, 64)] = substr($0, 67); next }
  { sum = substr($0, 1, 64); print (sum in found ? found[sum] : "-") substr($0, 65) }
' - unpacked >"$work/files"
while IFS=$tab read -r source mode owner seconds path; do
  if [ "$source" = - ]; then
    echo "! no archive of a package has this file: $path"
  elif ! { cp --remove-destination -- "$source" "$path" && chown -- "$owner" "$path" &&
    chmod -- "$mode" "$path" && touch -d "@$seconds" -- "$path"; }; then
    echo "! this file could not be put back: $path"
  fi
done <"$work/files"
