import { PNG } from 'pngjs';
import { PerennialError } from '../errors.ts';

/** Cells of a sketch in each direction. */
const CELLS = 32;
/** Pixels of an image that is read; the size stands in its header, so that a bomb is not unpacked. */
const MOST_PIXELS = 50_000_000;

/**
 * What an image looks like: size, and the mean brightness of 32 by 32 cells, two hexadecimal digits each. Renderers of
 * other versions smooth lines and letters a little otherwise, which the cells hardly show; another curve shows.
 * @param bytes of a PNG file
 * @throws PerennialError `unreadable` when it is none, or too large
 */
export function imageSketch(bytes: Buffer): string {
  const { width, height, data } = decode(bytes);
  const sums = new Float64Array(CELLS * CELLS);
  const counts = new Uint32Array(CELLS * CELLS);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * CELLS) / height) * CELLS;
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * CELLS) / width);
      sums[cell]! += brightness(data, 4 * (y * width + x));
      counts[cell]!++;
    }
  }
  const digits = [...sums].map((sum, cell) => twoDigits(Math.round(sum / Math.max(1, counts[cell]!))));
  return `${width}x${height} ${digits.join('')}`;
}

/**
 * How much two sketches differ: the difference of their cells as a share of what stands out from the background (the commonest
 * brightness) in either. 0: the same; 1: nothing in common. Thin lines on white are little of an image, but all of a plot.
 */
export function sketchDifference(a: string, b: string): number {
  const [left, right] = [cellsOf(a), cellsOf(b)];
  if (left.length !== right.length || left.length === 0) return 1;
  const ground = commonest([...left, ...right]);
  let [apart, ink] = [0, 0];
  for (const [at, cell] of left.entries()) {
    apart += Math.abs(cell - right[at]!);
    ink += Math.abs(cell - ground) + Math.abs(right[at]! - ground);
  }
  return ink === 0 ? 0 : apart / ink;
}

function cellsOf(sketch: string): number[] {
  return (sketch.split(' ')[1]?.match(/../g) ?? []).map(digits => Number.parseInt(digits, 16));
}

function commonest(values: number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

function twoDigits(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function decode(bytes: Buffer): PNG {
  const isPng = bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47;
  if (!isPng) throw new PerennialError('unreadable', 'it is no PNG image');
  const pixels = bytes.readUInt32BE(16) * bytes.readUInt32BE(20);
  if (pixels > MOST_PIXELS)
    throw new PerennialError('unreadable', `it has ${pixels} pixels, at most ${MOST_PIXELS} are read`);
  try {
    return PNG.sync.read(bytes);
  } catch (cause) {
    throw new PerennialError('unreadable', `the PNG image is damaged: ${(cause as Error).message}`, { cause });
  }
}

/** ITU-R BT.601 luma, on white where the image is transparent. */
function brightness(data: Buffer, at: number): number {
  const alpha = data[at + 3]! / 255;
  return (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) * alpha + 255 * (1 - alpha);
}
