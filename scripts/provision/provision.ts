import { buildBase, hasBase, pullBase } from './bases.ts';
import { engineAnswers, provideEngine } from './engine.ts';
import { isDebianLike, parseTool, type Tool } from './tools.ts';

/** What a run needs. */
export interface Needs {
  engine: boolean;
  /** Debian suites whose base image must exist. */
  bases: string[];
  /** Names from tools.ts. */
  tools: string[];
}

/** Something that is not there and that this user cannot provide. */
export class MissingError extends Error {
  readonly missing: string[];
  constructor(missing: string[]) {
    super(`Missing: ${missing.join('; ')}`);
    this.missing = missing;
  }
}

/**
 * Provides what is missing of `needs`; does nothing where all is there. Says on `log` what it does. Throws MissingError
 * when root is needed for it and we are not root, or the machine is no Debian.
 */
export async function provision(needs: Needs, log: (line: string) => void = console.error): Promise<void> {
  const tools = needs.tools.map(parseTool).filter(tool => !tool.present());
  const canInstall = process.getuid?.() === 0 && isDebianLike();
  const missing = canInstall ? [] : await missingForUser(needs, tools);
  if (missing.length > 0) throw new MissingError(missing);
  if (needs.engine && !engineAnswers()) await timed('container engine', log, provideEngine);
  for (const suite of needs.bases) await provideBase(suite, log);
  for (const tool of tools) await timed(tool.name, log, () => tool.provide());
}

async function missingForUser(needs: Needs, tools: Tool[]): Promise<string[]> {
  const missing = tools.filter(tool => !tool.userCanProvide).map(tool => `${tool.name} (${tool.usedFor})`);
  if (needs.engine && !engineAnswers()) return ['a container engine that answers `docker version`', ...missing];
  const bases = needs.bases.filter(suite => !hasBase(suite) && !pullBase(suite));
  return [...bases.map(suite => `image debian:${suite} (no registry answers)`), ...missing];
}

async function provideBase(suite: string, log: (line: string) => void): Promise<void> {
  if (hasBase(suite)) return;
  await timed(`debian:${suite}`, log, () => {
    if (!pullBase(suite)) buildBase(suite);
  });
}

async function timed(what: string, log: (line: string) => void, work: () => void | Promise<void>): Promise<void> {
  log(`provision: ${what} ...`);
  const start = Date.now();
  await work();
  log(`provision: ${what}: ready after ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
