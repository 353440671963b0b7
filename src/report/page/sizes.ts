import type { Size } from './page-model.ts';

/** What zstd leaves of an image's files: 186 of 494 MB in the demo (`npm run demo`). The page says that it is an estimate. */
const ZSTD = 0.38;

/** Sizes in bytes where they are known, largest first. `docker save` is not run for them: it is as large as the image. */
export function sizesOf(known: {
  image?: number | undefined;
  kept: number;
  packed?: number | undefined;
  newImage?: number | undefined;
}): Size[] {
  const { image, kept, packed, newImage } = known;
  const all: Size[] = [
    { label: 'The old image', note: 'what docker save would write', bytes: image ?? 0, kept: false },
    { label: 'docker save | zstd', note: 'an estimate, 38 % of the image', bytes: (image ?? 0) * ZSTD, kept: false },
    { label: 'The new image', note: 'made again from packages', bytes: newImage ?? 0, kept: false },
    { label: 'Mutable data', note: 'before compression', bytes: kept, kept: true },
    { label: 'The archive', note: 'all that is stored', bytes: packed ?? 0, kept: true },
  ];
  return all.filter(each => each.bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
}
