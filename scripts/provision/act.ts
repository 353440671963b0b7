import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram, run, tryRun } from '../command.ts';
import { aptInstall } from './apt.ts';
import { CACHE, TOOL_BIN, toolEnv } from './paths.ts';

const ACT = 'github.com/nektos/act@v0.2.89';
/** The first version that knows `using: node24`. */
const OLDEST: [number, number, number] = [0, 2, 82];

/**
 * A Go toolchain as the Go module proxy serves it (https://go.dev/ref/mod#module-proxy): a zip that needs no installed
 * Go, for machines whose packaged Go is too old to fetch a newer one by itself (before 1.21).
 */
const TOOLCHAIN = 'v0.0.1-go1.25.5.linux-amd64';
const TOOLCHAIN_SHA256 = '8cea6783dab64d68b38f5b81ecd38d45155a3c06638991acc6af19e0fca80edb';

/** `act` runs GitHub workflows on this machine. Compiled into .cache/bin unless a recent one is on PATH. */
export const provideAct = {
  userCanProvide: true,
  present: () => isRecentAct(tryRun('act', ['--version'], { env: toolEnv() }).stdout),
  provide(): void {
    mkdirSync(TOOL_BIN, { recursive: true });
    const go = findGo() ?? fetchGo();
    const env = toolEnv({ GOBIN: TOOL_BIN, GOFLAGS: '-modcacherw' });
    run(go, ['install', ACT], { env, timeout: 900 });
  },
};

/** Reads `act version 0.2.89`. */
export function isRecentAct(versionLine: string): boolean {
  const parts = /(\d+)\.(\d+)\.(\d+)/.exec(versionLine)?.slice(1).map(Number);
  if (!parts) return false;
  const at = OLDEST.findIndex((oldest, index) => parts[index] !== oldest);
  return at < 0 || parts[at]! > OLDEST[at]!;
}

/** A Go that can build act: 1.21 or newer fetches the toolchain that a module asks for. */
function findGo(): string | undefined {
  const minor = /go1\.(\d+)/.exec(tryRun('go', ['version']).stdout)?.[1];
  return Number(minor ?? 0) >= 21 ? 'go' : undefined;
}

function fetchGo(): string {
  const go = join(CACHE, 'go', 'golang.org', `toolchain@${TOOLCHAIN}`, 'bin', 'go');
  if (existsSync(go)) return go;
  if (process.arch !== 'x64') throw new Error('Install Go 1.21 or newer: act is compiled from source');
  const zip = join(CACHE, 'go', 'toolchain.zip');
  mkdirSync(join(CACHE, 'go'), { recursive: true });
  for (const program of ['curl', 'python3']) if (!hasProgram(program)) aptInstall([program, 'ca-certificates']);
  const proxy =
    (process.env.GOPROXY ?? '').split(/[,|]/).find(part => part.startsWith('http')) ?? 'https://proxy.golang.org';
  run('curl', ['-fsSL', '-o', zip, `${proxy}/golang.org/toolchain/@v/${TOOLCHAIN}.zip`], { timeout: 600 });
  const digest = createHash('sha256').update(readFileSync(zip)).digest('hex');
  if (digest !== TOOLCHAIN_SHA256)
    throw new Error(`The Go toolchain has digest ${digest}, expected ${TOOLCHAIN_SHA256}`);
  run('python3', ['-m', 'zipfile', '-e', zip, join(CACHE, 'go')]);
  // Module zips carry no modes.
  run('chmod', ['-R', '+x', join(go, '..'), join(go, '..', '..', 'pkg', 'tool')]);
  rmSync(zip);
  return go;
}
