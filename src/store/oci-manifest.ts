import * as v from 'valibot';
import { isBagFileName, isEncryptedName } from '../bag/bag-file-name.ts';
import type { Part } from './parts.ts';
import type { PackedBag } from './store.ts';

/** Media type of an image manifest, which artifacts have too (image-spec v1.1, "Guidelines for Artifact Usage"). */
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** What kind of artifact this is. */
export const BAG_TYPE = 'application/vnd.perennial.bag.v1';
/** `{}`: an artifact without configuration (image-spec, "Guidance for an Empty Descriptor"). */
export const EMPTY = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  size: 2,
};

const TITLE = 'org.opencontainers.image.title';
const CREATED = 'org.opencontainers.image.created';
const OWN = 'io.github.perennial';

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const annotations = v.optional(v.record(v.string(), v.string()), {});

const manifestSchema = v.object({
  artifactType: v.literal(BAG_TYPE),
  layers: v.pipe(v.array(v.object({ digest, size: count, annotations })), v.minLength(1), v.maxLength(1000)),
  annotations,
});

/** What a manifest says of a bag. */
export interface OciBag {
  name: string;
  service: string;
  created: string;
  sha256: string;
  bytes: number;
  encrypted: boolean;
  parts: Part[];
}

/** The manifest of a bag: a layer each part, in order. */
export function formatOciManifest(bag: PackedBag, parts: readonly Part[]): string {
  const encrypted = isEncryptedName(bag.name);
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: BAG_TYPE,
    config: EMPTY,
    layers: parts.map(part => ({
      mediaType: `${BAG_TYPE}.tar+zstd${encrypted ? '+age' : ''}`,
      digest: `sha256:${part.sha256}`,
      size: part.bytes,
      annotations: { [TITLE]: part.name },
    })),
    annotations: {
      [TITLE]: bag.name,
      ...(bag.created ? { [CREATED]: bag.created } : {}),
      'org.opencontainers.image.description':
        'Mutable data of a service, kept by perennial; the layers in order are one file',
      [`${OWN}.sha256`]: bag.sha256,
      ...(bag.service ? { [`${OWN}.service`]: bag.service } : {}),
    },
  });
}

/** The inverse; undefined for a manifest of anything else. */
export function findOciBag(text: string): OciBag | undefined {
  const parsed = v.safeParse(manifestSchema, parseJson(text));
  if (!parsed.success) return undefined;
  const { layers, annotations: said } = parsed.output;
  const name = said[TITLE] ?? '';
  if (!isBagFileName(name) || /[/\\\0]/.test(name)) return undefined;
  return {
    name,
    service: said[`${OWN}.service`] ?? '',
    created: said[CREATED] ?? '',
    sha256: /^[0-9a-f]{64}$/.exec(said[`${OWN}.sha256`] ?? '')?.[0] ?? '',
    bytes: layers.reduce((sum, layer) => sum + layer.size, 0),
    encrypted: isEncryptedName(name),
    parts: layers.map(layer => ({
      name: layer.annotations[TITLE] ?? layer.digest,
      bytes: layer.size,
      sha256: layer.digest.slice('sha256:'.length),
    })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
