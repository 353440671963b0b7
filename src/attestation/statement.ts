import * as v from 'valibot';
import { stableJson } from '../bag/stable-json.ts';

/** Media type of the payload (https://github.com/in-toto/attestation, spec/v1/envelope.md). */
export const IN_TOTO = 'application/vnd.in-toto+json';

/**
 * What is said of the subject: that this program made it, as an archive of a service (docs/design.md, "Attestation"). A UUID, since a name
 * in a domain would be somebody's, and end with it; another form of the predicate gets another one.
 */
export const PREDICATE_TYPE = 'urn:uuid:3a9e86a0-e5e6-46cf-b9c9-55b009bda800';

/** The file of the bag that an attestation is about: its digest stands for every file of the bag, packed, encrypted, copied or not. */
export const SUBJECT = 'tagmanifest-sha256.txt';

/**
 * The bytes of an in-toto Statement v1 about a bag. Nothing in it names the service or what is in the bag.
 * @param sha256 hex, of the bag's tag manifest
 */
export function formatStatement(sha256: string, tool: { name: string; version: string }, schema: number): Buffer {
  return Buffer.from(
    stableJson({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: SUBJECT, digest: { sha256 } }],
      predicateType: PREDICATE_TYPE,
      predicate: { schema, tool: { name: tool.name, version: tool.version } },
    }),
  );
}

const statementSchema = v.object({
  _type: v.literal('https://in-toto.io/Statement/v1'),
  subject: v.tuple([
    v.object({
      name: v.literal(SUBJECT),
      digest: v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
    }),
  ]),
  predicateType: v.literal(PREDICATE_TYPE),
  predicate: v.object({ tool: v.object({ name: v.string(), version: v.string() }) }),
});

/**
 * The hex digest of the tag manifest that a statement is about; undefined when it is no statement of ours, however well it is signed: a
 * signature over something else says nothing about an archive.
 */
export function findSubject(payload: Buffer): string | undefined {
  try {
    const parsed = v.safeParse(statementSchema, JSON.parse(payload.toString()));
    return parsed.success ? parsed.output.subject[0].digest.sha256 : undefined;
  } catch {
    return undefined;
  }
}
