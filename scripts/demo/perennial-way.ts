import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packBag } from '../../src/bag/pack-bag.ts';
import { ROOT } from '../provision/paths.ts';
import { NEW, OLD } from './old-service.ts';
import { EXAMPLE, systemOf } from './smoke-lines.ts';
import { show, timed } from './story.ts';

/** What users run; the sources only where nothing was built. */
const PROGRAM = ['dist/cli.js', 'src/cli/main.ts'].map(path => join(ROOT, path)).find(path => existsSync(path))!;

/** Runs the command line and shows its progress as it comes. Gives stdout; throws on an exit code not in `fine`. */
async function perennial(args: string[], folder: string, fine = [0]): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', PROGRAM, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  createInterface({ input: child.stderr }).on('line', line => show([line]));
  const code = await new Promise<number>(resolve => child.on('close', status => resolve(status ?? 128)));
  if (!fine.includes(code)) throw new Error(`perennial ${args[0]} ended with exit code ${code}`);
  return stdout;
}

/** Remembers the state at the start of operation. Written to `baseline` in the folder. */
export async function takeBaseline(folder: string): Promise<void> {
  await timed(`perennial baseline --container ${OLD} --out baseline`, () =>
    perennial(['baseline', '--container', OLD, '--out', 'baseline'], folder),
  );
}

/** Decommissions by the command line and packs the bag into one file, as the action uploads it. */
export async function archiveWithPerennial(container: string, folder: string) {
  const shown = `perennial archive --container ${container} --context examples/samba --baseline baseline --out bag`;
  const args = ['archive', '--container', container, '--context', EXAMPLE, '--baseline', 'baseline', '--out', 'bag'];
  const { result } = await timed(shown, () => perennial([...args, '--json'], folder));
  const { kept, detectSeconds } = JSON.parse(result);
  const file = join(folder, 'bag.tar.zst');
  const { bytes } = await packBag(join(folder, 'bag'), file);
  show([`${kept} paths kept; found in ${detectSeconds} s; the packed bag has ${bytes} bytes`]);
  return { name: 'Perennial', file, bytes, detectSeconds: Number(detectSeconds) };
}

/** Restores from the packed bag alone. A service that answers otherwise (exit code 3) is judged by its lines. */
export async function restoreWithPerennial({ file }: { file: string }, folder: string) {
  const args = ['restore', file, '--name', NEW, '--base', 'debian:trixie', '--keep', '--json'];
  const { seconds } = await timed(`perennial restore bag.tar.zst --name ${NEW} --base debian:trixie --keep`, () =>
    perennial(args, folder, [0, 3]),
  );
  return { container: NEW, system: systemOf(NEW), seconds };
}
