import { printable } from '../system/byte-text.ts';

/** One line at the top of a workflow run: something that a person should look at. Plain text, printable. */
export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
}

/** GitHub shows ten of each level a step. */
const SHOWN = 10;

/** Makes an annotation of untrusted words. */
export function annotation(level: Annotation['level'], title: string, message: string): Annotation {
  return { level, title: printable(title).slice(0, 100), message: printable(message).slice(0, 800) };
}

/** At most as many of each level as are shown; the last one counts those that had no room. */
export function fewAnnotations(all: Annotation[]): Annotation[] {
  return (['error', 'warning', 'notice'] as const).flatMap(level => {
    const these = all.filter(each => each.level === level);
    if (these.length <= SHOWN) return these;
    const rest = these.length - SHOWN + 1;
    return [
      ...these.slice(0, SHOWN - 1),
      annotation(level, 'There is more', `${rest} more are in the summary of the job`),
    ];
  });
}
