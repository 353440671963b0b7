import { BUILD_LABEL } from '../engine/inspect.ts';
import { hostSteps } from '../plan/host-steps.ts';
import { engineReference, runRecord } from '../run-record.ts';
import { accountsTag, buildImage } from './build-image.ts';
import { buildLabel, imageTag, removeBuilt } from './made.ts';
import type { Guess } from './prepare-restore.ts';
import type { RestoreOptions } from './restore.ts';
import { buildRequest } from './service-image.ts';
import { isTaken } from './start-container.ts';
import { IMAGE_LABEL, restoreKey } from './unfinished.ts';

type EarlyOptions = Pick<
  RestoreOptions,
  'engine' | 'name' | 'allowPrivileged' | 'resume' | 'useCache' | 'order' | 'progress'
>;

/**
 * The build of the service's image, begun while the package lists are still being read: most packages have their names of then, and
 * what the build does first (its own lists, upgrades) does not hang on the plan at all. It is the restore's image when the plan comes
 * out as guessed; when not, it ends, and the build of the plan goes on from the layers that both have in common.
 */
export class EarlyBuild {
  readonly #options: EarlyOptions;
  readonly #abort = new AbortController();
  #key: string | undefined;
  #image: Promise<string | undefined> | undefined;
  #label = '';
  #hasBase = false;
  #gone = () => {};

  constructor(options: EarlyOptions) {
    this.#options = options;
  }

  /** Begins to build, unless that could be refused later or would be in the way of what an earlier run left. */
  async begin(guess: Guess): Promise<void> {
    const { engine, name, allowPrivileged, resume, useCache, order } = this.#options;
    // podman's builds leave their containers behind when they are ended from outside.
    if (engine.name !== 'docker' || resume || useCache || order === 'state-first') return;
    if (!allowPrivileged && hostSteps(guess.plan.dockerfile.text).length > 0) return;
    if (await isTaken(engine, name)) return;
    this.#key = await restoreKey(guess);
    this.#label = buildLabel(this.#key, name);
    this.#gone = runRecord.add({ kind: 'images', value: this.#label, engine: engineReference(engine.name) });
    const names = { tag: imageTag(name), label: this.#label, labels: { [IMAGE_LABEL]: this.#key } };
    const request = {
      ...buildRequest(this.#options, guess, names),
      fresh: true,
      onBase: () => {
        this.#hasBase = true;
      },
      signal: this.#abort.signal,
    };
    this.#image = buildImage(request).catch(() => undefined); // the build of the plan says why
  }

  /**
   * Takes the image when it is the one that the plan asks for; else ends the build.
   * @param key restoreKey of the plan; undefined when the image is to be built in another way
   * @returns undefined when nothing was begun
   */
  async settle(key: string | undefined): Promise<{ image: string | undefined; hasBase: boolean } | undefined> {
    if (!this.#image) return undefined;
    if (key !== this.#key) this.#abort.abort();
    const image = await this.#image;
    return { image: key === this.#key ? image : undefined, hasBase: this.#hasBase };
  }

  /** From now on whoever restores removes what was made, by the label of the build. */
  handOver(): void {
    this.#gone();
  }

  /** Ends the build if it still goes on. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#image;
  }

  /** Removes what the restore's image is not made of. */
  async tidy(): Promise<void> {
    if (this.#image) await this.#options.engine.removeUnusedImagesWithLabel(BUILD_LABEL, this.#label);
  }

  /** Ends the build and removes what it made: there will be no restore. */
  async discard(): Promise<void> {
    const { engine, name } = this.#options;
    await this.stop();
    if (!this.#image) return;
    await removeBuilt(engine, this.#label);
    await engine.removeImage(accountsTag(imageTag(name)));
    this.#gone();
  }
}
