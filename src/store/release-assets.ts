import * as v from 'valibot';
import { isBagFileName } from '../bag/bag-file-name.ts';
import type { PackedBag } from './store.ts';

/** A file of a release (docs.github.com/rest/releases/assets). `digest` is `sha256:…`; older servers do not say it. */
export interface Asset {
  id: number;
  name: string;
  size: number;
  /** `uploaded`, or `starter` when its upload never came to its end. */
  state: string;
  digest?: string | null;
}

export interface Release {
  id: number;
  tag_name: string;
  upload_url: string;
  draft: boolean;
}

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^[\w.-]{1,255}$/));

/** NAME.json beside the parts of a bag: it is put there last, so a bag without it is not complete. */
const descriptorSchema = v.object({
  schema: v.literal(1),
  name: v.pipe(name, v.check(isBagFileName)),
  service: v.string(),
  created: v.string(),
  bytes: count,
  sha256: hex,
  parts: v.pipe(v.array(v.object({ name, bytes: count, sha256: hex })), v.minLength(1), v.maxLength(1000)),
});

export type Descriptor = v.InferOutput<typeof descriptorSchema>;

/** A thousand parts take less. */
export const LARGEST_DESCRIPTOR: number = 1024 * 1024;

/** GitHub changes other characters in names of assets by itself. */
export function assetName(bagName: string): string {
  return bagName.replace(/[^\w.-]+/g, '-');
}

export function descriptorName(bagName: string): string {
  return `${assetName(bagName)}.json`;
}

export function formatDescriptor(bag: PackedBag, parts: { name: string; bytes: number; sha256: string }[]): string {
  const descriptor: Descriptor = {
    schema: 1,
    name: assetName(bag.name),
    service: bag.service,
    created: bag.created,
    bytes: bag.bytes,
    sha256: bag.sha256,
    parts: parts.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  return `${JSON.stringify(descriptor, null, 1)}\n`;
}

/** The inverse; undefined for what is none. */
export function findDescriptor(text: string): Descriptor | undefined {
  try {
    return v.parse(descriptorSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** True for the description of a bag that is complete. */
export function isDescriptor(asset: Asset): boolean {
  const bag = asset.name.replace(/\.json$/, '');
  return asset.state === 'uploaded' && bag !== asset.name && isBagFileName(bag);
}
