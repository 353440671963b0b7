import type { Disposition } from '../../src/bag/index-entry.ts';

/** What a mutation does to a tree, as bash, and what an archive then has to say of each path that it touched. */
export interface Mutation {
  name: string;
  script: string;
  expect: Map<string, Disposition>;
}

/** Numbers from a seed (mulberry32), so that a failure can be had again. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Files and folders that mutations start from: `file-N` with content and an old time, `folder-N` with two files in it. */
export function seedScript(root: string, count: number): string {
  return `mkdir -p ${root}; cd ${root}; for n in $(seq 0 ${count - 1}); do
    printf 'content %s\\n' $n > file-$n; mkdir folder-$n; echo a > folder-$n/a; echo b > folder-$n/b; ln -s file-$n link-$n
    touch -h -d '2015-03-04 05:06:07.123456789' file-$n link-$n folder-$n/a folder-$n
  done`;
}

/** Names that break careless programs; \xNN and \n are bash's. */
const ODD_NAMES = [
  'new\\nline',
  'byte\\xff\\xfe',
  'tab\\there',
  'back\\\\slash',
  'trailing ',
  ' leading',
  '-rf',
  'quote\\x27s"',
  '$(touch canary)',
  'ünïcödé',
  'nfd-u\\xcc\\x88',
  '*glob?[x]',
  '\\xed\\xa0\\x80surrogate',
  'a'.repeat(200),
  '.hidden',
  '...',
];

type Maker = (
  root: string,
  n: number,
  pick: (below: number) => number,
) => { script: string; expect: [string, Disposition][] };

const keep = (...paths: string[]): [string, Disposition][] => paths.map(path => [path, 'keep']);
const gone = (...paths: string[]): [string, Disposition][] => paths.map(path => [path, 'delete']);

/** One change of one existing path, which is in the current folder. `content` is what seedScript wrote. */
const makers: Record<string, Maker> = {
  'edit with kept size and mtime': (root, n) => ({
    script: `touch -r file-${n} /tmp/ref; tr c C < file-${n} > /tmp/new; cat /tmp/new > file-${n}; touch -r /tmp/ref file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  append: (root, n) => ({ script: `echo more >> file-${n}`, expect: keep(`${root}/file-${n}`) }),
  'change only the mtime, to the past': (root, n) => ({
    script: `touch -d '1999-12-31 23:59:59.5' file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  'a time before 1970': (root, n) => ({
    script: `touch -d '1969-06-01 00:00:00.25 UTC' file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  chmod: (root, n, pick) => ({
    script: `chmod ${['0600', '4755', '2644', '1777', '0000'][pick(5)]} file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  'chmod of a folder': (root, n) => ({ script: `chmod 3770 folder-${n}`, expect: keep(`${root}/folder-${n}`) }),
  'chown to a user, and to a number that nobody has': (root, n, pick) => ({
    script: `chown ${['ana:users', '4242:4243', 'daemon'][pick(3)]} file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  'chown of a link': (root, n) => ({ script: `chown -h ana link-${n}`, expect: keep(`${root}/link-${n}`) }),
  setfacl: (root, n) => ({ script: `setfacl -m u:ana:r,g:users:rw file-${n}`, expect: keep(`${root}/file-${n}`) }),
  'default ACL': (root, n) => ({ script: `setfacl -m d:u:ana:rwx folder-${n}`, expect: keep(`${root}/folder-${n}`) }),
  setfattr: (root, n) => ({
    script: `setfattr -n user.note -v $'two\\nlines' file-${n}; setfattr -n user.empty file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  setcap: (root, n) => ({ script: `setcap cap_net_raw+ep file-${n}`, expect: keep(`${root}/file-${n}`) }),
  rename: (root, n) => ({
    script: `mv file-${n} renamed-${n}`,
    expect: [...gone(`${root}/file-${n}`), ...keep(`${root}/renamed-${n}`)],
  }),
  'hard-link': (root, n) => ({
    script: `ln file-${n} hard-${n}`,
    expect: keep(`${root}/file-${n}`, `${root}/hard-${n}`),
  }),
  delete: (root, n) => ({ script: `rm file-${n}`, expect: gone(`${root}/file-${n}`) }),
  'delete a folder': (root, n) => ({
    script: `rm -r folder-${n}`,
    expect: gone(`${root}/folder-${n}`, `${root}/folder-${n}/a`, `${root}/folder-${n}/b`),
  }),
  'replace a file by a folder': (root, n) => ({
    script: `rm file-${n}; mkdir file-${n}; echo in > file-${n}/inside`,
    expect: keep(`${root}/file-${n}`, `${root}/file-${n}/inside`),
  }),
  'replace a folder by a file': (root, n) => ({
    script: `rm -r folder-${n}; echo file > folder-${n}`,
    expect: [...keep(`${root}/folder-${n}`), ...gone(`${root}/folder-${n}/a`, `${root}/folder-${n}/b`)],
  }),
  'replace a file by a link': (root, n) => ({
    script: `ln -sf /etc/passwd file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  'replace a file by a copy of itself': (root, n) => ({
    script: `cp -p file-${n} /tmp/copy; rm file-${n}; cp -p /tmp/copy file-${n}`,
    expect: keep(`${root}/file-${n}`),
  }),
  'retarget a link': (root, n) => ({ script: `ln -sfn nowhere link-${n}`, expect: keep(`${root}/link-${n}`) }),
  'copy with times': (root, n) => ({
    script: `cp -p /etc/debian_version old-copy-${n}`,
    expect: keep(`${root}/old-copy-${n}`),
  }),
  'unpack old files': (root, n) => ({
    script: `t=$(mktemp -d); mkdir $t/tar-${n}; echo x > $t/tar-${n}/x; touch -d 2001-01-01 $t/tar-${n}/x $t/tar-${n}; tar -C $t -cf - tar-${n} | tar -xf -`,
    expect: keep(`${root}/tar-${n}`, `${root}/tar-${n}/x`),
  }),
  'sparse file': (root, n) => ({
    script: `truncate -s 64M sparse-${n}; printf middle | dd of=sparse-${n} bs=1 seek=31000000 conv=notrunc status=none`,
    expect: keep(`${root}/sparse-${n}`),
  }),
  'wholly sparse file': (root, n) => ({ script: `truncate -s 16M hole-${n}`, expect: keep(`${root}/hole-${n}`) }),
  'empty file and folder': (root, n) => ({
    script: `: > empty-${n}; mkdir -m 0711 empty-folder-${n}`,
    expect: keep(`${root}/empty-${n}`, `${root}/empty-folder-${n}`),
  }),
  'pipe and device': (root, n) => ({
    script: `mkfifo -m 0620 pipe-${n}; mknod -m 0660 null-${n} c 1 3`,
    expect: keep(`${root}/pipe-${n}`, `${root}/null-${n}`),
  }),
  'a large file': (root, n) => ({
    script: `head -c 5000000 /dev/urandom > large-${n}`,
    expect: keep(`${root}/large-${n}`),
  }),
};

/** Names of all kinds of mutations, for tables. */
export const mutationNames = Object.keys(makers);

/**
 * Random mutations below `root`, each of another seed number: every kind at least once, the rest by chance, and files with odd
 * names. `odd` gives the name as bash writes it and as bytes decode.
 */
export function makeMutations(root: string, count: number, pick: (below: number) => number): Mutation[] {
  const names = [...mutationNames];
  while (names.length < count) names.push(mutationNames[pick(mutationNames.length)]!);
  return names.map((name, n) => {
    const { script, expect } = makers[name]!(root, n, pick);
    return { name: `${name} (${n})`, script: `cd ${root}; ${script}`, expect: new Map(expect) };
  });
}

/** A file, a folder and a link of each odd name. The paths are not in `expect`: see oddPaths. */
export function oddNamesScript(root: string): string {
  const lines = ODD_NAMES.map(name => {
    const quoted = `$'${name.replaceAll("'", "\\'")}'`;
    return `mkdir -- ./${quoted}; echo odd > ./${quoted}/${quoted}; ln -s -- ${quoted} ./link-${quoted}`;
  });
  return `mkdir -p ${root}/odd; cd ${root}/odd; ${lines.join('\n')}`;
}

export const oddNameCount = ODD_NAMES.length;
