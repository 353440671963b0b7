import { createHash } from 'node:crypto';
import { PerennialError } from '../errors.ts';
import type { GitHubRepository } from './github.ts';
import { HttpError, isPassing, type Patience, wait } from './http.ts';
import type { Part } from './parts.ts';
import type { Asset, Release } from './release-assets.ts';

/** The releases of one repository and their assets (docs.github.com/rest/releases). */
export class ReleaseApi {
  readonly repository: GitHubRepository;
  readonly #patience: Patience;

  constructor(repository: GitHubRepository, patience: Patience) {
    this.repository = repository;
    this.#patience = patience;
  }

  /** Every release that may be seen, drafts too. */
  all(): AsyncGenerator<Release> {
    return this.repository.pages<Release>(`The releases of ${this.repository.name} could not be listed`, '/releases');
  }

  /** By its tag, or among the drafts, which have none yet. */
  async find(tag: string): Promise<Release | undefined> {
    const what = `Release ${tag} of ${this.repository.name} could not be read`;
    const path = `/releases/tags/${encodeURIComponent(tag)}`;
    const answer = await this.repository.call(what, path, { accept: [404] });
    const release = await answer.json<Release>();
    if (answer.status !== 404) return release;
    for await (const each of this.all()) if (each.draft && each.tag_name === tag) return each;
    return undefined;
  }

  /** A draft: nobody sees it, and it has no tag, until it is published. */
  async createDraft(tag: string): Promise<Release> {
    const answer = await this.repository.call(
      `Release ${tag} of ${this.repository.name} could not be made`,
      '/releases',
      {
        method: 'POST',
        body: () =>
          JSON.stringify({
            tag_name: tag,
            name: tag,
            body: `Archives of services, kept by perennial. \`perennial restore release:${tag}\` brings them back.`,
            draft: true,
            make_latest: 'false',
          }),
      },
    );
    return answer.json<Release>();
  }

  async publish(release: Release): Promise<void> {
    const what = `Release ${release.tag_name} could not be published`;
    const body = () => JSON.stringify({ draft: false, make_latest: 'false' });
    const answer = await this.repository.call(what, `/releases/${release.id}`, { method: 'PATCH', body });
    await answer.drain();
  }

  /** By name. */
  async assets(release: Release): Promise<Map<string, Asset>> {
    const what = `The assets of release ${release.tag_name} could not be listed`;
    const all = await Array.fromAsync(this.repository.pages<Asset>(what, `/releases/${release.id}/assets`));
    return new Map(all.map(asset => [asset.name, asset]));
  }

  assetUrl(asset: Asset): string {
    return this.repository.url(`/releases/assets/${asset.id}`);
  }

  /** For the bytes of an asset instead of its description. */
  rawHeaders(): Record<string, string> {
    return this.repository.headers('application/octet-stream');
  }

  async readText(asset: Asset): Promise<string> {
    const what = `The asset ${asset.name} could not be fetched`;
    return (await this.repository.call(what, this.assetUrl(asset), { headers: this.rawHeaders() })).text();
  }

  async remove(asset: Asset): Promise<void> {
    const what = `The incomplete asset ${asset.name} could not be removed`;
    const answer = await this.repository.call(what, this.assetUrl(asset), { method: 'DELETE', accept: [404] });
    await answer.drain();
  }

  /**
   * Uploads an asset. What a cut upload left has the name already and is in the way of the next attempt: it is removed.
   * @throws PerennialError `store-failed`
   */
  async upload(
    release: Release,
    content: { name: string; bytes: number; body: () => AsyncIterable<Buffer> | string },
  ): Promise<Asset> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#uploadOnce(release, content);
      } catch (error) {
        const cause = error instanceof PerennialError ? error.cause : error;
        const delay = this.#patience.delays[attempt];
        if (delay === undefined || !(isPassing(cause) || isTaken(cause))) throw error;
        await wait(delay);
        const left = (await this.assets(release)).get(content.name);
        if (left) await this.remove(left);
      }
    }
  }

  async #uploadOnce(
    release: Release,
    { name, bytes, body }: { name: string; bytes: number; body: () => AsyncIterable<Buffer> | string },
  ): Promise<Asset> {
    const url = `${release.upload_url.replace(/\{.*$/, '')}?name=${encodeURIComponent(name)}`;
    const what = `${name} could not be put into release ${release.tag_name} of ${this.repository.name}`;
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await this.repository.call(what, url, { method: 'POST', bytes, body, headers, again: false });
    return answer.json<Asset>();
  }

  /** By the service's digest; a server that does not say it is asked for the bytes. */
  async isSame(asset: Asset, part: Part): Promise<boolean> {
    if (asset.state !== 'uploaded' || asset.size !== part.bytes) return false;
    if (asset.digest) return asset.digest === `sha256:${part.sha256}`;
    const hash = createHash('sha256');
    const what = `The asset ${asset.name} could not be read again`;
    const answer = await this.repository.call(what, this.assetUrl(asset), { headers: this.rawHeaders() });
    for await (const chunk of answer.chunks()) hash.update(chunk);
    return hash.digest('hex') === part.sha256;
  }
}

/** GitHub answers 422 `already_exists`. */
function isTaken(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  return error.status === 409 || (error.status === 422 && /already_exists/.test(error.body));
}
