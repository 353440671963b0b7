import { PerennialError } from '../errors.ts';

/** Where a bag is, or shall be kept. */
export type Reference =
  | { kind: 'path'; path: string }
  | { kind: 'artifact'; repository: string; run: number | undefined; name: string }
  | { kind: 'release'; repository: string; tag: string; name: string }
  | { kind: 'oci'; host: string; repository: string; tag: string; digest: string };

/** The ways to write a reference, for usage texts. */
export const referenceUsage = `a path, artifact:NAME, release:TAG, oci://HOST/NAME:TAG; also artifact:[OWNER/REPO@][RUN/]NAME and
release:[OWNER/REPO@]TAG[#NAME]`;

/**
 * Parses a reference. Parts that are left out are empty: the repository is then the one at hand. A file whose name begins
 * like a store is written as `./release:x`.
 * @throws PerennialError `bad-input`
 */
export function parseReference(text: string): Reference {
  const [, scheme, rest] = /^(artifact|release|oci):(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) {
    if (text === '' || text.includes('\0')) throw wrong(text);
    return { kind: 'path', path: text };
  }
  if (scheme === 'artifact') return parseArtifact(rest, text);
  return scheme === 'release' ? parseRelease(rest, text) : parseOci(rest, text);
}

/** The inverse of parseReference. */
export function formatReference(reference: Reference): string {
  if (reference.kind === 'path') return reference.path;
  if (reference.kind === 'oci') {
    const { host, repository, tag, digest } = reference;
    return `oci://${host}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
  }
  const repository = reference.repository ? `${reference.repository}@` : '';
  if (reference.kind === 'artifact') {
    return `artifact:${repository}${reference.run === undefined ? '' : `${reference.run}/`}${reference.name}`;
  }
  return `release:${repository}${reference.tag}${reference.name ? `#${reference.name}` : ''}`;
}

const REPOSITORY = '([A-Za-z0-9][\\w-]*/[\\w.-]+)@';

function parseArtifact(rest: string, text: string): Reference {
  const found = new RegExp(`^(?:${REPOSITORY})?(?:(\\d+)/)?([^/\\\\\\r\\n:"<>|*?]*)$`).exec(rest);
  if (!found) throw wrong(text);
  const [, repository = '', run, name = ''] = found;
  return { kind: 'artifact', repository, run: run === undefined ? undefined : Number(run), name };
}

function parseRelease(rest: string, text: string): Reference {
  const found = new RegExp(`^(?:${REPOSITORY})?([^#\\s~^:?*\\[\\\\]*)(?:#(.+))?$`).exec(rest);
  if (!found) throw wrong(text);
  const [, repository = '', tag = '', name = ''] = found;
  return { kind: 'release', repository, tag, name };
}

/** Names and tags as the distribution specification has them (github.com/opencontainers/distribution-spec, "Pulling manifests"). */
function parseOci(rest: string, text: string): Reference {
  const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
  const found = new RegExp(
    `^//((?:[A-Za-z0-9.-]+|\\[[0-9a-f:]+\\])(?::\\d+)?)/(${part}(?:/${part})*)(?::(\\w[\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
  ).exec(rest);
  if (!found) throw wrong(text);
  const [, host = '', repository = '', tag = '', digest = ''] = found;
  return { kind: 'oci', host, repository, tag, digest };
}

function wrong(text: string): PerennialError {
  return new PerennialError('bad-input', `${JSON.stringify(text)} is no reference of a bag`, {
    hint: `Give ${referenceUsage.replace('\n', ' ')}.`,
  });
}
