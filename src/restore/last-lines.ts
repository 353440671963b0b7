import { withoutSecrets } from '../system/without-secrets.ts';

/** The end of what a program said, for a report: programs repeat lines of configuration. */
export function lastLines(text: string, count: number): string {
  return withoutSecrets(text.trim().split('\n').slice(-count).join('\n'));
}
