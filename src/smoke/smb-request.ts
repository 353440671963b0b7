import type { SmbProbe } from './smoke-test.ts';

/** Names of the files in the working folder of smbclient. */
export const AUTH_FILE = 'auth';
export const INPUT_FILE = 'input';

/**
 * Arguments of smbclient, without the program. Credentials are in a file, since anybody on a machine sees arguments.
 * @param address of the service as this client sees it
 */
export function smbArguments(test: SmbProbe, address: string): string[] {
  const login = test.user === undefined ? ['-N'] : ['-A', AUTH_FILE];
  const port = test.port === undefined ? [] : ['-p', String(test.port)];
  const host = address.includes(':') ? `${address.replaceAll(':', '-')}.ipv6-literal.net` : address;
  if (test.share === undefined) return ['-L', `//${host}`, ...login, ...port, '-g'];
  return [`//${host}/${test.share}`, ...login, ...port, '-c', test.command ?? 'ls'];
}

/** Content of the authentication file (smbclient(1), -A). `DOMAIN\user` is split. */
export function smbAuthFile(test: SmbProbe): string {
  const [, domain, user] = /^(?:([^\\]*)\\)?(.*)$/.exec(test.user ?? '')!;
  const lines = [`username = ${user}`, `password = ${test.password ?? ''}`];
  return `${[...lines, ...(domain ? [`domain = ${domain}`] : [])].join('\n')}\n`;
}

/** Commands that read and write nothing on the client's side but stdout and the input file. */
const HARMLESS = [
  /^(ls|dir|du|volume|pwd|help|showconnect|l)( |$)/,
  /^(cd|rm|del|deltree|mkdir|md|rmdir|rd|rename|allinfo|altname|stat|chmod|chown|posix_\w+) /,
  /^get ("[^"]*"|\S+) -$/,
  /^put input( |$)/,
  /^(recurse|prompt)$/,
];

/**
 * Whether smbclient commands may run outside a container: they can start programs (`!cmd`) and write files (`get a b`)
 * on the client's machine, and tests may come from a stranger's bag. What is not known to be harmless is not.
 */
export function isHarmlessOnHost(command: string): boolean {
  return command
    .split(/[;\r\n]/)
    .map(part => part.trim())
    .filter(part => part !== '')
    .every(part => HARMLESS.some(pattern => pattern.test(part)));
}
