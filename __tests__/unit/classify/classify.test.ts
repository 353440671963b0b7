import { describe, expect, test } from '@jest/globals';
import { type ClassifyContext, classify, type Probe, unchanged } from '../../../src/classify/classify.ts';
import { compileRule, ruleFinder } from '../../../src/classify/rule.ts';
import type { WalkEntry } from '../../../src/detect/walk.ts';
import type { LanguagePackage } from '../../../src/language/language-package.ts';
import type { PackageFile } from '../../../src/system/package-files.ts';

/* Times: the package was unpacked at 1000, the image was finished at 1100, operation began at 5000. */
const base: WalkEntry = {
  ...{ path: '/x', kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 5, links: 1, target: '' },
  ...{ mtime: '500.000000000', ctime: '1000.100000000' },
};
const entry = (changes: Partial<WalkEntry> = {}): WalkEntry => ({ ...base, ...changes });
const now = (changes: Partial<WalkEntry> = {}) => entry({ ctime: '5000.0', mtime: '5000.0', ...changes });
const link = (changes: Partial<WalkEntry> = {}) => entry({ kind: 'symlink', mode: 0o777, target: 'a', ...changes });
const directory = (changes: Partial<WalkEntry> = {}) => entry({ kind: 'directory', mode: 0o755, ...changes });

const LIST = '/var/lib/dpkg/info/p.list';
const EARLY_LIST = '/var/lib/dpkg/info/early.list';
const shipped = (changes: Partial<PackageFile> = {}): PackageFile => ({
  package: 'p',
  digest: 'm',
  unpacked: '1000',
  list: LIST,
  ...changes,
});
const conffile = (changes: Partial<PackageFile> = {}) => shipped({ conffile: true, ...changes });
/** Of a package that was unpacked again during operation. */
const upgraded = (changes: Partial<PackageFile> = {}) => shipped({ unpacked: '6000', ...changes });
const read = (changes: Partial<Probe> = {}): Probe => ({
  md5: 'm',
  sha256: 's',
  extended: false,
  xattrs: {},
  ...changes,
});

interface World extends Partial<Omit<ClassifyContext, 'packages' | 'inImage' | 'inMount' | 'owner'>> {
  package?: PackageFile;
  before?: WalkEntry;
  mount?: boolean;
  owner?: Partial<ClassifyContext['owner']>;
}

function context({ package: file, before, mount, owner, ...rest }: World, path: string): ClassifyContext {
  const lists = new Map([
    [LIST, entry({ mtime: '1000' })],
    [EARLY_LIST, entry({ mtime: '400' })],
  ]);
  return {
    packages: new Map(file ? [[path, file]] : []),
    findRule: () => undefined,
    inImage: each => (each === path ? before : lists.get(each)),
    imageKnown: true,
    rebuildable: true,
    inMount: () => mount ?? false,
    replacedBy: () => undefined,
    ...rest,
    owner: { include: () => false, exclude: () => false, logs: 'keep', ...owner },
  };
}

const rule = (action: 'leave' | 'record', glob: string, exceptMounts = false) =>
  ruleFinder([
    compileRule({
      exceptMounts,
      ...{
        id: 'room/rule',
        action,
        reason: 'a reason',
        source: 'x(1)',
        paths: [glob],
        except: [],
        targets: [],
        kinds: [],
      },
      examples: { matches: [], not: [] },
    }),
  ]);
const image = base;

describe('owner, rules, exports: in this order', () => {
  const yes = () => true;
  test.each<[string, WalkEntry, World, string]>([
    ['a socket is never archived', now({ kind: 'socket' }), { owner: { include: yes } }, 'leave runtime/socket'],
    [
      'include has the last word',
      entry(),
      { before: image, package: shipped(), owner: { include: yes, exclude: yes } },
      'keep owner/include',
    ],
    [
      'exclude comes before rules',
      now(),
      { owner: { exclude: yes }, findRule: rule('record', '/x') },
      'leave owner/exclude',
    ],
    ['a rule that leaves', now(), { findRule: rule('leave', '/x') }, 'leave room/rule'],
    [
      'a rule that records',
      entry(),
      { before: image, findRule: rule('record', '/x'), package: shipped() },
      'record room/rule',
    ],
    ['… in a volume, too', now(), { findRule: rule('leave', '/x'), mount: true }, 'leave room/rule'],
    ['… but not there', now(), { findRule: rule('leave', '/x', true), mount: true }, 'keep unowned/mount'],
    ['… elsewhere', now(), { findRule: rule('leave', '/x', true) }, 'leave room/rule'],
    ['a rule of another path', now(), { findRule: rule('leave', '/y') }, 'keep unowned/operation'],
    ['logs are kept', now({ path: '/var/log/a' }), {}, 'keep unowned/operation'],
    ['logs, directories only', now({ path: '/var/log/a' }), { owner: { logs: 'directories' } }, 'leave owner/logs'],
    [
      '… and their directories',
      now({ path: '/var/log/a', kind: 'directory' }),
      { owner: { logs: 'directories' } },
      'keep unowned/operation',
    ],
    ['… and nothing else', now({ path: '/var/logs' }), { owner: { logs: 'directories' } }, 'keep unowned/operation'],
    ['raw data that a logical export carries', now(), { replacedBy: () => 'db/all' }, 'leave export/db/all'],
    [
      '… and that are kept all the same',
      now(),
      { replacedBy: Object.assign(() => 'db/all', { keepsRaw: true }) },
      'keep export/raw',
    ],
  ])('%s', (_, path, world, verdict) => {
    const found = classify(path, context(world, path.path));
    expect(found === 'probe' ? found : `${found.disposition} ${found.rule}`).toBe(verdict);
  });
});

describe('nobody ships it', () => {
  const secret = entry({ mode: 0o600 });
  test.each<[string, WalkEntry, World, string, 'image' | 'operation']>([
    ['new', now(), {}, 'keep unowned/operation', 'operation'],
    ['new, with old times', entry({ ctime: '5000.0', mtime: '1.0' }), {}, 'keep unowned/operation', 'operation'],
    ['as in the image', entry(), { before: image }, 'leave image/build-step', 'image'],
    ['as in the image, no Dockerfile', entry(), { before: image, rebuildable: false }, 'keep image/unowned', 'image'],
    ['a secret of the image', secret, { before: secret }, 'keep image/secret', 'image'],
    [
      'an empty file that few may read',
      entry({ mode: 0o600, size: 0 }),
      { before: entry({ mode: 0o600, size: 0 }) },
      'leave image/build-step',
      'image',
    ],
    [
      'a folder that few may read',
      directory({ mode: 0o700 }),
      { before: directory({ mode: 0o700 }) },
      'leave image/build-step',
      'image',
    ],
    [
      'chmod: only the ctime tells',
      entry({ ctime: '5000.0' }),
      { before: image },
      'keep unowned/operation',
      'operation',
    ],
    ['same ctime, another size', entry({ size: 6 }), { before: image }, 'keep unowned/operation', 'operation'],
    ['in a volume, as in the image', entry(), { before: image, mount: true }, 'keep unowned/mount', 'operation'],
    ['in a root directory without an image', entry(), { imageKnown: false }, 'keep unowned/operation', 'operation'],
    ['a device', now({ kind: 'char' }), {}, 'keep unowned/operation', 'operation'],
  ])('%s', (_, path, world, verdict, origin) => {
    const found = classify(path, context(world, path.path));
    if (found === 'probe') throw new Error('probed');
    expect([`${found.disposition} ${found.rule}`, found.origin]).toEqual([verdict, origin]);
    expect(found.why.length).toBeGreaterThan(10);
    expect(found).not.toHaveProperty('package');
  });
});

describe('a package ships it', () => {
  const early = { unpacked: '400', list: EARLY_LIST }; // the package's own times are older than its unpacking, ours are not
  test.each<[string, WalkEntry, World, Probe | undefined, string]>([
    ['as in the image', entry(), { before: image, package: shipped() }, undefined, 'leave package/unchanged'],
    [
      'a folder as in the image',
      directory(),
      { before: directory(), package: shipped({ digest: undefined as never }) },
      undefined,
      'leave package/unchanged',
    ],
    ['a conffile as unpacked', entry(), { before: image, package: conffile() }, undefined, 'leave package/unchanged'],
    ['a conffile that a build step wrote', entry(), { before: image, package: conffile(early) }, undefined, 'probe'],
    [
      '… with another content',
      entry(),
      { before: image, package: conffile(early) },
      read({ md5: 'other' }),
      'keep package/edited-conffile',
    ],
    [
      '… with the same content',
      entry(),
      { before: image, package: conffile(early) },
      read(),
      'leave package/as-shipped',
    ],
    [
      'a file that a build step wrote, with a Dockerfile',
      entry(),
      { before: image, package: shipped(early) },
      undefined,
      'leave package/unchanged',
    ],
    ['… and without one', entry(), { before: image, package: shipped(early), rebuildable: false }, undefined, 'probe'],
    ['touched', now(), { before: image, package: shipped() }, undefined, 'probe'],
    ['touched, same content', now(), { before: image, package: shipped() }, read(), 'leave package/as-shipped'],
    ['edited', now(), { before: image, package: shipped() }, read({ md5: 'other' }), 'keep package/modified'],
    [
      'edited, known by sha256',
      now(),
      { before: image, package: { package: 'p', digest: 't', algorithm: 'sha256', unpacked: '' } },
      read(),
      'keep package/modified',
    ],
    [
      'the same, known by sha1',
      now(),
      { before: image, package: shipped({ digest: 'h', algorithm: 'sha1' }) },
      read({ other: 'h' }),
      'leave package/as-shipped',
    ],
    [
      'edited, known by sha1',
      now(),
      { before: image, package: shipped({ digest: 'h', algorithm: 'sha1' }) },
      read({ other: 'g' }),
      'keep package/modified',
    ],
    [
      'the same, known by a part of its sha256',
      now(),
      { before: image, package: shipped({ digest: '0a1b', algorithm: 'sha256-160' }) },
      read({ sha256: '0a1b2c' }),
      'leave package/as-shipped',
    ],
    [
      'without a digest: any change is an edit',
      now(),
      { before: image, package: { package: 'p', unpacked: '' } },
      read(),
      'keep package/modified',
    ],
    [
      'an edited conffile',
      now(),
      { before: image, package: conffile() },
      read({ md5: 'other' }),
      'keep package/edited-conffile',
    ],
    [
      'another mode',
      entry({ ctime: '5000.0', mode: 0o600 }),
      { before: image, package: shipped() },
      read(),
      'attributes package/attributes',
    ],
    [
      'another owner',
      entry({ ctime: '5000.0', uid: 7 }),
      { before: image, package: shipped() },
      read(),
      'attributes package/attributes',
    ],
    [
      'an ACL or attribute',
      entry({ ctime: '5000.0' }),
      { before: image, package: shipped() },
      read({ extended: true }),
      'attributes package/attributes',
    ],
    [
      'a folder with another group',
      directory({ ctime: '5000.0', gid: 9 }),
      { before: directory(), package: shipped() },
      read(),
      'attributes package/attributes',
    ],
    [
      'installed during operation',
      entry({ ctime: '6000.2' }),
      { package: upgraded() },
      read(),
      'leave package/as-shipped',
    ],
    [
      '… and then touched',
      entry({ ctime: '6100.0' }),
      { package: upgraded() },
      read(),
      'attributes package/attributes',
    ],
    [
      '… its folder',
      directory({ ctime: '6100.0' }),
      { package: { package: 'p', unpacked: '6000', list: LIST } },
      read(),
      'leave package/as-shipped',
    ],
    [
      '… its conffile, configured minutes later',
      entry({ ctime: '6300.0' }),
      { package: conffile({ unpacked: '6000' }) },
      read(),
      'leave package/as-shipped',
    ],
    [
      'upgraded during operation, to another mode',
      entry({ ctime: '6000.2', mode: 0o755 }),
      { before: image, package: upgraded() },
      read(),
      'leave package/as-shipped',
    ],
    [
      'a folder that an upgrade left, with another mode',
      directory({ ctime: '5000.0', mode: 0o700 }),
      { before: directory(), package: upgraded({ digest: undefined as never }) },
      read(),
      'attributes package/attributes',
    ],
    [
      'in a root directory without an image',
      entry({ ctime: '9999.0' }),
      { imageKnown: false, package: shipped() },
      read(),
      'leave package/as-shipped',
    ],
    [
      'a link as in the image',
      link({ ctime: '5000.0' }),
      { before: link(), package: shipped() },
      undefined,
      'leave package/as-shipped',
    ],
    [
      'a link to something else',
      link({ ctime: '5000.0', target: 'b' }),
      { before: link(), package: shipped() },
      undefined,
      'keep package/modified',
    ],
    [
      'a link where a file was',
      link({ ctime: '5000.0' }),
      { before: image, package: shipped() },
      undefined,
      'keep package/modified',
    ],
    [
      'a link of a new package',
      link({ ctime: '6000.2' }),
      { package: upgraded({ digest: undefined as never }) },
      undefined,
      'leave package/as-shipped',
    ],
    [
      'a link of a new package, made later',
      link({ ctime: '6100.0' }),
      { package: upgraded() },
      undefined,
      'keep package/modified',
    ],
    [
      'a link that an upgrade retargeted',
      link({ ctime: '6000.2', target: 'b' }),
      { before: link(), package: upgraded({ digest: undefined as never }) },
      undefined,
      'leave package/as-shipped',
    ],
    [
      'a link without an image',
      link(),
      { imageKnown: false, package: shipped({ digest: undefined as never }) },
      undefined,
      'leave package/as-shipped',
    ],
    [
      'a folder where a file was',
      directory({ ctime: '5000.0' }),
      { before: image, package: shipped() },
      undefined,
      'keep package/modified',
    ],
    [
      'a folder where a link was',
      directory({ ctime: '5000.0' }),
      { before: link(), package: shipped({ digest: undefined as never }) },
      undefined,
      'keep package/modified',
    ],
    [
      'a folder where a new package has a file',
      directory({ ctime: '6100.0' }),
      { package: upgraded() },
      undefined,
      'keep package/modified',
    ],
  ])('%s', (_, path, world, probe, verdict) => {
    const found = classify(path, context(world, path.path), probe);
    expect(found === 'probe' ? found : `${found.disposition} ${found.rule}`).toBe(verdict);
    if (found !== 'probe') expect(found.package).toBe('p');
  });
});

/* rpm and apk record kind, mode, owner and target. */
describe('no repository has its package', () => {
  const local = shipped({ local: true });
  test.each<[string, WalkEntry, World, string]>([
    ['it came during operation', now(), { package: local }, 'keep package/local'],
    ['no image is known', entry(), { package: local, imageKnown: false, rebuildable: false }, 'keep package/local'],
    [
      'in the image, no Dockerfile',
      entry(),
      { package: local, before: image, rebuildable: false },
      'keep package/local',
    ],
    ['in the image: the Dockerfile has it', entry(), { package: local, before: image }, 'leave package/unchanged'],
    ['in the image, and written since', now(), { package: local, before: image }, 'keep package/local'],
    ['the owner has the last word', now(), { package: local, owner: { exclude: () => true } }, 'leave owner/exclude'],
  ])('%s', (_, path, world, expected) => {
    const verdict = classify(path, context(world, path.path));
    expect(verdict === 'probe' ? verdict : `${verdict.disposition} ${verdict.rule}`).toBe(expected);
  });
});

describe('as a package manager recorded it', () => {
  const root = { uid: 0, gid: 0 };
  const file = (changes: Partial<PackageFile> = {}) => shipped({ kind: 'file', mode: 0o644, ...root, ...changes });
  const linked = (changes: Partial<PackageFile> = {}) =>
    file({ kind: 'symlink', mode: 0o777, digest: undefined as never, target: 'a', ...changes });
  const apkLink = (digest: string) => file({ kind: undefined as never, mode: 0o777, digest, algorithm: 'sha1' });
  const cap = { 'security.capability': 'AQ==' };
  const bare = { imageKnown: false, rebuildable: false };

  test.each<[string, WalkEntry, World, Probe | undefined, string]>([
    ['as shipped', entry(), { ...bare, package: file() }, read(), 'leave package/as-shipped'],
    ['another mode', entry({ mode: 0o600 }), { ...bare, package: file() }, read(), 'attributes package/attributes'],
    ['setuid', entry({ mode: 0o4644 }), { ...bare, package: file() }, read(), 'attributes package/attributes'],
    ['another owner', entry({ uid: 5 }), { ...bare, package: file() }, read(), 'attributes package/attributes'],
    [
      'an owner that is nobody',
      entry(),
      { ...bare, package: file({ gid: -1 }) },
      read(),
      'attributes package/attributes',
    ],
    [
      'a folder of another mode',
      directory(),
      { ...bare, package: file({ kind: 'directory', digest: undefined as never }) },
      read(),
      'attributes package/attributes',
    ],
    ['a folder in the place of a file', directory(), { ...bare, package: file() }, undefined, 'keep package/modified'],
    [
      'a file in the place of a folder',
      entry(),
      { ...bare, package: file({ kind: 'directory' }) },
      undefined,
      'keep package/modified',
    ],
    ['a link in the place of a file', link(), { ...bare, package: file() }, undefined, 'keep package/modified'],
    ['a link as shipped', link(), { ...bare, package: linked() }, undefined, 'leave package/as-shipped'],
    ['a link elsewhere', link({ target: 'b' }), { ...bare, package: linked() }, undefined, 'keep package/modified'],
    [
      'a link of somebody else',
      link({ uid: 7 }),
      { ...bare, package: linked() },
      undefined,
      'attributes package/attributes',
    ],
    // printf a | sha1sum
    [
      'a link of apk',
      link(),
      { ...bare, package: apkLink('86f7e437faa5a7fce15d1ddcb9eaeaea377667b8') },
      undefined,
      'leave package/as-shipped',
    ],
    [
      'a link of apk elsewhere',
      link({ target: 'b' }),
      { ...bare, package: apkLink('86f7e437faa5a7fce15d1ddcb9eaeaea377667b8') },
      undefined,
      'keep package/modified',
    ],
    [
      'a link in the place of a file of apk',
      link(),
      { ...bare, package: apkLink('00') },
      undefined,
      'keep package/modified',
    ],
    [
      'a capability as shipped',
      entry(),
      { ...bare, package: file({ capability: 'AQ==' }) },
      read({ extended: true, xattrs: cap }),
      'leave package/as-shipped',
    ],
    [
      'a capability that is gone',
      entry(),
      { ...bare, package: file({ capability: 'AQ==' }) },
      read(),
      'attributes package/attributes',
    ],
    [
      'another capability',
      entry(),
      { ...bare, package: file({ capability: 'Ag==' }) },
      read({ extended: true, xattrs: cap }),
      'attributes package/attributes',
    ],
    [
      'a capability and an ACL',
      entry(),
      { ...bare, package: file({ capability: 'AQ==' }) },
      read({ extended: true, xattrs: cap, aclAccess: 'user::rw-' }),
      'attributes package/attributes',
    ],
    [
      'attributes of which a digest is known',
      entry(),
      { ...bare, package: file({ extended: true }) },
      read(),
      'attributes package/attributes',
    ],
    [
      'an unknown digest',
      entry(),
      { ...bare, package: file({ digest: undefined as never }) },
      read(),
      'keep package/modified',
    ],
    [
      'of a build that is made again',
      image,
      { before: image, package: file({ mode: 0o600 }) },
      undefined,
      'leave package/unchanged',
    ],
    [
      'of a build that is not',
      image,
      { before: image, rebuildable: false, package: file({ mode: 0o600, unpacked: '' }) },
      read(),
      'attributes package/attributes',
    ],
    [
      'a link of a build that is not',
      link(),
      { before: link(), rebuildable: false, package: linked({ target: 'b' }) },
      undefined,
      'keep package/modified',
    ],
  ])('%s', (_, path, world, probe, verdict) => {
    if (probe) expect(classify(path, context(world, path.path))).toBe('probe');
    const found = classify(path, context(world, path.path), probe);
    expect(found === 'probe' ? found : `${found.disposition} ${found.rule}`).toBe(verdict);
  });
});

describe('a language package has it', () => {
  const six: LanguagePackage = {
    ...{ ecosystem: 'pip', name: 'six', version: '1.15.0', folder: '/', files: 'left', why: '', operation: true },
  };
  const file = { package: six, kind: 'file' as const, sha256: 's' };
  const folder = { package: six, kind: 'directory' as const };
  test.each<[string, WalkEntry, World, Probe | undefined, string]>([
    ['as installed', now(), { vouchedBy: () => file }, read(), 'leave language/pip'],
    ['edited', now(), { vouchedBy: () => file }, read({ sha256: 't' }), 'keep language/edited'],
    ['another mode', now({ mode: 0o600 }), { vouchedBy: () => file }, read(), 'keep language/edited'],
    ['with an ACL', now(), { vouchedBy: () => file }, read({ extended: true }), 'keep language/edited'],
    ['a folder', directory({ ctime: '5000.0' }), { vouchedBy: () => folder }, read(), 'leave language/pip'],
    [
      'a folder of few',
      directory({ ctime: '5000.0', mode: 0o700 }),
      { vouchedBy: () => folder },
      read(),
      'keep language/edited',
    ],
    ['a file in the place of a folder', now(), { vouchedBy: () => folder }, read(), 'keep language/edited'],
    [
      'a folder in the place of a file',
      directory({ ctime: '5000.0' }),
      { vouchedBy: () => file },
      read(),
      'keep language/edited',
    ],
    [
      'a link in the place of a file',
      link({ ctime: '5000.0' }),
      { vouchedBy: () => file },
      undefined,
      'keep unowned/operation',
    ],
    ['as in the image', image, { before: image, vouchedBy: () => file }, undefined, 'leave image/build-step'],
  ])('%s', (_, path, world, probe, verdict) => {
    if (probe) expect(classify(path, context(world, path.path))).toBe('probe');
    const found = classify(path, context(world, path.path), probe);
    expect(found === 'probe' ? found : `${found.disposition} ${found.rule}`).toBe(verdict);
  });
});

describe('unchanged', () => {
  test.each<[string, Partial<WalkEntry>]>([
    ['ctime', { ctime: '1000.100000001' }],
    ['mtime', { mtime: '500.000000001' }],
    ['size', { size: 6 }],
    ['kind', { kind: 'symlink' }],
    ['mode', { mode: 0o4644 }],
    ['owner', { uid: 1 }],
    ['group', { gid: 1 }],
  ])('not with another %s', (_, changes) => {
    expect(unchanged(entry(changes), image)).toBe(false);
  });

  test('equal, and never without an image', () => {
    expect([unchanged(entry(), image), unchanged(entry(), undefined)]).toEqual([true, false]);
  });
});
