import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, PerennialError } from '../errors.ts';
import { printable } from '../system/byte-text.ts';
import { isUnlistedTag, LARGEST_ATTESTATION } from './attestation-file.ts';
import { type Fixity, parseBagInfo, parseDigests, payloadOxum } from './bagit.ts';
import { hashFile } from './hash-file.ts';

/** One thing that is wrong with a bag. */
export interface BagProblem {
  code: Extract<ErrorCode, 'bag-invalid' | 'bag-truncated' | 'digest-mismatch'>;
  text: string;
}

/** That a bag says what cannot be. */
export function invalid(text: string): BagProblem {
  return { code: 'bag-invalid', text };
}

export interface FixityResult {
  files: number;
  bytes: number;
  problems: BagProblem[];
}

const TAG_MANIFEST = 'tagmanifest-sha256.txt';
const NEEDED = ['bagit.txt', 'bag-info.txt', 'manifest-sha256.txt', TAG_MANIFEST, 'data/manifest.json'];
const MOST_NAMED = 100;

/**
 * Reads every file of a bag folder and holds it against BagIt's manifests: missing, extra and changed files, things
 * that are no plain files, and the count and bytes in bag-info.txt. `packed` are files of the bag that are not in the folder, as they were found. Collects; throws nothing for a bad bag.
 */
export async function checkFixity(dir: string, packed: ReadonlyMap<string, Fixity> = new Map()): Promise<FixityResult> {
  const problems: BagProblem[] = [];
  const present = [...(await listFiles(dir, problems)), ...packed.keys()].sort();
  for (const name of NEEDED) if (!present.includes(name)) problems.push(missing(name));
  const stated = await statedDigests(dir, present, problems);
  const found = new Map<string, Fixity>();
  for (const path of present) {
    const fixity = packed.get(path) ?? (await hashFile(join(dir, path)));
    found.set(path, fixity);
    const digest = stated.get(path);
    if (digest === undefined && isUnlistedTag(path)) {
      if (fixity.bytes > LARGEST_ATTESTATION)
        problems.push({ code: 'bag-invalid', text: `${path} has ${fixity.bytes} bytes, more than any attestation` });
    } else if (digest === undefined && path !== TAG_MANIFEST)
      problems.push({ code: 'bag-invalid', text: `extra file ${show(path)}` });
    else if (digest !== undefined && digest !== fixity.sha256) {
      problems.push({
        code: 'digest-mismatch',
        text: `changed file ${show(path)}: its sha256 is not the recorded one`,
      });
    }
  }
  for (const path of stated.keys()) if (!found.has(path) && !NEEDED.includes(path)) problems.push(missing(path));
  if (found.has('bag-info.txt')) problems.push(...(await checkOxum(dir, found)));
  return { files: found.size, bytes: [...found.values()].reduce((sum, file) => sum + file.bytes, 0), problems };
}

/** Throws one error that names every problem (the first hundred) when there is any. */
export function throwProblems(name: string, { problems }: { problems: BagProblem[] }): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, MOST_NAMED).map(problem => `  ${problem.text}`);
  if (problems.length > MOST_NAMED) lines.push(`  and ${problems.length - MOST_NAMED} more`);
  const code = (['bag-truncated', 'digest-mismatch'] as const).find(each => problems.some(({ code }) => code === each));
  throw new PerennialError(code ?? 'bag-invalid', `${name} is not a sound bag:\n${lines.join('\n')}`, {
    hint: 'Fetch the bag again from where it is kept, or take another copy; do not restore from this one.',
  });
}

/** A path that is safe to print. */
export function show(path: string): string {
  return printable(path);
}

async function listFiles(dir: string, problems: BagProblem[]): Promise<string[]> {
  const files: string[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) files.push(path);
      else problems.push({ code: 'bag-invalid', text: `${show(path)} is neither a plain file nor a folder` });
    }
  }
  return files.sort();
}

/** Both manifests together: path -> digest. */
async function statedDigests(dir: string, present: string[], problems: BagProblem[]): Promise<Map<string, string>> {
  const stated = new Map<string, string>();
  for (const name of ['manifest-sha256.txt', TAG_MANIFEST]) {
    if (!present.includes(name)) continue;
    try {
      const digests = parseDigests(await readFile(join(dir, name), 'utf8'), name);
      for (const [path, digest] of digests) {
        if (path.startsWith('data/') === (name !== TAG_MANIFEST)) stated.set(path, digest);
        else problems.push({ code: 'bag-invalid', text: `${name} lists ${show(path)}, which is not its to list` });
      }
    } catch (error) {
      if (!(error instanceof PerennialError)) throw error;
      problems.push({ code: 'bag-invalid', text: error.message });
    }
  }
  return stated;
}

async function checkOxum(dir: string, found: Map<string, Fixity>): Promise<BagProblem[]> {
  const stated = parseBagInfo(await readFile(join(dir, 'bag-info.txt'), 'utf8'))['Payload-Oxum'];
  const actual = payloadOxum(found);
  if (stated === undefined || stated === actual) return [];
  const [bytes, files] = actual.split('.');
  const [statedBytes, statedFiles] = stated.split('.');
  const fewer = files === statedFiles && Number(bytes) < Number(statedBytes);
  const text = `data/ holds ${actual} (bytes.files), bag-info.txt says ${printable(stated)}`;
  return [{ code: fewer ? 'bag-truncated' : 'bag-invalid', text }];
}

function missing(path: string): BagProblem {
  return { code: 'bag-invalid', text: `missing file ${show(path)}` };
}
