#!/bin/sh
# The part of restore.sh that runs in the new container, as root, a stage at a time, with what every Debian has: dpkg, apt, awk,
# GNU tar, xargs. In files that end in 0 a NUL ends each value. What does not work is said with a "!", and it goes on.
set -eu
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
cd /var/lib/perennial/program

say() { printf '%s\n' "$*" | tr '\001-\011\013-\037\177' '?'; }
left() {
  say "! $*"
  : >left
}
attempt() { "$@" || left "this did not work: $*"; }
unpack() { if [ "$packed" = zstd ]; then zstd -dc; else cat; fi; }
same_release() (
  . /etc/os-release
  [ "$ID ${VERSION_ID:-}" = "$(cat release)" ]
)
installed() { dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u; }
get() {
  [ -e updated ] || apt-get -q update >apt.log 2>&1 || left "apt-get update: $(tail -n 1 apt.log)"
  : >updated
  apt-get -y -q --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@" >apt.log 2>&1 </dev/null
}

# What the old system had and this one lacks: all at once, or one by one when that fails.
packages() {
  get # the lists
  apt-cache pkgnames | sort -u >known
  installed >have
  comm -23 packages have | comm -23 - known | while read -r one; do left "there is no package $one today"; done
  # On another release nobody wants the old libraries and interpreters.
  if same_release; then cat automatic; else grep -Ev '^(lib|python|perl|gcc|cpp|php|ruby)' automatic || :; fi |
    sort -u - packages | comm -12 - known | comm -23 - have >wanted
  # shellcheck disable=SC2046 # a package name is one word
  [ ! -s wanted ] || get $(cat wanted) || while read -r one; do
    get "$one" || left "package $one: $(grep '^E:' apt.log | tail -n 1)"
  done <wanted
  # shellcheck disable=SC2046
  set -- $(comm -12 wanted automatic)
  [ $# = 0 ] || apt-mark auto "$@" >apt.log || :
}

# A program that only the restore needs: finish takes it out again.
borrow() {
  if command -v "$1" >/dev/null; then return; fi
  installed >have
  get "$2" || left "package $2: $(tail -n 1 apt.log)"
  installed | comm -13 have - >>borrowed
}

case $1 in
packages)
  chmod 700 .
  # Maintainer scripts ask this program whether they may start a daemon (invoke-rc.d).
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    : >policy-rc.d
  fi
  same_release || say "This is not the old release ($(cat release)): configuration files come as they were then."
  installed >have
  if [ -n "$(sort -u packages automatic | comm -23 - have)" ]; then packages; fi
  # What the owner had removed; dpkg refuses what something else needs.
  installed | comm -12 - removed | while read -r one; do attempt dpkg --remove "$one" </dev/null; done
  if [ -e purged ]; then
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^config-files //p' | sort -u | comm -12 - purged |
      while read -r one; do attempt dpkg --purge "$one" </dev/null; done
  fi
  if [ "$2" = zstd ]; then borrow zstd zstd; fi
  if [ -e acls0 ]; then borrow setfacl acl; fi
  if [ -e xattrs0 ]; then borrow setfattr attr; fi
  ;;

# Accounts are records: merged by name, never overwritten.
accounts)
  packed=$2
  umask 077
  mkdir -p old/etc new out image
  [ ! -s accounts ] || unpack | tar -x -f - -C old --no-same-owner --occurrence=1 --files-from=accounts
  for file in passwd group shadow gshadow subuid subgid; do
    if [ -e "/etc/$file" ]; then cp "/etc/$file" new/; fi
  done
  awk -f accounts.awk
  for file in passwd group shadow gshadow subuid subgid; do
    [ -s "out/$file" ] || continue
    if [ ! -e "/etc/$file" ]; then
      case $file in *shadow) install -m 640 -g shadow /dev/null "/etc/$file" ;; *) install -m 644 /dev/null "/etc/$file" ;; esac
    fi
    cat "out/$file" >"/etc/$file"
  done
  rm -rf old new out image
  ;;

data)
  packed=$2
  if [ -e diversions.sh ]; then . ./diversions.sh </dev/null; fi
  # Deletions are state, too: files and empty folders, never a tree. On another release its programs stay.
  where='^/(etc|home|media|mnt|opt|root|srv|usr/local|var)/'
  if same_release; then where=; fi
  if [ -e deleted-files0 ]; then
    LC_ALL=C grep -zaE "$where" deleted-files0 | xargs -0 -r rm -f -- || left 'files that the owner had deleted are here again'
  fi
  if [ -e deleted-folders0 ]; then
    LC_ALL=C grep -zaE "$where" deleted-folders0 | xargs -0 -r rmdir --ignore-fail-on-non-empty -- 2>/dev/null || :
  fi
  # Owners by name, every attribute; links to folders (/lib -> usr/lib) stay as they are here; records are not laid over.
  set -- --extract --file=- --directory=/ --preserve-permissions --same-owner --xattrs '--xattrs-include=*' \
    --xattrs-exclude=security.selinux --acls --keep-directory-symlink --warning=no-timestamp \
    --no-recursion --anchored --exclude-from=records
  # What packages and build steps had made, today's make anew.
  same_release || set -- "$@" --exclude-from=made-by-packages
  if [ -e links-across ]; then set -- "$@" --exclude-from=links-across; fi
  unpack | tar "$@" || left 'tar could not put everything back, see above'
  # Hard links do not go from one mount to another.
  if [ -e copies0 ]; then xargs -0 -n 2 cp -a --remove-destination -T -- <copies0 || left 'names of a file in two mounts are missing'; fi
  if [ -e unpacked ]; then
    sh unpack.sh >unpack.log 2>&1 || left "packages of npm and gem: $(tail -n 1 unpack.log)"
    if [ -s unpack.log ]; then left "$(cat unpack.log)"; fi
  fi
  ;;

# What only commands can put back.
settle)
  if [ -e overrides.sh ]; then . ./overrides.sh; fi
  if [ -e languages ]; then
    sh languages.sh languages >languages.log 2>&1 || left "language packages: $(tail -n 1 languages.log)"
    say "$(cat languages.log)"
    if grep -q '^!' languages.log; then : >left; fi
  fi
  for list in folders attributes acls xattrs; do
    if [ -e "${list}0" ]; then xargs -0 -n 3 sh apply.sh "$list" <"${list}0"; fi
  done
  ;;

# PATH OWNER:GROUP MODE of folders below /run, which nothing else makes.
folders)
  if [ ! -e "$2" ] && [ ! -L "$2" ]; then
    attempt mkdir -p -- "$2"
    attempt chown -- "$3" "$2"
    attempt chmod -- "$4" "$2"
  fi
  ;;
# PATH OWNER:GROUP MODE of files whose content is a package's. chown takes setuid bits and capabilities away, so it comes first.
attributes)
  if [ ! -e "$2" ] || [ -L "$2" ]; then
    left "it is not here, so it cannot have its mode and owner: $2"
  else
    attempt chown -- "$3" "$2"
    attempt chmod -- "$4" "$2"
  fi
  ;;
acls) # PATH ACCESS DEFAULT
  [ -z "$3" ] || printf '%s\n' "$3" | attempt setfacl --set-file=- -- "$2"
  [ -z "$4" ] || printf '%s\n' "$4" | attempt setfacl -d --set-file=- -- "$2"
  ;;
xattrs) attempt setfattr -n "$3" -v "$4" -- "$2" ;; # PATH NAME VALUE

finish)
  # shellcheck disable=SC2046
  [ ! -s borrowed ] || dpkg --purge $(cat borrowed) >apt.log 2>&1 || left "only the restore needed these packages: $(cat borrowed)"
  if [ -e policy-rc.d ]; then rm /usr/sbin/policy-rc.d; fi
  if [ -e updated ]; then rm -rf /var/lib/apt/lists/* && apt-get clean; fi
  code=0
  if [ -e left ]; then code=3; fi
  cd /
  rm -rf /var/lib/perennial/program
  chmod 755 /var/lib/perennial
  : >/var/lib/perennial/restored # the main process waits for this
  exit "$code"
  ;;
esac
