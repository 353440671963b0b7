import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PerennialError } from '../errors.ts';
import type { Answer } from './http.ts';
import { EMPTY, findOciBag, formatOciManifest, MANIFEST_TYPE, type OciBag } from './oci-manifest.ts';
import { cutFile, fetchParts, readRange } from './parts.ts';
import { pushBlob } from './push-blob.ts';
import { formatReference, type Reference } from './reference.ts';
import { Registry } from './registry.ts';
import type { KeptBag, PackedBag, Readers, Store } from './store.ts';
import { failWith, keptWrong, nameTaken, notKept, type StatusHints } from './store-errors.ts';
import type { StoreSettings } from './store-settings.ts';

type OciReference = Extract<Reference, { kind: 'oci' }>;

/** Some registries take layers of up to 10 GB; smaller ones are sooner sent again. */
const LAYER_BYTES = 2 * 1024 * 1024 * 1024;
const LARGEST_MANIFEST = 4 * 1024 * 1024; // distribution-spec: registries refuse larger ones

/** An artifact of a container registry: the bag's parts as blobs, and a manifest under a tag, which is put there last. */
export class OciStore implements Store {
  readonly place: string;
  readonly #at: OciReference;
  readonly #settings: StoreSettings;
  readonly #registry: Registry;

  constructor(at: OciReference, settings: StoreSettings) {
    this.#at = at;
    this.#settings = settings;
    this.#registry = new Registry(at.host, at.repository, () => settings.registry(at.host), settings.patience);
    this.place = formatReference(at);
  }

  /** A registry does not tell. */
  async readers(): Promise<Readers> {
    return 'unknown';
  }

  async put(bag: PackedBag): Promise<KeptBag> {
    const { tag } = this.#at;
    if (!tag || this.#at.digest) {
      throw new PerennialError('bad-input', `${this.place} has no tag to keep a bag under`, {
        hint: 'Write oci://HOST/NAME:TAG.',
      });
    }
    const there = await this.#findManifest(tag, true);
    if (there !== undefined && findOciBag(there)?.sha256 !== bag.sha256) {
      throw nameTaken(tag, `oci://${this.#at.host}/${this.#at.repository}`, 'Name another tag; nothing is replaced.');
    }
    const parts = await cutFile(bag, this.#settings.partBytes ?? LAYER_BYTES);
    const manifest = formatOciManifest(bag, parts);
    await this.#pushAll(bag, parts).catch(failWith(`${bag.name} could not be put into ${this.place}`, this.#hints()));
    await this.#putManifest(tag, manifest);
    return this.#kept(tag, findOciBag(manifest)!);
  }

  async fetch(folder: string): Promise<string> {
    const name = this.#at.digest || this.#at.tag;
    if (!name) throw await this.#noTag();
    const text = await this.#findManifest(name);
    if (text === undefined)
      throw notKept('bag', this.place, 'Check the name and the tag; `perennial list` shows what is there.');
    const bag = findOciBag(text);
    if (!bag || (this.#at.digest && `sha256:${sha256Of(text)}` !== this.#at.digest)) throw this.#noBag();
    const parts = bag.parts.map(part => {
      const url = this.#registry.url(`blobs/sha256:${part.sha256}`);
      return { ...part, url: url.href, request: { headers: this.#registry.headers(url) } };
    });
    const file = join(folder, bag.name);
    const failed = failWith(`The bag in ${this.place} could not be fetched`, this.#hints());
    await fetchParts(parts, bag, file, this.#settings.patience).catch(failed);
    return file;
  }

  async list(): Promise<KeptBag[]> {
    const tags = this.#at.tag ? [this.#at.tag] : await this.#tags();
    const found: KeptBag[] = [];
    for (const tag of tags) {
      const text = await this.#findManifest(tag);
      const bag = text === undefined ? undefined : findOciBag(text);
      if (bag) found.push(this.#kept(tag, bag));
    }
    return found;
  }

  async #pushAll(bag: PackedBag, parts: Awaited<ReturnType<typeof cutFile>>): Promise<void> {
    for (const part of parts) {
      this.#settings.progress.detail(`${part.name}: ${part.bytes} bytes to ${this.place}`);
      const source = (start: number, bytes: number) => readRange(bag.file, part.start + start, bytes);
      await pushBlob(this.#registry, source, part, this.#settings.patience, this.#settings.chunkBytes);
    }
    const empty = { name: 'empty', bytes: EMPTY.size, sha256: EMPTY.digest.slice('sha256:'.length) };
    await pushBlob(this.#registry, () => Readable.from([Buffer.from('{}')]), empty, this.#settings.patience);
  }

  /** The registry checked the blobs; the manifest is compared here. */
  async #putManifest(tag: string, manifest: string): Promise<void> {
    const failed = failWith(`The manifest could not be put into ${this.place}`, this.#hints());
    const url = this.#registry.url(`manifests/${tag}`);
    const headers = { 'content-type': MANIFEST_TYPE };
    const answer = await this.#registry
      .call(url, { method: 'PUT', headers, body: () => manifest, push: true })
      .catch(failed);
    await answer.drain().catch(failed);
    const kept = (await this.#findManifest(tag)) ?? '';
    if (kept !== manifest) throw keptWrong('The manifest', this.place, sha256Of(kept), sha256Of(manifest));
  }

  async #findManifest(name: string, push = false): Promise<string | undefined> {
    const failed = failWith(`${this.place} could not be read`, this.#hints());
    const headers = { accept: MANIFEST_TYPE };
    const url = this.#registry.url(`manifests/${name}`);
    const answer = await this.#registry.call(url, { headers, accept: [404], push }).catch(failed);
    if (Number(answer.headers.get('content-length') ?? 0) > LARGEST_MANIFEST) throw this.#noBag();
    const text = await answer.text().catch(failed);
    return answer.status === 404 ? undefined : text;
  }

  async #tags(): Promise<string[]> {
    const tags: string[] = [];
    let url: URL | undefined = this.#registry.url('tags/list?n=100');
    while (url) {
      const failed = failWith(`${this.place} could not be listed`, this.#hints());
      const answer: Answer = await this.#registry.call(url, { accept: [404] }).catch(failed);
      const { tags: more } = await answer.json<{ tags?: string[] | null }>().catch(failed);
      tags.push(...(more ?? []));
      const next: string | undefined = /<([^>]+)>;\s*rel="?next/.exec(answer.headers.get('link') ?? '')?.[1];
      url = next ? new URL(next, url) : undefined;
    }
    return tags.sort();
  }

  async #noTag(): Promise<PerennialError> {
    const tags = await this.#tags();
    return new PerennialError('bad-input', `${this.place} has no tag`, {
      hint: tags.length > 0 ? `It has: ${tags.slice(0, 20).join(', ')}.` : 'Nothing is kept there.',
    });
  }

  #noBag(): PerennialError {
    return new PerennialError('bag-invalid', `${this.place} is no bag`, {
      hint: 'It was not put there by perennial, or by a newer one.',
    });
  }

  #hints(): StatusHints {
    const login = `Log in: \`docker login ${this.#at.host}\` (its file is read here too).`;
    return { 401: login, 403: `These credentials may not do that. ${login}` };
  }

  #kept(tag: string, { name, service, bytes, sha256, created, encrypted }: OciBag): KeptBag {
    const reference = formatReference({ ...this.#at, tag, digest: '' });
    return { reference, name, service, bytes, sha256, created, expires: '', encrypted };
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
