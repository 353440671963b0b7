import { existsSync } from 'node:fs';
import { hasProgram } from '../command.ts';
import { provideAct } from './act.ts';
import { provideAlpine } from './alpine.ts';
import { aptInstall } from './apt.ts';
import { provideBagit } from './bagit.ts';
import { provideOrdinaryUser } from './ordinary-user.ts';
import { providePodman } from './podman.ts';
import { provideRegistry } from './registry.ts';
import { provideValidators } from './validators.ts';

/** A tool of the tests or the demo: how to see whether it is there, and how to get it on Debian and Ubuntu. */
export interface Tool {
  name: string;
  /** What needs it, in words, for the message about a missing one. */
  usedFor: string;
  present(): boolean;
  /** Needs root, unless `userCanProvide`. */
  provide(): void;
  userCanProvide?: boolean;
}

/** Tools that are one program in one package. */
const PACKAGED: [name: string, program: string, packages: string[], usedFor: string][] = [
  ['git', 'git', ['git'], 'the e2e checkout'],
  ['curl', 'curl', ['curl', 'ca-certificates'], 'downloads and HTTP smoke tests'],
  ['smbclient', 'smbclient', ['smbclient'], 'SMB smoke tests'],
  ['acl', 'setfacl', ['acl'], 'trees with ACLs'],
  ['attr', 'setfattr', ['attr'], 'trees with extended attributes'],
  ['caps', 'setcap', ['libcap2-bin'], 'trees with file capabilities'],
  ['zstd', 'zstd', ['zstd'], 'reading bags with a foreign program'],
  ['age', 'age', ['age'], 'encrypted bags'],
  ['busybox', 'busybox', ['busybox-static'], 'an image of one program, without a shell'],
  ['rpm', 'rpmbuild', ['rpm'], 'rpm databases'],
  ['gpg', 'gpg-agent', ['gpg', 'gpg-agent'], 'signed rpm packages'],
  ['jq', 'jq', ['jq'], 'reading JSON in shell scripts'],
  ['shellcheck', 'shellcheck', ['shellcheck'], 'checking the program that goes into bags'],
  ['ldap', 'ldapsearch', ['ldap-utils'], 'LDAP smoke tests'],
  ['chromium', 'chromium', ['chromium', 'fonts-dejavu-core'], 'looking at report pages in a browser'],
  ['postgres', 'psql', ['postgresql-client'], 'PostgreSQL smoke tests'],
  ['compose', 'docker-compose', ['docker-compose'], 'compose files of kept images'],
];

/** Every tool that provision knows, by name. */
export const TOOLS: Tool[] = [
  ...PACKAGED.map(([name, program, packages, usedFor]) => ({
    name,
    usedFor,
    present: () => hasProgram(program),
    provide: () => aptInstall(packages),
  })),
  {
    name: 'emoji',
    usedFor: 'pictures of job summaries',
    present: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'),
    provide: () => aptInstall(['fonts-noto-color-emoji']),
  },
  { name: 'podman', usedFor: 'the second engine', ...providePodman },
  { name: 'user', usedFor: 'running as an ordinary user of the docker group', ...provideOrdinaryUser },
  { name: 'act', usedFor: 'the e2e workflows', ...provideAct },
  { name: 'registry', usedFor: 'bags in a container registry', ...provideRegistry },
  { name: 'alpine', usedFor: 'apk databases', ...provideAlpine },
  { name: 'bagit', usedFor: 'validating bags with the reference program', ...provideBagit },
  { name: 'validators', usedFor: 'validating the descriptions in bags', ...provideValidators },
];

/** The tool of this name; throws with the known names. */
export function parseTool(name: string): Tool {
  const tool = TOOLS.find(candidate => candidate.name === name);
  if (!tool) throw new Error(`Unknown tool "${name}"; known: ${TOOLS.map(each => each.name).join(', ')}`);
  return tool;
}

/** True on Debian, Ubuntu and their kin. */
export function isDebianLike(): boolean {
  return existsSync('/etc/debian_version') && hasProgram('apt-get');
}
