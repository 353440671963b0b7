#!/bin/sh
# Has pip install again what was left out of the bag. Lines of the list, with tabs between: environment, its Python then, what to do
# (install, kept, edited), NAME==VERSION or a path. What a person has to look at is said with a "!".
set -eu
list=$1
export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tab=$(printf '\t')

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || :; }
install() { "$python" -m pip install -q --no-deps --no-cache-dir "$@" >"$work/log" 2>&1 </dev/null; }

# One distribution: the version of then, else today's.
one() {
  if install "$1"; then
    echo "pip installed again in $environment: $1"
    return
  fi
  reason=$(grep -i '^ *error' "$work/log" | tail -n 1 | cut -c 1-300)
  if install "${1%%==*}"; then
    echo "! $1 cannot be installed in $environment today ($reason); today's version of it was installed instead"
  else
    echo "! $1 cannot be installed in $environment: $reason"
  fi
}

environment() {
  python=python3
  [ ! -e "$environment/pyvenv.cfg" ] || python=$environment/bin/python3
  today=$(version_of "$python")
  if [ "$python" != python3 ] && { [ "$today" != "$old" ] || ! "$python" -m pip --version >/dev/null 2>&1; }; then
    # A virtual environment belongs to one version of Python; this keeps what else is in it.
    site=
    if grep -qi '^include-system-site-packages *= *true' "$environment/pyvenv.cfg"; then site=--system-site-packages; fi
    python3 -m venv ${site:+"$site"} "$environment" >"$work/log" 2>&1 || echo "! python3 -m venv $environment: $(tail -n 1 "$work/log")"
    today=$(version_of "$python")
  fi
  : >"$work/stamp"
  grep "^$environment$tab$old${tab}install$tab" "$list" | cut -f 4 >"$work/wanted" || :
  if [ -s "$work/wanted" ]; then
    if install -r "$work/wanted"; then
      echo "pip installed again in $environment: $(tr '\n' ' ' <"$work/wanted")"
    else
      while read -r name; do one "$name"; done <"$work/wanted"
    fi
  fi
  if [ "$python" != python3 ]; then
    find "$environment" -newer "$work/stamp" -exec chown -h "$(stat -c %u:%g "$environment")" {} +
  fi
  # Where the plan moved the folder along, today's Python finds what is in it.
  [ "$today" = "$old" ] || [ ! -d "$environment/lib/python$old" ] || grep "^$environment$tab$old$tab\(kept\|edited\)$tab" "$list" | cut -f 3,4 | while read -r what name; do
    echo "! $name ($what) is back in the folder of Python $old of $environment, where Python ${today:-(none)} does not look"
  done
}

cut -f 1,2 "$list" | sort -u | while IFS=$tab read -r environment old; do environment; done
