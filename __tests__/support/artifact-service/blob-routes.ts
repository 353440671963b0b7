import { type ArtifactStore, isExpired, type StoredArtifact } from './artifact-store.ts';
import { type Answer, type Call, json, problem } from './exchange.ts';

/** Blob storage behind signed addresses: block blobs in (Azure "Put Block", "Put Block List", "Put Blob"), bytes out. */
export function answerBlob(store: ArtifactStore, call: Call): Answer {
  const artifact = store.byId(Number(call.url.pathname.split('/').at(-1)));
  if (!artifact || call.url.searchParams.get('sig') !== 'signed=')
    return problem(403, 'AuthenticationFailed', 'signature');
  return call.method === 'PUT' ? upload(store, artifact, call) : download(artifact);
}

function upload(store: ArtifactStore, artifact: StoredArtifact, call: Call): Answer {
  const part = call.url.searchParams.get('comp');
  if (part === 'block') store.stage(artifact.id, call.url.searchParams.get('blockid') ?? '', call.body);
  else if (part === 'blocklist') {
    const order = [...call.body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(match => match[1]!);
    if (!store.commit(artifact, order)) return problem(400, 'InvalidBlockList', 'a block was never sent');
  } else artifact.content = call.body;
  return { status: 201, headers: {}, body: '' };
}

function download(artifact: StoredArtifact): Answer {
  const zip = artifact.mimeType === 'application/zip';
  const file = encodeURIComponent(zip ? `${artifact.name}.zip` : artifact.name);
  const headers = { 'content-type': artifact.mimeType, 'content-disposition': `attachment; filename="${file}"` };
  return { status: 200, headers, body: artifact.content };
}

const RUN_ARTIFACTS = /^\/api\/repos\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)\/artifacts$/;
const ALL_ARTIFACTS = /^\/api\/repos\/([^/]+\/[^/]+)\/actions\/artifacts$/;
const ONE_ARTIFACT = /^\/api\/repos\/([^/]+\/[^/]+)\/actions\/artifacts\/(\d+)(\/zip)?$/;

/** GitHub's REST API for artifacts of other runs (docs.github.com/rest/actions/artifacts). */
export function answerApi(store: ArtifactStore, call: Call, base: string): Answer {
  if (call.token === '') return problem(401, 'unauthorized', 'Requires authentication');
  const run = RUN_ARTIFACTS.exec(call.url.pathname);
  if (run) {
    const name = call.url.searchParams.get('name');
    const found = store.ofRun(run[2]!).filter(each => !name || each.name === name);
    return json({ total_count: found.length, artifacts: found.map(described) });
  }
  if (ALL_ARTIFACTS.test(call.url.pathname)) return listAll(store, call);
  const one = ONE_ARTIFACT.exec(call.url.pathname);
  const artifact = one ? store.byId(Number(one[2])) : undefined;
  if (!one || !artifact) return problem(404, 'not_found', 'Not Found');
  if (!one[3]) return json(described(artifact));
  if (isExpired(artifact)) return problem(410, 'gone', 'Artifact has expired');
  return { status: 302, headers: { location: `${base}/blobs/${artifact.id}?sig=signed%3D` }, body: '' };
}

/** Newest first. */
function listAll(store: ArtifactStore, call: Call): Answer {
  const name = call.url.searchParams.get('name');
  const found = store.artifacts.filter(each => each.digest !== '' && (!name || each.name === name)).toReversed();
  const size = Number(call.url.searchParams.get('per_page') ?? 30);
  const page = Number(call.url.searchParams.get('page') ?? 1);
  return json({ total_count: found.length, artifacts: found.slice((page - 1) * size, page * size).map(described) });
}

function described(artifact: StoredArtifact): Record<string, unknown> {
  return {
    id: artifact.id,
    name: artifact.name,
    size_in_bytes: artifact.content.length,
    digest: artifact.digest,
    expired: isExpired(artifact),
    created_at: artifact.createdAt.toISOString(),
    expires_at: artifact.expiresAt?.toISOString() ?? null,
    workflow_run: { id: Number(artifact.runId) },
  };
}
