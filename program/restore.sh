#!/bin/sh
# Brings the service back from this folder with nothing but Docker (or Podman):
#
#     sh restore.sh NAME [BASE-IMAGE]
#
# NAME is for the new container. On the release that the service ran on (the default base) everything comes back as it was.
# On a newer one this does what it can; `perennial restore` does more: it merges configuration files with today's, and follows
# packages and paths that were renamed.
# ENGINE=podman chooses the engine, PUBLISH=no publishes no ports, CHECK=no takes a folder that was changed.
# Exit code 0: done. 1: failed. 3: done, but for what lines with a "!" say.
set -eu
cd "$(dirname -- "$0")"

#@service@

say() { printf '== %s\n' "$*"; }
fail() { printf 'restore.sh: %s\n' "$*" >&2; exit 1; }
left() { printf '! %s\n' "$*"; status=3; }

name=${1:-}
base=${2:-$default_base}
image=perennial-restored:$name
place=/var/lib/perennial # in the container
status=0
case $name in '' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.-]*)
  fail 'usage: sh restore.sh NAME [BASE-IMAGE] (a NAME has letters, digits, _ . -)' ;;
esac
engine=${ENGINE:-}
for one in docker podman; do
  if [ -z "$engine" ] && command -v "$one" >/dev/null; then engine=$one; fi
done
[ -n "$engine" ] || fail 'there is neither docker nor podman on this machine'
"$engine" ps >/dev/null || fail "$engine does not work here, see above"

# 1. Is the folder as it was written? (BagIt, RFC 8493. A % stands for an encoded name, which sha256sum does not know.)
sums=sha256sum
command -v sha256sum >/dev/null || sums='shasum -a 256'
if [ "${CHECK:-}" = no ] || ! command -v "${sums%% *}" >/dev/null; then
  say 'The folder is not checked'
else
  say 'Checking the folder'
  # shellcheck disable=SC2086 # two words
  checked=$(grep -hv % manifest-sha256.txt tagmanifest-sha256.txt | LC_ALL=C $sums -c 2>&1) ||
    fail "the folder is damaged: $(printf '%s\n' "$checked" | grep -v ': OK$')"
fi

# 2. Nothing that exists is touched.
"$engine" container inspect "$name" >/dev/null 2>&1 && fail "a container $name exists: take another name, or $engine rm -f $name"
for volume in $volumes; do
  "$engine" volume inspect "$name-$volume" >/dev/null 2>&1 &&
    fail "a volume $name-$volume exists: take another name, or $engine volume rm $name-$volume"
done

# 3. The operating system and its packages, which can be had again: the Dockerfile's steps.
say "Building $image on $base"
build_image || fail 'the image does not build, see above. Is this release still served? Else try a newer BASE-IMAGE.'

# 4. A container with the old options. Its main process waits until the data is back.
say "Starting $name"
for volume in $volumes; do "$engine" volume create "$name-$volume" >/dev/null; done
if ! start_container >/dev/null; then
  "$engine" rm -f "$name" >/dev/null 2>&1 || :
  for volume in $volumes; do "$engine" volume rm "$name-$volume" >/dev/null || :; done
  fail 'the container does not start, see above. If a port is taken: PUBLISH=no'
fi
trap 'echo "$name is not finished and stays for a look; \"$engine rm -f $name\" removes it" >&2' EXIT

# 5. The Mutable data, by restore/apply.sh in the container: packages and accounts first, since owners are found by name; then the
#    data; then what only commands can put back; then exports of databases.
apply() { "$engine" exec -i -u 0 "$name" sh "$place/program/apply.sh" "$@"; }
payload() { if [ "$packed" ]; then cat data/payload.tar.zst; else zstd -dc data/payload.tar.zst; fi; }
packed=
command -v zstd >/dev/null || packed=zstd # then it is unpacked in the container
"$engine" exec -u 0 "$name" mkdir -p "$place"
"$engine" cp restore "$name:$place/program"
if [ -d data/pristine/etc ]; then "$engine" cp data/pristine/etc "$name:$place/program/image"; fi
say 'Packages'
apply packages "$packed" </dev/null
say 'Accounts'
payload | apply accounts "$packed"
say 'Data'
payload | apply data "$packed"
apply settle </dev/null
load_exports

# 6. The main process goes on, and the daemons are started as their owner did.
apply finish </dev/null || status=3
notes
if [ -n "$start" ]; then
  say "Starting the service: $start"
  "$engine" exec -u 0 "$name" sh -c "$start" || left 'the start command failed, see above'
fi
"$engine" exec -u 0 "$name" true || fail "the main process has ended, see: $engine logs $name"
trap - EXIT
say "$name runs at $("$engine" inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$name")"
exit "$status"
