import type { Service } from '../knowledge/service.ts';
import type { Progress } from '../progress.ts';
import type { Target } from '../system/target.ts';

/**
 * Has the running programs write to their files what they hold in memory (a queue, a database's last changes), by the flush
 * programs of the recognised services. Nothing is stopped.
 * @returns what could not be written, in words for the manifest
 */
export async function flushMemory(target: Target, services: Service[], progress: Progress): Promise<string[]> {
  const notes: string[] = [];
  for (const service of services) {
    for (const { id, why, when, run, user } of service.flush) {
      if (when && (await target.exec(['sh', '-c', when], { allowFailure: true })).code !== 0) continue;
      progress.step(`${service.title}: ${why}`);
      const options = { allowFailure: true, ...(user ? { user } : {}) };
      const { code, stdout, stderr } = await target.exec(['sh', '-c', `set -eu\n${run}`], options);
      if (code === 0) continue;
      const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
      const note = `${service.title} (${service.id}/${id}) did not write its memory to its files: ${said || `exit code ${code}`}. Do it by a quiesce command in perennial.yml.`;
      progress.warn(note);
      notes.push(note);
    }
  }
  return notes;
}
