import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Bag } from '../bag/open-bag.ts';
import { readTar } from '../bag/tar-reader.ts';
import { findSecretContent } from '../classify/secret-content.ts';
import {
  findSecretKind,
  holdsPasswordHash,
  type SecretCount,
  type SecretKind,
  secretVariables,
} from '../classify/secrets.ts';
import { findGolden } from '../smoke/golden-file.ts';

const LARGEST_SHADOW = 64 * 1024 * 1024;

/** Every system has these; they count only where somebody has a password. */
const SHADOW = ['/etc/shadow', '/etc/gshadow'];

/**
 * Secrets that a bag holds in plain text, counted by kind: kept files, logical exports, effective settings, the build context,
 * environment values, build arguments and the passwords of smoke tests. What they are is shown nowhere. Contents of kept files were
 * looked at when they were archived; of an archive that does not know it only the shadow databases are, for whether there is a hash.
 */
export async function findSecrets(bag: Bag): Promise<SecretCount[]> {
  const found = new Map<SecretKind, string[]>();
  const add = (kind: SecretKind, path: string) => {
    const paths = found.get(kind);
    if (paths) paths.push(path);
    else found.set(kind, [path]);
  };
  const shadows: string[] = [];
  for await (const entry of bag.readIndex()) {
    const kind = findSecretKind(entry);
    if (kind && SHADOW.includes(entry.path) && !entry.secret) shadows.push(entry.path);
    else if (kind) add(kind, entry.path);
  }
  for (const path of await withHashes(bag, shadows)) add('password hashes', path);
  for (const words of await wordsOf(bag)) add('tokens and passwords', words);
  for (const path of await ownFiles(bag)) {
    const kind = findSecretContent(await headOf(bag, path), path) ?? findBuildSecret(path);
    if (kind) add(kind, path);
  }
  return [...found].map(([kind, paths]) => ({ kind, paths }));
}

async function withHashes(bag: Bag, paths: string[]): Promise<string[]> {
  const wanted = new Set(paths);
  const found: string[] = [];
  if (wanted.size === 0) return found;
  for await (const member of readTar(bag.openPayload())) {
    const path = `/${member.header.path}`;
    if (!wanted.delete(path) || member.header.size > LARGEST_SHADOW) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of member.body) chunks.push(chunk);
    if (holdsPasswordHash(Buffer.concat(chunks).toString('latin1'))) found.push(path);
    if (wanted.size === 0) break; // the rest of a large payload is of no interest
  }
  return found;
}

/** Files of the bag itself that may hold secrets: originals of edited configuration are as shipped, and tests are looked at by field. */
async function ownFiles(bag: Bag): Promise<string[]> {
  const inFolder = await readdir(join(bag.dir, 'data'), { recursive: true, withFileTypes: true });
  const paths = inFolder
    .filter(each => each.isFile())
    .map(each => relative(bag.dir, join(each.parentPath, each.name)).split(sep).join('/'));
  return [...new Set([...paths, ...bag.packed.keys()])]
    .filter(path => /^data\/(dumps|settings|rebuild)\//.test(path))
    .sort();
}

/** A file of the build context has the same names as on the system that it is copied to. */
function findBuildSecret(path: string): SecretKind | undefined {
  if (!path.startsWith('data/rebuild/')) return undefined;
  const facts = { kind: 'file', mode: '0644', size: 1, rule: '', disposition: 'keep' } as const;
  return findSecretKind({ ...facts, path: path.slice('data/rebuild'.length) });
}

/** An export of accounts begins with them, or has them early. */
const EXPORT_HEAD = 1024 * 1024;

async function headOf(bag: Bag, path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of bag.read(path)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= EXPORT_HEAD) break;
  }
  return Buffer.concat(pieces).subarray(0, EXPORT_HEAD);
}

/** Secrets that are no files of the service. */
async function wordsOf(bag: Bag): Promise<string[]> {
  const { service, rebuild } = bag.manifest;
  const golden = await findGolden(join(bag.dir, 'data/smoke'));
  const tests = (golden?.tests ?? []).filter(each => 'password' in each && each.password);
  return [
    ...secretVariables(service.run.env).map(name => `environment ${name}`),
    ...secretVariables(rebuild?.buildArgs ?? {}).map(name => `build argument ${name}`),
    ...tests.map(each => `smoke test "${each.name}"`),
  ];
}
