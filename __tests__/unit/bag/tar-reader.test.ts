import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { encodePaxRecords } from '../../../src/bag/tar-pax.ts';
import {
  contentDigest,
  encodeTarMember,
  endOfTar,
  memberPadding,
  readTar,
  rewriteMember,
  type TarHeader,
  type TarMember,
} from '../../../src/bag/tar-reader.ts';
import { decodeBytes } from '../../../src/system/byte-text.ts';
import { tempDir } from '../../support/temp-dir.ts';

const TAR = [
  '--sort=name',
  '--format=posix',
  '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
  '--xattrs',
  '--xattrs-include=*',
  '--acls',
  '--sparse',
  '--sparse-version=0.0',
];
const isRoot = process.getuid?.() === 0;
const LONG = `${'d'.repeat(150)}/${'f'.repeat(160)}`;

/** A tree with everything that is known to break tar readers. */
function oddTree(): string {
  const dir = tempDir();
  const at = (name: string) => join(dir, name);
  writeFileSync(at('plain'), 'hello\n');
  writeFileSync(at('new\nline'), 'n');
  writeFileSync(Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9])]), 'latin1');
  writeFileSync(at('ünïcode'), 'u');
  mkdirSync(at('d'.repeat(150)));
  writeFileSync(at(LONG), 'long');
  mkdirSync(at('empty'));
  execFileSync('ln', [at('plain'), at('plain-again')]);
  execFileSync('ln', ['-s', '../plain', at('link')]);
  execFileSync('ln', ['-s', `/${'t'.repeat(200)}`, at('long-link')]);
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('old'), 'o');
  execFileSync('touch', ['-d', '@-5.5', at('old')]);
  writeFileSync(at('exact'), 'e');
  execFileSync('touch', ['-d', '@1600000000.123456789', at('exact')]);
  writeFileSync(at('attributes'), 'a');
  execFileSync('setfattr', ['-n', 'user.note', '-v', '0x000aff', at('attributes')]);
  execFileSync('setfattr', ['-n', 'user.a=b%c', '-v', 'odd', at('attributes')]);
  execFileSync('setfacl', ['-m', 'u:1234:r', at('attributes')]);
  execFileSync('setfacl', ['-d', '-m', 'g:4321:rwx', at('empty')]);
  makeSparse(at('hole'), 32 * 1024 ** 2);
  if (isRoot) {
    execFileSync('mknod', [at('null'), 'c', '1', '3']);
    execFileSync('chown', ['4000000000:3000000', at('exact')]);
    execFileSync('chmod', ['4755', at('exact')]);
  }
  return dir;
}

function makeSparse(path: string, size: number): void {
  const file = openSync(path, 'w');
  writeSync(file, 'start');
  writeSync(file, 'middle', 1024 * 1024 * 10);
  ftruncateSync(file, size);
  closeSync(file);
}

const tree = oddTree();
const archive = join(tempDir(), 'a.tar');
execFileSync('tar', [...TAR, '-cf', archive, '-C', tree, '.']);

async function* chunks(bytes: Buffer, size = 65_536): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function headers(bytes: Buffer, size?: number): Promise<Map<string, TarHeader>> {
  const found = new Map<string, TarHeader>();
  for await (const { header } of readTar(chunks(bytes, size))) found.set(header.path, header);
  return found;
}

/** Copies an archive, member by member, with header blocks of the test's choice. */
async function copy(bytes: Buffer, blocks: (member: TarMember) => Buffer | undefined): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const member of readTar(chunks(bytes))) {
    const head = blocks(member);
    if (!head) continue;
    parts.push(head);
    for await (const piece of member.body) parts.push(piece);
    parts.push(memberPadding(member.header.storedSize));
  }
  return Buffer.concat([...parts, endOfTar]);
}

/** What real tar makes of an archive, every attribute in text. */
function extracted(bytes: Buffer): string {
  const dir = tempDir();
  execFileSync('tar', ['-xpf', '-', '-C', dir, '--xattrs', '--xattrs-include=*', '--acls'], { input: bytes });
  const shell = `cd "$1" && find . -mindepth 1 -printf '%P|%y|%m|%U:%G|%s|%b|%T@|%l|%n\\n' | LC_ALL=C sort; getfattr -Rdhm- -e hex . 2>&1 | LC_ALL=C sort;
    getfacl -Rn . 2>/dev/null; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`;
  return execFileSync('sh', ['-c', shell, 'sh', dir], { encoding: 'latin1' });
}

describe('readTar on what GNU tar writes', () => {
  const latin1 = decodeBytes(Buffer.from([0x63, 0x61, 0x66, 0xe9]));
  test.each([1, 7, 511, 512, 65_536])('finds every member in chunks of %d bytes', async size => {
    const bytes = readFileSync(archive);
    const found = await headers(bytes, size);
    const listed = execFileSync('tar', ['-tf', archive, '--quoting-style=escape'], { encoding: 'utf8' });
    expect(found.size).toBe(listed.trim().split('\n').length);
    for (const path of ['', 'plain', 'new\nline', latin1, 'ünïcode', LONG, 'empty', 'hole']) {
      expect(found.has(path)).toBe(true);
    }
  });

  test('reads every attribute', async () => {
    const found = await headers(readFileSync(archive));
    const get = (path: string) => found.get(path)!;
    expect(get('plain')).toMatchObject({ kind: 'file', size: 6, storedSize: 6, linkTarget: '' });
    expect(get('plain-again')).toMatchObject({ kind: 'hardlink', linkTarget: 'plain', size: 0, storedSize: 0 });
    expect(get('link')).toMatchObject({ kind: 'symlink', linkTarget: '../plain' });
    expect(get('long-link').linkTarget).toBe(`/${'t'.repeat(200)}`);
    expect(get('pipe').kind).toBe('fifo');
    expect(get('old').mtime).toBe('-5.5');
    expect(get('exact').mtime).toBe('1600000000.123456789');
    expect(get('attributes').xattrs['user.note']).toBe(Buffer.from([0, 10, 255]).toString('base64'));
    expect(get('attributes').xattrs['user.a=b%c']).toBe(Buffer.from('odd').toString('base64'));
    expect(get('attributes').aclAccess).toContain('1234:r--');
    expect(get('empty').aclDefault).toContain('4321:rwx');
    expect(get('empty').kind).toBe('directory');
  });

  test('knows the holes of a sparse file', async () => {
    const dir = tempDir();
    makeSparse(join(dir, 'hole'), 1024 ** 3);
    const hole = (await headers(execFileSync('tar', [...TAR, '-C', dir, '-c', 'hole']))).get('hole')!;
    expect(hole.size).toBe(1024 ** 3);
    expect(hole.storedSize).toBeLessThan(64 * 1024);
    expect(hole.sparse!.map(area => area.offset)).toEqual([0, 10 * 1024 * 1024, 1024 ** 3]);
  });

  (isRoot ? test : test.skip)('reads devices, special bits and large ids (needs root)', async () => {
    const found = await headers(readFileSync(archive));
    expect(found.get('null')).toMatchObject({ kind: 'char', devMajor: 1, devMinor: 3 });
    expect(found.get('exact')).toMatchObject({ uid: 4_000_000_000, gid: 3_000_000, mode: 0o4755 });
  });

  test.each(['gnu', 'ustar', 'v7', 'oldgnu'])('reads --format=%s', async format => {
    const dir = tempDir();
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'sub', format.endsWith('gnu') ? 'x'.repeat(180) : 'x'), 'body');
    if (format === 'gnu') execFileSync('ln', ['-s', 'y'.repeat(150), join(dir, 'sub', 'link')]);
    const bytes = execFileSync('tar', [`--format=${format}`, '-C', dir, '-c', 'sub']);
    const found = await headers(bytes);
    expect(found.get('sub')!.kind).toBe('directory');
    expect(found.get(`sub/${format.endsWith('gnu') ? 'x'.repeat(180) : 'x'}`)!.size).toBe(4);
    if (format === 'gnu') expect(found.get('sub/link')!.linkTarget).toBe('y'.repeat(150));
    expect(extracted(await copy(bytes, m => rewriteMember(m, {})))).toBe(extracted(bytes));
  });

  test('gives global records to every member, also when it stands alone', async () => {
    const option = '--pax-option=globexthdr.name=g,comment=all,gname=everyone';
    const bytes = execFileSync('tar', ['--format=posix', option, '-C', tree, '-c', 'plain', 'old']);
    const second = await copy(bytes, m => (m.header.path === 'old' ? m.headerBlocks : undefined));
    expect((await headers(second)).get('old')!.group).toBe('everyone');
  });
});

describe('contentDigest', () => {
  test('agrees with the files, holes included', async () => {
    const member = ['plain', 'hole', LONG];
    const digests: Record<string, { sha256: string; md5: string }> = {};
    for await (const m of readTar(chunks(readFileSync(archive)))) {
      if (member.includes(m.header.path)) digests[m.header.path] = await contentDigest(m);
    }
    for (const path of member) {
      const said = (program: string) => execFileSync(program, [join(tree, path)], { encoding: 'utf8' }).split(' ')[0]!;
      expect(digests[path]).toEqual({ sha256: said('sha256sum'), md5: said('md5sum') });
    }
  });

  test('sees areas that a chunk border cuts', async () => {
    const header = { ...file('x', 0), size: 12, storedSize: 6, sparse: areas([2, 3], [8, 3], [12, 0]) };
    const body = async function* () {
      yield* ['a', 'bcd', 'ef'].map(text => Buffer.from(text));
    };
    const expected = createHash('sha256').update('\0\0abc\0\0\0def\0').digest('hex');
    expect((await contentDigest({ header, body: body() })).sha256).toBe(expected);
  });
});

describe('rewriteMember', () => {
  test('copies untouched members byte for byte', async () => {
    const bytes = readFileSync(archive);
    const copied = await copy(bytes, member => member.headerBlocks);
    expect(copied.equals(bytes.subarray(0, copied.length))).toBe(true);
  });

  test('written anew, real tar extracts the same tree', async () => {
    const bytes = readFileSync(archive);
    expect(extracted(await copy(bytes, member => rewriteMember(member, {})))).toBe(extracted(bytes));
  });

  test('moves members and keeps everything else', async () => {
    const moved = await copy(readFileSync(archive), member =>
      rewriteMember(member, {
        path: `etc/new-${'p'.repeat(120)}/${member.header.path}`,
        ...(member.header.kind === 'hardlink'
          ? { linkTarget: `etc/new-${'p'.repeat(120)}/${member.header.linkTarget}` }
          : {}),
      }),
    );
    const there = tempDir();
    mkdirSync(join(there, 'etc', `new-${'p'.repeat(120)}`), { recursive: true });
    execFileSync('cp', ['-a', `${tree}/.`, join(there, 'etc', `new-${'p'.repeat(120)}`)]);
    const expected = execFileSync('tar', [...TAR, '-C', there, '-c', `etc/new-${'p'.repeat(120)}`]);
    const shape = (text: string) => text.replace(/^etc\|.*\n/m, '').replace(/# file: etc\n(?:.+\n)*/m, '');
    expect(shape(extracted(moved))).toBe(shape(extracted(expected)));
  });

  test('keeps records that it does not know', async () => {
    const blocks = encodeTarMember(file('a', 0), [{ key: 'comment', value: Buffer.from('kept') }]);
    const copied = await copy(Buffer.concat([blocks, endOfTar]), m => rewriteMember(m, { path: 'b', uid: 5 }));
    for await (const member of readTar(chunks(copied))) {
      expect(member.header).toMatchObject({ path: 'b', uid: 5 });
      expect(member.otherRecords.map(r => `${r.key}=${r.value}`)).toEqual(['comment=kept']);
    }
  });
});

describe('damage', () => {
  const good = Buffer.concat([encodeTarMember(file('a', 600)), Buffer.alloc(1024), endOfTar]);
  const code = async (bytes: Buffer) =>
    headers(bytes).then(
      () => 'fine',
      error => error.code,
    );

  test('an end at any place but the last is found', async () => {
    expect(await code(good)).toBe('fine');
    for (const cut of [0, 1, 511, 512, 700, 1535, 1536, 2047, 2048, 2559]) {
      expect([cut, await code(good.subarray(0, cut))]).toEqual([cut, 'bag-truncated']);
    }
  });

  const spoil = (at: number, text: string) => {
    const bytes = Buffer.from(good);
    bytes.write(text, at, 'latin1');
    return bytes;
  };
  test.each([
    ['a flipped byte in a header', spoil(0, 'b')],
    ['a size that is no number', withSum(spoil(124, 'zzz'))],
    ['an unknown type', withSum(spoil(156, 'V'))],
    ['old GNU sparse', withSum(spoil(156, 'S'))],
    ['an endless pax header', withSum(spoil(156, 'x').fill('7', 124, 135))],
    ['a pax length that lies', pax('99 path=b\n')],
    ['a pax record without an equals sign', pax('7 abcd\n')],
    ['sparse format 1.0', pax(counted('GNU.sparse.major=1', 'GNU.sparse.minor=0'))],
    ['sparse areas that overlap', pax(counted('GNU.sparse.size=900', 'GNU.sparse.map=4,300,0,300'))],
    ['a NUL in a name', pax('11 path=a\0\n')],
    ['one zero block only', Buffer.concat([good.subarray(0, 1536), endOfTar.subarray(512), good])],
  ])('%s', async (_, bytes) => {
    expect(await code(bytes)).toBe('bag-invalid');
  });

  test('a hostile attribute name is just a name', async () => {
    const found = await headers(pax(counted('SCHILY.xattr.__proto__=x')));
    expect(Object.keys(found.get('a')!.xattrs)).toEqual(['__proto__']);
  });

  /** The good archive with these records before its member. */
  function pax(records: string | Buffer): Buffer {
    const data = Buffer.from(records as string);
    const header = encodeTarMember(file('x', data.length));
    header.write('x', 156);
    return Buffer.concat([withSum(header), data, memberPadding(data.length), good]);
  }
});

test('passes a body of a gigabyte on whole', async () => {
  const size = 1024 ** 3;
  const body = Buffer.alloc(1024 * 1024);
  const stream = async function* () {
    yield encodeTarMember(file('big', size));
    for (let sent = 0; sent < size; sent += body.length) yield body;
    yield endOfTar;
  };
  let seen = 0;
  for await (const member of readTar(stream())) for await (const piece of member.body) seen += piece.length;
  expect(seen).toBe(size);
});

function file(path: string, size: number): TarHeader {
  return {
    path,
    kind: 'file',
    linkTarget: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    user: '',
    group: '',
    size,
    storedSize: size,
    mtime: '0',
    xattrs: {},
    devMajor: 0,
    devMinor: 0,
  };
}

function areas(...pairs: [number, number][]): { offset: number; length: number }[] {
  return pairs.map(([offset, length]) => ({ offset, length }));
}

/** The first block with a right checksum. */
function withSum(bytes: Buffer): Buffer {
  bytes.fill(' ', 148, 156);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** pax records with right lengths. */
function counted(...records: string[]): Buffer {
  return encodePaxRecords(
    records.map(record => {
      const [key, value] = record.split('=') as [string, string];
      return { key, value: Buffer.from(value) };
    }),
  );
}
