import { byteText } from '../../src/report/byte-text.ts';

/** One way to keep a service, and what came of it. */
export interface Outcome {
  name: string;
  /** Size of the archive. */
  bytes: number;
  /** Undefined where nothing is looked for. */
  detectSeconds: number | undefined;
  /** From the archive to the running service. */
  seconds: number;
  /** The system that answers now. */
  system: string;
  /** Client-visible lines that are as before. */
  lines: number;
  same: boolean;
}

/** The paper's table with figures of this run, as aligned lines. */
export function demoTable(original: { imageBytes: number }, outcomes: Outcome[], lines: number): string[] {
  const rows = [
    ['way', 'archive', 'of the image', 'detect', 'reconstruct', 'same answers', 'on'],
    ...outcomes.map(each => [
      each.name,
      byteText(each.bytes),
      `${((100 * each.bytes) / original.imageBytes).toPrecision(2)} %`,
      each.detectSeconds === undefined ? '-' : `${each.detectSeconds.toFixed(2)} s`,
      `${each.seconds.toFixed(1)} s`,
      `${each.lines} of ${lines}${each.same ? '' : ' NO'}`,
      each.system,
    ]),
  ];
  return [`image: ${byteText(original.imageBytes)}`, '', ...aligned(rows)];
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('   ')
      .trimEnd(),
  );
}
