import { type ArtifactStore, isExpired, type StoredArtifact } from './artifact-store.ts';
import { type Answer, type Call, json, problem } from './exchange.ts';

/*
 * The results service that workflow jobs talk to: Twirp over JSON with the proto field names of
 * github.actions.results.api.v1.ArtifactService (actions/toolkit, packages/artifact/src/generated).
 */

type Body = Record<string, unknown>;

/** Answers POST /twirp/github.actions.results.api.v1.ArtifactService/METHOD. */
export function answerResults(store: ArtifactStore, call: Call, base: string): Answer {
  const method = call.url.pathname.split('/').at(-1);
  const body = JSON.parse(call.body.toString() || '{}') as Body;
  const runId = String(body.workflow_run_backend_id);
  if (runId !== runOfToken(call.token)) return problem(403, 'permission_denied', 'the token is of another run');
  if (method === 'CreateArtifact') return create(store, runId, body, base);
  if (method === 'FinalizeArtifact') return finalize(store, runId, body);
  if (method === 'ListArtifacts') return list(store, runId, body);
  const artifact = find(store, runId, body.name);
  if (!artifact) return problem(404, 'not_found', `no artifact ${body.name}`);
  if (method === 'GetSignedArtifactURL') return json({ signed_url: `${base}/blobs/${artifact.id}?sig=signed%3D` });
  if (method !== 'DeleteArtifact') return problem(404, 'bad_route', String(method));
  store.remove(artifact);
  return json({ ok: true, artifact_id: String(artifact.id) });
}

/** The run id in the scope `Actions.Results:RUN:JOB` of an (unsigned) runtime token. */
function runOfToken(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}') as { scp?: string };
  return /Actions\.Results:([^: ]+):/.exec(claims.scp ?? '')?.[1] ?? '';
}

function create(store: ArtifactStore, runId: string, body: Body, base: string): Answer {
  const expires = body.expires_at ? new Date(String(body.expires_at)) : undefined;
  const mimeType = wrapped(body.mime_type) || 'application/zip';
  const artifact = store.create(runId, String(body.name), mimeType, expires);
  if (!artifact) return problem(409, 'already_exists', 'an artifact with this name already exists on the workflow run');
  return json({ ok: true, signed_upload_url: `${base}/blobs/${artifact.id}?sig=signed%3D` });
}

function finalize(store: ArtifactStore, runId: string, body: Body): Answer {
  const artifact = store.artifacts.findLast(each => each.runId === runId && each.name === body.name);
  if (!artifact) return problem(404, 'not_found', `no upload ${body.name}`);
  if (!store.finalize(artifact, Number(body.size ?? 0), wrapped(body.hash)))
    return problem(400, 'invalid_argument', 'size or hash is not that of what was uploaded');
  return json({ ok: true, artifact_id: String(artifact.id) });
}

function list(store: ArtifactStore, runId: string, body: Body): Answer {
  const name = wrapped(body.name_filter);
  const id = wrapped(body.id_filter);
  const found = store.ofRun(runId).filter(each => !isExpired(each));
  const wanted = found.filter(each => (!name || each.name === name) && (!id || String(each.id) === id));
  return json({ artifacts: wanted.map(each => listed(each, body)) });
}

function listed(artifact: StoredArtifact, body: Body): Body {
  return {
    workflow_run_backend_id: artifact.runId,
    workflow_job_run_backend_id: body.workflow_job_run_backend_id,
    database_id: String(artifact.id),
    name: artifact.name,
    size: String(artifact.content.length),
    created_at: artifact.createdAt.toISOString(),
    digest: artifact.digest,
  };
}

function find(store: ArtifactStore, runId: string, name: unknown): StoredArtifact | undefined {
  return store.ofRun(runId).find(each => each.name === name);
}

/** google.protobuf.StringValue and Int64Value are plain JSON values. */
function wrapped(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
