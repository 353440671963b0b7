import { withoutSecrets } from '../system/without-secrets.ts';

/** Colours and the like (ECMA-48, SGR): a report has none. */
const COLOURS = /\u001b\[[0-9;]*m/g;

/** The end of what a program said, for a report: programs repeat lines of configuration. */
export function lastLines(text: string, count: number): string {
  return withoutSecrets(text.replace(COLOURS, '').trim().split('\n').slice(-count).join('\n'));
}
