import { FILE_MARK, IMAGE_MARK } from './analysis-probe.ts';
import type { AnalysisProbe, SmokeAnswer } from './smoke-test.ts';

/** One result of an analysis: what it printed, a file, or an image. */
export interface AnalysisSection {
  kind: 'output' | 'file' | 'image';
  /** Path; `output` for what was printed. */
  name: string;
  /** What the answer's one line says of it: `missing`, `12 lines`, `sha256 ...`, a sketch. Empty for what was printed. */
  said: string;
  /** Lines of a text. */
  lines: string[];
}

/**
 * Takes an answer of analysisProbe apart: files, then images, then what was printed.
 * @param test how many files and images stand at its head
 */
export function analysisSections(
  { lines }: Pick<SmokeAnswer, 'lines'>,
  test: Pick<AnalysisProbe, 'files' | 'images'>,
): AnalysisSection[] {
  const sections: AnalysisSection[] = [];
  let at = 0;
  for (const path of test.files ?? []) {
    const said = lines[at++]?.slice(`${FILE_MARK}${path}: `.length) ?? 'missing';
    const count = Number(/^(\d+) lines$/.exec(said)?.[1] ?? 0);
    sections.push({ kind: 'file', name: path, said, lines: lines.slice(at, at + count) });
    at += count;
  }
  for (const path of test.images ?? []) {
    const said = lines[at++]?.slice(`${IMAGE_MARK}${path}: `.length) ?? 'missing';
    sections.push({ kind: 'image', name: path, said, lines: [] });
  }
  return [...sections, { kind: 'output', name: 'output', said: '', lines: lines.slice(at) }];
}
