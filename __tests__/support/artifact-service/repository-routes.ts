import { createHash } from 'node:crypto';
import { type Answer, type Call, json, problem } from './exchange.ts';

export interface StoredIssue {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: { name: string }[];
  comments: string[];
}

/** Issues and branches of one repository, as much of them as GitHub's REST API shows (docs.github.com/rest/issues, /git). */
export class RepositoryStore {
  readonly issues: StoredIssue[] = [];
  /** Branch -> commit. */
  readonly heads = new Map<string, string>();
  private readonly commits = new Map<string, { tree: string; parents: string[] }>();
  private readonly trees = new Map<string, Record<string, string>>();

  /** Content of a file of a branch. */
  fileOf(branch: string, path: string): string | undefined {
    const commit = this.commits.get(this.heads.get(branch) ?? '');
    return commit && this.trees.get(commit.tree)?.[path];
  }

  addTree(base: string | undefined, files: { path: string; content: string }[]): string {
    const before = base ? this.trees.get(this.commits.get(base)?.tree ?? base) : {};
    const tree = { ...before, ...Object.fromEntries(files.map(each => [each.path, each.content])) };
    const sha = sha1(JSON.stringify(tree));
    this.trees.set(sha, tree);
    return sha;
  }

  addCommit(tree: string, parents: string[]): string {
    const sha = sha1(JSON.stringify([tree, parents, this.commits.size]));
    this.commits.set(sha, { tree, parents });
    return sha;
  }

  /** False when it is no fast-forward. */
  move(branch: string, sha: string): boolean {
    const head = this.heads.get(branch);
    if (head !== undefined && !this.commits.get(sha)?.parents.includes(head)) return false;
    this.heads.set(branch, sha);
    return true;
  }
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** Answers for issues, branches and files; undefined where the path is none of these. */
export function answerRepository(store: RepositoryStore, call: Call): Answer | undefined {
  const [, path] = /^\/api\/repos\/[^/]+\/[^/]+\/(.*)$/.exec(call.url.pathname) ?? [];
  if (path === undefined || call.token === '') return undefined;
  if (path.startsWith('issues')) return answerIssues(store, call, path);
  if (path.startsWith('git/')) return answerGit(store, call, path);
  if (!path.startsWith('contents/')) return undefined;
  const content = store.fileOf(call.url.searchParams.get('ref') ?? '', path.slice('contents/'.length));
  return content === undefined
    ? problem(404, 'not_found', 'Not Found')
    : { status: 200, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, body: content };
}

function answerIssues(store: RepositoryStore, call: Call, path: string): Answer {
  const body =
    call.body.length > 0 ? (JSON.parse(call.body.toString()) as Partial<StoredIssue> & { labels?: string[] }) : {};
  const [, number, comments] = /^issues(?:\/(\d+))?(\/comments)?$/.exec(path) ?? [];
  if (number === undefined) {
    if (call.method === 'POST')
      return json(open(store, body as { title: string; body: string; labels?: string[] }), 201);
    const label = call.url.searchParams.get('labels');
    const state = call.url.searchParams.get('state');
    return json(store.issues.filter(each => each.state === state && each.labels.some(({ name }) => name === label)));
  }
  const issue = store.issues.find(each => String(each.number) === number);
  if (!issue) return problem(404, 'not_found', 'Not Found');
  if (comments) {
    issue.comments.push(body.body ?? '');
    return json({ id: issue.comments.length }, 201);
  }
  if (body.body !== undefined) issue.body = body.body;
  if (body.state !== undefined) issue.state = body.state;
  return json(issue);
}

function open(store: RepositoryStore, given: { title: string; body: string; labels?: string[] }): StoredIssue {
  const labels = (given.labels ?? []).map(name => ({ name }));
  const issue: StoredIssue = { ...given, number: store.issues.length + 1, state: 'open', labels, comments: [] };
  store.issues.push(issue);
  return issue;
}

function answerGit(store: RepositoryStore, call: Call, path: string): Answer {
  const body = call.body.length > 0 ? JSON.parse(call.body.toString()) : {};
  if (path === 'git/trees') return json({ sha: store.addTree(body.base_tree, body.tree) }, 201);
  if (path === 'git/commits') return json({ sha: store.addCommit(body.tree, body.parents) }, 201);
  const branch = decodeURIComponent(path.replace(/^git\/refs?\/?/, '').replace(/^heads(\/|%2F)/, ''));
  if (call.method === 'GET') {
    const sha = store.heads.get(branch);
    return sha ? json({ ref: `refs/heads/${branch}`, object: { sha } }) : problem(404, 'not_found', 'Not Found');
  }
  if (call.method === 'POST') {
    const name = String(body.ref).replace('refs/heads/', '');
    if (store.heads.has(name)) return problem(422, 'exists', 'Reference already exists');
    return store.move(name, body.sha) ? json({ ref: body.ref }, 201) : problem(422, 'invalid', 'Invalid');
  }
  return store.move(branch, body.sha) ? json({ ref: branch }) : problem(422, 'not_ff', 'Update is not a fast forward');
}
