import type { TarHeader } from '../bag/tar-reader.ts';
import type { StateProof } from '../proof/finding.ts';
import type { PlacedConfiguration } from './configuration.ts';
import type { Journal, JournalRecord } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** What the steps after the Mutable data is back have to know of those before them. */
export interface StateBack {
  placed: PlacedConfiguration[];
  /** Members of the payload, for setting their times at the very end. */
  directories: TarHeader[];
  /** Files that are not as the bag has them, and why. */
  proof: StateProof;
}

/** In the new container while it is unfinished; it holds configuration, so it is root's alone. */
const FOLDER = '/var/lib/perennial-unfinished';
const FILE = `${FOLDER}/checkpoint.json`;

interface Kept extends JournalRecord {
  done: string[];
  directories: TarHeader[];
  placed: { path: string; header: TarHeader; content: string; edited: string }[];
  mended: string[];
  defaults: [string, string][];
  proof: StateProof;
}

/**
 * How far a restore has come, kept in the container that it restores: from the proof that the state is back until the end. Before
 * that there is none, and a restore that goes on begins with a new container of the image.
 */
export class Checkpoint {
  readonly state: StateBack;
  readonly #system: NewSystem;
  readonly #journal: Journal;
  readonly #done: Set<string>;

  constructor(system: NewSystem, journal: Journal, state: StateBack, done: string[] = []) {
    this.#system = system;
    this.#journal = journal;
    this.state = state;
    this.#done = new Set(done);
  }

  /** Runs a step unless it has been done; a step that was cut off is run again from its beginning. */
  async once(step: string, run: () => Promise<void>): Promise<void> {
    if (this.#done.has(step)) return;
    await run();
    this.#done.add(step);
    await this.save();
  }

  async save(): Promise<void> {
    const { placed, directories, proof } = this.state;
    const kept: Kept = {
      ...this.#journal.record(),
      done: [...this.#done],
      directories,
      proof,
      placed: placed.map(each => ({
        ...each,
        content: each.content.toString('base64'),
        edited: each.edited.toString('base64'),
      })),
      mended: [...this.#system.mended],
      defaults: [...this.#system.defaults],
    };
    const write = 'umask 077; mkdir -p "$FOLDER"; cat > "$FILE.new"; mv "$FILE.new" "$FILE"';
    await this.#system.script('Noting what is done', write, {
      env: { FOLDER, FILE },
      input: JSON.stringify(kept),
    });
  }

  /** Takes up what `save` left in the container; undefined when there is nothing. Fills the journal and the system's memory. */
  static async read(system: NewSystem, journal: Journal): Promise<Checkpoint | undefined> {
    const text = await system.read(FILE);
    if (!text) return undefined;
    const kept = JSON.parse(text.toString()) as Kept;
    journal.goOn(kept);
    for (const path of kept.mended) system.mended.add(path);
    for (const [path, content] of kept.defaults) system.defaults.set(path, content);
    const placed = kept.placed.map(each => ({
      ...each,
      content: Buffer.from(each.content, 'base64'),
      edited: Buffer.from(each.edited, 'base64'),
    }));
    return new Checkpoint(system, journal, { placed, directories: kept.directories, proof: kept.proof }, kept.done);
  }

  /** The restore is finished: nothing of this is left in the container. */
  static async remove(system: NewSystem): Promise<void> {
    await system.script('Finishing', 'rm -rf -- "$FOLDER"', { env: { FOLDER } });
  }
}
