import { createHash } from 'node:crypto';
import { type Answer, type Call, json, problem } from '../artifact-service/exchange.ts';
import { FaultyServer } from '../faulty-server.ts';

interface StoredAsset {
  id: number;
  name: string;
  content: Buffer;
  state: 'uploaded' | 'starter';
}

interface StoredRelease {
  id: number;
  tag: string;
  draft: boolean;
  latest: boolean;
  assets: StoredAsset[];
}

/**
 * GitHub's REST API for releases (docs.github.com/rest/releases), as far as keeping bags needs it, with its peculiarities: drafts have no tag yet,
 * names of assets are changed, a cut upload leaves an asset in the state `starter` that is in the way of the next one, an upload needs its
 * length, and downloads are redirected to a place that takes no token.
 */
export class ReleaseService extends FaultyServer {
  readonly releases: StoredRelease[] = [];
  visibility = 'private';
  /** Servers before 2025 did not say digests. */
  saysDigests = true;
  private ids = 100;

  static start(): Promise<ReleaseService> {
    return new ReleaseService().listen();
  }

  asset(tag: string, name: string): StoredAsset | undefined {
    return this.releases.find(each => each.tag === tag)?.assets.find(each => each.name === name);
  }

  protected override cut(line: string): void {
    const [, id, name] = /^POST \/upload\/(\d+)\/assets\?name=(.*)$/.exec(line) ?? [];
    const release = this.releases.find(each => each.id === Number(id));
    release?.assets.push({
      id: ++this.ids,
      name: decodeURIComponent(name!),
      content: Buffer.alloc(0),
      state: 'starter',
    });
  }

  protected answer(call: Call): Answer {
    const { pathname } = call.url;
    if (pathname.startsWith('/signed/')) return this.download(call);
    if (call.token !== 'release-token') return problem(401, 'unauthorized', 'Bad credentials');
    if (pathname === '/api/repos/o/r')
      return json({ visibility: this.visibility, private: this.visibility === 'private' });
    if (pathname.startsWith('/upload/')) return this.upload(call);
    return this.route(call) ?? problem(404, 'not_found', 'Not Found');
  }

  private route(call: Call): Answer | undefined {
    const path = /^\/api\/repos\/o\/r\/releases(.*)$/.exec(call.url.pathname)?.[1];
    if (path === undefined) return undefined;
    if (path === '')
      return call.method === 'POST'
        ? this.create(call)
        : this.page(
            call,
            this.releases.map(each => this.shown(each)),
          );
    const tag = /^\/tags\/(.+)$/.exec(path)?.[1];
    if (tag)
      return this.found(
        each => each.tag === decodeURIComponent(tag) && !each.draft,
        each => json(this.shown(each)),
      );
    const assetId = Number(/^\/assets\/(\d+)$/.exec(path)?.[1]);
    if (assetId) return this.oneAsset(call, assetId);
    const [, id, assets] = /^\/(\d+)(\/assets)?$/.exec(path) ?? [];
    return this.found(
      each => each.id === Number(id),
      release => {
        if (assets)
          return this.page(
            call,
            release.assets.map(each => this.shownAsset(each)),
          );
        if (call.method === 'PATCH') Object.assign(release, { draft: false, latest: this.isLatest(call) });
        return json(this.shown(release));
      },
    );
  }

  private found(
    test: (release: StoredRelease) => boolean,
    answer: (release: StoredRelease) => Answer,
  ): Answer | undefined {
    const release = this.releases.find(test);
    return release && answer(release);
  }

  private create(call: Call): Answer {
    const { tag_name: tag, draft = false } = JSON.parse(call.body.toString()) as { tag_name: string; draft?: boolean };
    if (this.releases.some(each => each.tag === tag && !each.draft))
      return problem(422, 'already_exists', 'Validation Failed');
    const release = { id: ++this.ids, tag, draft, latest: !draft && this.isLatest(call), assets: [] };
    this.releases.unshift(release);
    return json(this.shown(release), 201);
  }

  private isLatest(call: Call): boolean {
    return (JSON.parse(call.body.toString()) as { make_latest?: string }).make_latest !== 'false';
  }

  private upload(call: Call): Answer {
    const id = Number(/^\/upload\/(\d+)\/assets$/.exec(call.url.pathname)?.[1]);
    const name = (call.url.searchParams.get('name') ?? '').replace(/[^\w.-]+/g, '.');
    return (
      this.found(
        each => each.id === id,
        release => {
          if (call.headers['content-length'] === undefined)
            return problem(411, 'length_required', 'Bad Content-Length');
          if (release.assets.some(each => each.name === name)) {
            return json(
              {
                message: 'Validation Failed',
                errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
              },
              422,
            );
          }
          const asset: StoredAsset = { id: ++this.ids, name, content: call.body, state: 'uploaded' };
          release.assets.push(asset);
          return json(this.shownAsset(asset), 201);
        },
      ) ?? problem(404, 'not_found', 'Not Found')
    );
  }

  private oneAsset(call: Call, id: number): Answer | undefined {
    const release = this.releases.find(each => each.assets.some(asset => asset.id === id));
    const asset = release?.assets.find(each => each.id === id);
    if (!release || !asset) return undefined;
    if (call.method === 'DELETE') {
      release.assets = release.assets.filter(each => each !== asset);
      return { status: 204, headers: {}, body: '' };
    }
    if (call.headers.accept !== 'application/octet-stream') return json(this.shownAsset(asset));
    // Another host than the API's, as at GitHub: a client must not send its token there.
    const location = `${this.url.replace('127.0.0.1', 'localhost')}/signed/${asset.id}`;
    return { status: 302, headers: { location }, body: '' };
  }

  private download(call: Call): Answer {
    if (call.token !== '') return problem(400, 'InvalidArgument', 'Only one auth mechanism allowed');
    const id = Number(call.url.pathname.split('/').at(-1));
    const asset = this.releases.flatMap(each => each.assets).find(each => each.id === id);
    if (!asset) return problem(404, 'not_found', 'Not Found');
    const from = Number(/^bytes=(\d+)-$/.exec(String(call.headers.range ?? ''))?.[1] ?? 0);
    return { status: from > 0 ? 206 : 200, headers: {}, body: asset.content.subarray(from) };
  }

  private page(call: Call, all: unknown[]): Answer {
    const size = Number(call.url.searchParams.get('per_page') ?? 30);
    const page = Number(call.url.searchParams.get('page') ?? 1);
    return json(all.slice((page - 1) * size, page * size));
  }

  private shown(release: StoredRelease): Record<string, unknown> {
    const { id, tag, draft } = release;
    return { id, tag_name: tag, draft, upload_url: `${this.url}/upload/${id}/assets{?name,label}` };
  }

  private shownAsset({ id, name, content, state }: StoredAsset): Record<string, unknown> {
    const digest = this.saysDigests ? `sha256:${createHash('sha256').update(content).digest('hex')}` : null;
    return { id, name, size: content.length, state, digest };
  }
}
