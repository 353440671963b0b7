import { findRefusedLine, type RefusedLine } from '../knowledge/read-mends.ts';
import { printable } from '../system/byte-text.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { closedLine } from './closed-diff.ts';
import { writeInPlace } from './differences.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** A line that stands in more files than this is too common to be found by its text. */
const MOST_SOURCES = 3;

/**
 * Comments out the first line of a configuration that a program says it refuses, by the forms of knowledge/mends.
 * @param said what the program printed or logged
 * @param stage where it is reported
 * @returns whether a line was mended: then it is worth trying again
 */
export async function mendRefusedLine(
  system: NewSystem,
  said: string,
  mends: RefusedLine[],
  stage: 'checks' | 'start',
  journal: Journal,
): Promise<boolean> {
  const spoken = said.split('\n');
  for (const [at, sentence] of spoken.entries()) {
    // The place may stand before the reason, on a line of its own.
    const both = `${sentence} ${spoken[at + 1]?.trim() ?? ''}`;
    const refused = findRefusedLine(sentence, mends) ?? findRefusedLine(both, mends);
    const places = refused ? await sourcesOf(system, refused) : [];
    for (const place of places) await commentOut(system, place);
    for (const { file, line, text } of places) {
      journal.look(
        stage,
        `${printable(file)}: line ${line} "${printable(closedLine(text.trim(), system.modeOf(file)))}" is commented out`,
        `the program refuses it today: ${printable(withoutSecrets(both.trim()))}`,
        `mends/${refused!.id}`,
      );
    }
    if (places.length > 0) return true;
  }
  return false;
}

interface Place {
  file: string;
  line: number;
  text: string;
}

/** Prints `FILE:LINE` for each file of /etc that has this very line. */
const FIND_LINE = 'grep -rsnFxI -- "$LINE" /etc | cut -d: -f1,2';

/** A file that a program made (update-exim4.conf, for one) is not the place to mend: its line is in a file of /etc. */
async function sourcesOf(system: NewSystem, { file, line }: { file: string; line: number }): Promise<Place[]> {
  const text = (await system.read(file))?.toString('latin1').split('\n')[line - 1];
  if (text === undefined || text.trim() === '' || /^\s*[#;]/.test(text) || /[{}]/.test(text)) return [];
  if (file.startsWith('/etc/')) return isDefault(system, file, text) ? [] : [{ file, line, text }];
  const { stdout } = await system.target.exec(['sh', '-c', FIND_LINE], { env: { LINE: text }, allowFailure: true });
  const found = [...stdout.toString().matchAll(/^(.+):(\d+)$/gm)].map(hit => ({
    file: hit[1]!,
    line: Number(hit[2]),
    text,
  }));
  return found.length <= MOST_SOURCES ? found : [];
}

/** Today's own default has this line: it is not obsolete, something else is missing, and more lines would follow. */
function isDefault(system: NewSystem, file: string, text: string): boolean {
  const lines = system.defaults.get(file)?.split('\n') ?? [];
  return lines.some(line => line.trim().replace(/\s+/g, ' ') === text.trim().replace(/\s+/g, ' '));
}

async function commentOut(system: NewSystem, { file, line, text }: Place): Promise<void> {
  const lines = (await system.read(file))!.toString('latin1').split('\n');
  lines[line - 1] = `# perennial: refused today: ${text}`;
  await writeInPlace(system, file, Buffer.from(lines.join('\n'), 'latin1'));
}
