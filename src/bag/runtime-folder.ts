import type { IndexEntry } from './index-entry.ts';

/**
 * Whether it is a folder below /run that somebody made while the service ran: an installer, an init script, a person. What is in it goes at every boot, but
 * a container without tmpfiles.d keeps the folder itself, over restarts too, and programs that write there do not start without.
 */
export function isRuntimeFolder({ kind, disposition, rule, origin, path }: IndexEntry): boolean {
  return (
    kind === 'directory' &&
    disposition === 'leave' &&
    rule === 'runtime/run' &&
    origin === 'operation' &&
    path !== '/run'
  );
}
