import { join } from 'node:path';
import { isEncryptedName, storedNames } from '../bag/bag-file-name.ts';
import { PerennialError } from '../errors.ts';
import { GitHubRepository } from './github.ts';
import type { Patience } from './http.ts';
import { type CutPart, cutFile, fetchParts, readRange } from './parts.ts';
import { formatReference, type Reference } from './reference.ts';
import { ReleaseApi } from './release-api.ts';
import {
  type Asset,
  assetName,
  type Descriptor,
  descriptorName,
  findDescriptor,
  formatDescriptor,
  isDescriptor,
  LARGEST_DESCRIPTOR,
  type Release,
} from './release-assets.ts';
import type { KeptBag, PackedBag, Readers, Store } from './store.ts';
import { failWith, keptWrong, nameTaken, notKept } from './store-errors.ts';
import type { StoreSettings } from './store-settings.ts';

/** Assets must be smaller than 2 GiB (docs.github.com/repositories/releasing-projects-on-github/about-releases). */
const ASSET_BYTES = 1900 * 1024 * 1024;

/**
 * Assets of a GitHub release: a bag in parts, and a small description that is put there last. A release that does not exist is made as a draft
 * and published when the bag is complete; it never becomes the "latest".
 */
export class ReleaseStore implements Store {
  readonly place: string;
  readonly #at: Extract<Reference, { kind: 'release' }>;
  readonly #api: ReleaseApi;
  readonly #patience: Patience;
  readonly #partBytes: number;
  readonly #detail: (message: string) => void;

  constructor(at: Extract<Reference, { kind: 'release' }>, settings: StoreSettings) {
    const repository = new GitHubRepository(at.repository, settings.github, settings.patience);
    this.#api = new ReleaseApi(repository, settings.patience);
    this.#at = { ...at, repository: repository.name };
    this.#patience = settings.patience;
    this.#partBytes = settings.partBytes ?? ASSET_BYTES;
    this.#detail = settings.progress.detail;
    this.place = at.tag ? `release ${at.tag} of ${repository.name}` : `the releases of ${repository.name}`;
  }

  readers(): Promise<Readers> {
    return this.#api.repository.readers();
  }

  async put(bag: PackedBag): Promise<KeptBag> {
    const { tag } = this.#at;
    if (!tag) throw new PerennialError('bad-input', 'A release without a tag is named', { hint: 'Write release:TAG.' });
    const release = (await this.#api.find(tag)) ?? (await this.#api.createDraft(tag));
    const assets = await this.#api.assets(release);
    const parts = await cutFile({ ...bag, name: assetName(bag.name) }, this.#partBytes);
    const text = formatDescriptor(bag, parts);
    const there = assets.get(descriptorName(bag.name));
    if (there?.state === 'uploaded') await this.#refuseOther(there, bag);
    for (const part of parts) await this.#putPart(bag, release, part, assets.get(part.name));
    await this.#putDescriptor(release, descriptorName(bag.name), text, there);
    if (release.draft) await this.#api.publish(release);
    return this.#kept(tag, findDescriptor(text)!);
  }

  async fetch(folder: string): Promise<string> {
    const { tag, repository } = this.#at;
    const release = await this.#api.find(tag);
    if (!release) throw notKept(`release ${tag}`, repository, 'Check the tag; a private repository needs a token.');
    const assets = await this.#api.assets(release);
    const descriptor = await this.#read(this.#choose(assets));
    const parts = descriptor.parts.map(part => {
      const asset = assets.get(part.name);
      if (!asset) throw notKept(`asset ${part.name}`, this.place, 'The bag is not complete there; take another copy.');
      return { ...part, url: this.#api.assetUrl(asset), request: { headers: this.#api.rawHeaders() } };
    });
    const file = join(folder, descriptor.name);
    const failed = failWith(`The bag in ${this.place} could not be fetched`);
    await fetchParts(parts, descriptor, file, this.#patience).catch(failed);
    return file;
  }

  async list(): Promise<KeptBag[]> {
    const found: KeptBag[] = [];
    for await (const release of this.#releases()) {
      if (release.draft) continue;
      for (const asset of (await this.#api.assets(release)).values()) {
        if (isDescriptor(asset)) found.push(this.#kept(release.tag_name, await this.#read(asset)));
      }
    }
    return found;
  }

  async *#releases(): AsyncGenerator<Release> {
    const one = this.#at.tag ? await this.#api.find(this.#at.tag) : undefined;
    if (one) yield one;
    else if (!this.#at.tag) yield* this.#api.all();
  }

  async #refuseOther(descriptor: Asset, bag: PackedBag): Promise<void> {
    if ((await this.#read(descriptor)).sha256 === bag.sha256) return;
    throw nameTaken(assetName(bag.name), this.place, 'Name another tag, or another name; nothing is replaced.');
  }

  /** The description of the one bag, or of the named one. */
  #choose(assets: Map<string, Asset>): Asset {
    const all = [...assets.values()].filter(isDescriptor);
    const wanted = this.#at.name ? storedNames(this.#at.name).map(descriptorName) : undefined;
    const found = all.filter(each => wanted?.includes(each.name) ?? true);
    if (found.length === 1) return found[0]!;
    const names = all.map(each => each.name.replace(/\.json$/, '')).join(', ');
    if (found.length === 0) {
      const what = this.#at.name ? `bag ${this.#at.name}` : 'bag';
      throw notKept(what, this.place, names ? `It has ${names}.` : '`perennial list release:` shows all.');
    }
    throw new PerennialError('bad-input', `${this.place} has ${found.length} bags`, {
      hint: `Say which: release:${this.#at.tag}#NAME with one of ${names}.`,
    });
  }

  async #read(asset: Asset): Promise<Descriptor> {
    const found = asset.size > LARGEST_DESCRIPTOR ? undefined : findDescriptor(await this.#api.readText(asset));
    if (found) return found;
    throw new PerennialError('bag-invalid', `${asset.name} of ${this.place} does not describe a bag`, {
      hint: 'It was not written by perennial, or by a newer one.',
    });
  }

  async #putPart(bag: PackedBag, release: Release, part: CutPart, there: Asset | undefined): Promise<void> {
    if (there && (await this.#api.isSame(there, part))) return;
    if (there) await this.#api.remove(there);
    this.#detail(`${part.name}: ${part.bytes} bytes to ${this.place}`);
    const body = () => readRange(bag.file, part.start, part.bytes);
    const asset = await this.#api.upload(release, { name: part.name, bytes: part.bytes, body });
    if (!(await this.#api.isSame(asset, part))) throw keptWrong(part.name, this.place, asset.digest ?? '', part.sha256);
  }

  async #putDescriptor(release: Release, name: string, text: string, there: Asset | undefined): Promise<void> {
    if (there?.state === 'uploaded') return; // put has compared it
    if (there) await this.#api.remove(there);
    await this.#api.upload(release, { name, bytes: Buffer.byteLength(text), body: () => text });
  }

  #kept(tag: string, { name, service, bytes, sha256, created }: Descriptor): KeptBag {
    const reference = formatReference({ ...this.#at, tag, name });
    return { reference, name, service, bytes, sha256, created, expires: '', encrypted: isEncryptedName(name) };
  }
}
