import { dirname, resolve } from 'node:path/posix';
import { type Scan, scan } from '../detect/detect.ts';
import { PathTable } from '../detect/path-table.ts';
import { scanAgain } from '../detect/scan-again.ts';
import type { Engine, Mount } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { ContainerShell } from '../system/container-shell.ts';
import { readDpkgFilters } from '../system/dpkg-filters.ts';
import { canonicalPaths, linkResolver, type PackageFiles } from '../system/package-files.ts';
import { packageFiles, readSystem } from '../system/read-system.ts';
import { containerTarget, type Target } from '../system/target.ts';

/** The new container while its state is put back: what is there, and a way to run programs in it. */
export class NewSystem {
  readonly engine: Engine;
  readonly container: string;
  readonly target: Target;
  readonly #shell: ContainerShell;
  /** Files that were mended after they had been put back: not expected to be as recorded. */
  readonly mended = new Set<string>();
  /** Files that were put back, and that programs which were built again since have no more. */
  readonly gone = new Set<string>();
  /** Configuration files as today's packages had them, before the owner's took their places. */
  readonly defaults = new Map<string, string>();
  #scan: Scan;
  #isStale = false;
  #packages!: PackageFiles;
  #canonical!: (path: string) => string;
  #resolves!: (link: string, target: string) => boolean;
  readonly #mounts: Mount[];

  private constructor(engine: Engine, container: string, mounts: Mount[], seen: Scan, target?: Target) {
    this.engine = engine;
    this.container = container;
    this.#shell = new ContainerShell(engine, container);
    const exec: Target['exec'] = (argv, options) => this.#shell.exec(argv, options);
    this.target = target?.isBeside ? target : { ...containerTarget(engine, container), exec };
    this.#mounts = mounts;
    this.#scan = seen;
    this.#take(seen);
  }

  /** @param target how the container is reached, where its own root may not read everything (runningTarget) */
  static async open(engine: Engine, container: string, target?: Target): Promise<NewSystem> {
    const { run } = await engine.inspectContainer(container);
    const seen = await scan(target ?? containerTarget(engine, container), run.mounts);
    return new NewSystem(engine, container, run.mounts, seen, target);
  }

  /** Opens a container in which packages are still to be installed: which there are is known, paths only after `refresh` or `fresh`. */
  static async openForPackages(engine: Engine, container: string): Promise<NewSystem> {
    const [{ run }, system] = await Promise.all([
      engine.inspectContainer(container),
      readSystem(containerTarget(engine, container)),
    ]);
    const unseen = { entries: new PathTable(), links: new Map(), records: [], mounts: [], unreadable: [], seconds: 0 };
    const opened = new NewSystem(engine, container, run.mounts, { ...unseen, system });
    opened.touch();
    return opened;
  }

  /** What is mounted in it. */
  get mounts(): readonly Mount[] {
    return this.#mounts;
  }

  /** Where a link leads in the end; a path that is none, or whose links turn in a circle, as it is. */
  followLink(path: string): string {
    let at = this.#canonical(path);
    for (let hops = 0; hops < 40; hops++) {
      const target = this.#scan.links.get(at);
      if (target === undefined) return at;
      at = this.#canonical(resolve(dirname(at), target));
    }
    return path;
  }

  /** Ends the shell that runs commands; the next command has another one. */
  close(): Promise<void> {
    return this.#shell.close();
  }

  /** Paths have come or gone: `fresh` has to look again. */
  touch(): void {
    this.#isStale = true;
  }

  /** Looks again if paths have come or gone since the last look. */
  async fresh(): Promise<void> {
    if (this.#isStale) await this.lookAgain();
  }

  /** Looks at every path again after files have come. */
  async lookAgain(): Promise<void> {
    this.#isStale = false;
    this.#take(await scanAgain(this.target, this.#mounts, this.#scan));
  }

  /** Looks again, and at the whole package database, after packages have come. */
  async refresh(): Promise<void> {
    this.#isStale = false;
    this.#take(await scan(this.target, this.#mounts));
  }

  #take(seen: Scan): void {
    this.#scan = seen;
    this.#canonical = canonicalPaths(seen.links);
    this.#resolves = linkResolver(seen.links, path => this.has(path));
    this.#packages = packageFiles(seen.system.files, seen.system.facts.packages, this.#canonical);
  }

  get facts() {
    return this.#scan.system.facts;
  }

  get accounts() {
    return this.#scan.system.accounts;
  }

  get packages(): PackageFiles {
    return this.#packages;
  }

  get links(): ReadonlyMap<string, string> {
    return this.#scan.links;
  }

  canonical(path: string): string {
    return this.#canonical(path);
  }

  has(path: string): boolean {
    return this.#scan.entries.has(path);
  }

  kindOf(path: string): string | undefined {
    return this.#scan.entries.get(path)?.kind;
  }

  /** Permission bits of a file, links followed; 0 where there is none. */
  modeOf(path: string): number {
    return this.#scan.entries.get(this.followLink(path))?.mode ?? 0;
  }

  entries() {
    return this.#scan.entries;
  }

  /** Whether a link's target exists here, links followed. */
  resolves(link: string, target: string): boolean {
    return this.#resolves(link, target);
  }

  /** Whether dpkg of this system was told to leave a path out (slim images). */
  leavesOut(path: string): boolean {
    return !this.has(path) && (readDpkgFilters(this.#scan.system.files)?.(path) ?? false);
  }

  installedVersion(name: string): string | undefined {
    return this.facts.packages.find(each => each.name === name && each.status !== 'config-files')?.version;
  }

  /**
   * Runs a shell program of ours in the container; values go in as environment variables or on stdin, never into its text.
   * @throws PerennialError `step-failed` naming the step
   */
  async script(
    step: string,
    text: string,
    options: { env?: Record<string, string>; input?: string | Buffer; user?: string } = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.target.exec(['sh', '-c', `set -eu\n${text}`], {
      ...options,
      allowFailure: true,
    });
    if (code === 0) return stdout.toString();
    const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new PerennialError('step-failed', `${step} failed (exit code ${code}): ${tail}`, {
      hint: 'The container is kept with --keep; what was done and what was not is in the report.',
    });
  }

  /** Content of a file; undefined when there is none. */
  async read(path: string, options: { user?: string } = {}): Promise<Buffer | undefined> {
    const { code, stdout } = await this.target.exec(['cat', '--', path], { allowFailure: true, ...options });
    return code === 0 ? stdout : undefined;
  }
}
