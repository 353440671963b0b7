import { join } from 'node:path';
import type { Bag } from '../bag/open-bag.ts';
import { readTar } from '../bag/tar-reader.ts';
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
 * Secrets that a bag holds in plain text, counted by kind: kept files, environment values, build arguments and the
 * passwords of smoke tests. Contents are shown nowhere; only the shadow databases are looked into, for whether there is a hash.
 */
export async function findSecrets(bag: Bag): Promise<SecretCount[]> {
  const found = new Map<SecretKind, string[]>();
  const add = (kind: SecretKind, path: string) => found.set(kind, [...(found.get(kind) ?? []), path]);
  const shadows: string[] = [];
  for await (const entry of bag.readIndex()) {
    const kind = findSecretKind(entry);
    if (kind && SHADOW.includes(entry.path)) shadows.push(entry.path);
    else if (kind) add(kind, entry.path);
  }
  for (const path of await withHashes(bag, shadows)) add('password hashes', path);
  for (const words of await wordsOf(bag)) add('tokens and passwords', words);
  return [...found].map(([kind, paths]) => ({ kind, paths }));
}

async function withHashes(bag: Bag, paths: string[]): Promise<string[]> {
  const wanted = new Set(paths);
  const found: string[] = [];
  if (wanted.size === 0) return found;
  const payload = bag.openPayload();
  try {
    for await (const member of readTar(payload)) {
      const path = `/${member.header.path}`;
      if (!wanted.delete(path) || member.header.size > LARGEST_SHADOW) continue;
      const chunks: Buffer[] = [];
      for await (const chunk of member.body) chunks.push(chunk);
      if (holdsPasswordHash(Buffer.concat(chunks).toString('latin1'))) found.push(path);
      if (wanted.size === 0) break; // the rest of a large payload is of no interest
    }
  } finally {
    payload.destroy();
  }
  return found;
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
