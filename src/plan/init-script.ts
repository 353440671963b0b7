import { shellWord } from '../system/shell-quote.ts';
import { fillSpecifiers, parseUnitCommand, splitWords, type UnitCommand } from './unit-command.ts';
import { findSetting, type UnitSection } from './unit-file.ts';

/**
 * Compiles a service unit to an init script (`/etc/init.d/NAME start|stop|restart|reload|status`), for systems that no
 * systemd runs on: containers, and start scripts from the time when the package had an init script of its own.
 * Sandboxing, limits and ordering are left out: they do not change what the daemon is. systemd.service(5), systemd.exec(5).
 * @returns undefined for a unit that starts nothing by itself
 */
export function compileInitScript(
  name: string,
  unit: ReadonlyMap<string, UnitSection>,
  source: string,
): string | undefined {
  const service = unit.get('Service');
  const specifiers = specifiersOf(name);
  const commands = (key: string) => (service?.get(key) ?? []).map(text => parseUnitCommand(text, specifiers));
  const main = commands('ExecStart');
  if (!service || main.length === 0) return undefined;
  const type = findSetting(service, 'Type') ?? 'simple';
  const ownPidFile = findSetting(service, 'PIDFile');
  const pidFile = fillSpecifiers(ownPidFile ?? `perennial-${name}.pid`, specifiers).replace(/^(?!\/)/, '/run/');
  const user = fillSpecifiers(
    findSetting(service, 'User') ?? (findSetting(service, 'DynamicUser') === 'yes' ? name : ''),
    specifiers,
  );
  const stop = commands('ExecStop');
  const reload = commands('ExecReload');
  const start = [
    ...prepare(service, user, specifiers),
    ...commands('ExecStartPre').map(runLine),
    ...(type === 'oneshot' || type === 'forking' ? main.map(runLine) : main.map(backgroundLine)),
    ...commands('ExecStartPost').map(each => runLine({ ...each, mayFail: true })),
  ];
  if (type === 'forking' && ownPidFile === undefined) start.push(`pidof -s ${main[0]!.program} > "$pidfile" || :`);
  const oneshot = type === 'oneshot';
  return [
    ...header(name, source, pidFile, user, findSetting(service, 'Group') ?? ''),
    ...(service.get('AmbientCapabilities') ? [`capabilities=${shellWord(capabilities(service))}`] : []),
    LIBRARY,
    'start() {',
    ...(oneshot ? [] : ['  running && return 0']),
    ...start.map(line => `  ${line}`),
    ...(oneshot ? [] : ['  sleep 0.3', '  settled']),
    '}',
    'stop() {',
    ...(oneshot ? [] : ['  running || return 0']),
    ...(stop.length > 0 ? stop.map(each => `  ${runLine({ ...each, mayFail: true })}`) : []),
    ...(oneshot ? ['  :'] : ['  end']),
    '}',
    'reload() {',
    ...(reload.length > 0 ? ['  running || return 1', ...reload.map(each => `  ${runLine(each)}`)] : ['  hup']),
    '}',
    ACTIONS,
  ].join('\n');
}

/** systemd.unit(5), "SPECIFIERS", for a service of the system that is no template's. */
function specifiersOf(name: string): Record<string, string> {
  return {
    n: `${name}.service`,
    N: name,
    p: name,
    i: '',
    I: '',
    t: '/run',
    S: '/var/lib',
    C: '/var/cache',
    L: '/var/log',
    E: '/etc',
    T: '/tmp',
    V: '/var/tmp',
    h: '/root',
    u: 'root',
    U: '0',
  };
}

function header(name: string, source: string, pidFile: string, user: string, group: string): string[] {
  return [
    '#!/bin/sh',
    '### BEGIN INIT INFO',
    `# Provides:          ${name}`,
    '# Required-Start:    $remote_fs $syslog',
    '# Required-Stop:     $remote_fs $syslog',
    '# Default-Start:     2 3 4 5',
    '# Default-Stop:      0 1 6',
    `# Short-Description: ${name}`,
    '### END INIT INFO',
    `# Made by Perennial from ${source}: today's package has no init script any more.`,
    'set -f',
    'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `name=${shellWord(name)}`,
    `pidfile=${shellWord(pidFile)}`,
    `user=${shellWord(user)}`,
    `group=${shellWord(group)}`,
    "capabilities=''",
  ];
}

/** `CAP_NET_BIND_SERVICE CAP_SYS_TIME` -> `+net_bind_service,+sys_time` (setpriv(1)). */
function capabilities(section: UnitSection): string {
  const names = (section.get('AmbientCapabilities') ?? []).join(' ').split(/\s+/);
  return names
    .filter(each => /^CAP_\w+$/.test(each))
    .map(each => `+${each.slice(4).toLowerCase()}`)
    .join(',');
}

/** Folders of `RuntimeDirectory=` and the like, with their settings of mode. */
const FOLDERS: [key: string, root: string][] = [
  ['RuntimeDirectory', '/run'],
  ['StateDirectory', '/var/lib'],
  ['CacheDirectory', '/var/cache'],
  ['LogsDirectory', '/var/log'],
];

/** What systemd does before the first command: folders, environment, mask, working directory. */
function prepare(service: UnitSection, user: string, specifiers: Record<string, string>): string[] {
  const fill = (text: string) => fillSpecifiers(text, specifiers);
  const lines: string[] = findSetting(service, 'DynamicUser') === 'yes' ? ['make_user'] : [];
  for (const [key, root] of FOLDERS) {
    const mode = findSetting(service, `${key}Mode`) ?? '0755';
    for (const folder of (service.get(key) ?? []).flatMap(splitWords)) {
      lines.push(`folder ${shellWord(mode)} ${shellWord(`${root}/${fill(folder).split(':')[0]}`)}`);
    }
  }
  for (const setting of (service.get('Environment') ?? []).flatMap(splitWords)) {
    const at = setting.indexOf('=');
    if (/^[A-Za-z_]\w*$/.test(setting.slice(0, at)))
      lines.push(`export ${setting.slice(0, at)}=${shellWord(fill(setting.slice(at + 1)))}`);
  }
  for (const file of service.get('EnvironmentFile') ?? []) {
    lines.push(`read_environment ${shellWord(fill(file.replace(/^-/, '')))}${file.startsWith('-') ? ' || :' : ''}`);
  }
  const mask = findSetting(service, 'UMask');
  if (mask !== undefined && /^[0-7]+$/.test(mask)) lines.push(`umask ${mask}`);
  const folder = findSetting(service, 'WorkingDirectory');
  const home = user === '' ? '/root' : '"$(getent passwd "$user" | cut -d: -f6)"';
  lines.push(
    folder === undefined ? 'cd /' : `cd ${folder.endsWith('~') ? home : shellWord(fill(folder.replace(/^-/, '')))}`,
  );
  return lines;
}

function runLine({ program, words, mayFail, privileged }: UnitCommand): string {
  return `${[privileged ? 'run' : 'as_user', program, ...words].join(' ')} || ${mayFail ? ':' : 'return 1'}`;
}

function backgroundLine({ program, words, privileged }: UnitCommand): string {
  return `background ${privileged ? 'run' : 'as_user'} ${[program, ...words].join(' ')} || return 1`;
}

/** What every such script needs; programs of packages that each Debian has (dpkg, util-linux, coreutils). */
const LIBRARY = `
# A file of NAME=VALUE lines: read, never run.
read_environment() {
  [ -r "$1" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in [A-Za-z_]*=*) ;; *) continue ;; esac
    key=\${line%%=*}
    value=\${line#*=}
    case $key in *[!A-Za-z0-9_]*) continue ;; esac
    case $value in '"'*'"') value=\${value#'"'}; value=\${value%'"'} ;; "'"*"'") value=\${value#"'"}; value=\${value%"'"} ;; esac
    export "$key=$value"
  done < "$1"
}
folder() {
  [ -d "$2" ] || install -d -m "$1" \${user:+-o "$user" -g "\${group:-$(id -gn "$user")}"} "$2"
}
make_user() {
  getent passwd "$user" > /dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$user"
}
run() { "$@"; }
as_user() {
  if [ -z "$user$group" ]; then "$@"; return; fi
  setpriv \${user:+--reuid "$user" --init-groups} --regid "\${group:-$(id -gn "$user")}" \\
    \${capabilities:+--inh-caps "$capabilities" --ambient-caps "$capabilities"} -- "$@"
}
# Words: how to run it (run or as_user), then the program and its arguments.
background() {
  how=$1
  shift
  if [ "$how" = as_user ] && [ -n "$user$group" ]; then
    set -- setpriv \${user:+--reuid "$user" --init-groups} --regid "\${group:-$(id -gn "$user")}" \\
      \${capabilities:+--inh-caps "$capabilities" --ambient-caps "$capabilities"} -- "$@"
  fi
  mkdir -p "\${pidfile%/*}"
  setsid "$@" > "/var/log/$name.out" 2>&1 < /dev/null &
  echo $! > "$pidfile"
}
running() { MAINPID=$(cat "$pidfile" 2> /dev/null) && [ -n "$MAINPID" ] && kill -0 "$MAINPID" 2> /dev/null && export MAINPID; }
settled() { [ ! -e "$pidfile" ] || running; }
hup() { running && kill -HUP "$MAINPID"; }
end() {
  running && kill -TERM "$MAINPID"
  for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do running || break; sleep 0.5; done
  ! running || kill -KILL "$MAINPID"
  rm -f "$pidfile"
}`;

const ACTIONS = `said() { code=$?; if [ $code = 0 ]; then echo "$1 $name: done."; else echo "$1 $name: failed!"; tail -n 5 "/var/log/$name.out" 2> /dev/null; fi; exit $code; }
case \${1:-} in
  start) start; said Starting ;;
  stop) stop; said Stopping ;;
  restart | force-reload) stop; start; said Restarting ;;
  try-restart | condrestart) ! running || { stop; start; }; said Restarting ;;
  reload) reload; said Reloading ;;
  status) if running; then echo "$name is running."; else echo "$name is not running."; exit 3; fi ;;
  *) echo "Usage: $0 start|stop|restart|reload|force-reload|try-restart|status" >&2; exit 2 ;;
esac
`;
