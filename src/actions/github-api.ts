import { getOctokit } from '@actions/github';
import type { DrillIssue } from '../drill/drill-issue.ts';
import type { KeptArtifact } from '../drill/drill-list.ts';
import { PerennialError } from '../errors.ts';

type Octokit = ReturnType<typeof getOctokit>;

/** Two drills that end at once both move the branch: the one that comes second reads again. */
const TRIES = 5;

/** What drills need of one repository of GitHub's REST API (docs.github.com/rest). */
export class GithubApi {
  readonly #octokit: Octokit;
  readonly #where: { owner: string; repo: string };

  /** @param repository OWNER/NAME */
  constructor(token: string, repository: string) {
    const [owner = '', repo = ''] = repository.split('/');
    const baseUrl = process.env.GITHUB_API_URL;
    this.#octokit = getOctokit(token, baseUrl ? { baseUrl } : {});
    this.#where = { owner, repo };
  }

  /** Artifacts that have not expired. Needs `actions: read`. */
  async listArtifacts(): Promise<KeptArtifact[]> {
    const all = await this.told('actions: read', () =>
      this.#octokit.paginate(this.#octokit.rest.actions.listArtifactsForRepo, { ...this.#where, per_page: 100 }),
    );
    return all
      .filter(each => !each.expired)
      .map(each => ({ name: each.name, runId: each.workflow_run?.id ?? 0, createdAt: each.created_at ?? '' }));
  }

  /** A file of a branch; empty when there is no such branch or file. Needs `contents: read`. */
  async readFile(branch: string, path: string): Promise<string> {
    return this.told('contents: read', () => this.contentOf(branch, path));
  }

  /**
   * Changes one file of a branch by a commit; the branch, with nothing else in it, is made when it is not there. Needs
   * `contents: write`.
   * @param change gets the content as it is, and may be called again when somebody else was faster
   */
  async changeFile(branch: string, path: string, change: (content: string) => string, message: string): Promise<void> {
    await this.told('contents: write', async () => {
      for (let tries = 1; ; tries++) {
        const parent = await this.headOf(branch);
        const content = change(parent ? await this.contentOf(branch, path) : '');
        const commit = await this.commit(parent, path, content, message);
        try {
          return await this.moveBranch(branch, parent, commit);
        } catch (error) {
          if (tries === TRIES || ![409, 422].includes(statusOf(error))) throw error;
        }
      }
    });
  }

  /** Open issues with a label. Needs `issues: read`. */
  async openIssues(label: string): Promise<DrillIssue[]> {
    const all = await this.told('issues: write', () =>
      this.#octokit.paginate(this.#octokit.rest.issues.listForRepo, {
        ...this.#where,
        labels: label,
        state: 'open',
        per_page: 100,
      }),
    );
    return all.filter(each => !each.pull_request).map(({ number, body }) => ({ number, body: body ?? '' }));
  }

  async openIssue(title: string, body: string, label: string): Promise<number> {
    const { data } = await this.told('issues: write', () =>
      this.#octokit.rest.issues.create({ ...this.#where, title, body, labels: [label] }),
    );
    return data.number;
  }

  async updateIssue(number: number, changes: { body?: string; state?: 'closed' }): Promise<void> {
    const state = changes.state ? { state: changes.state, state_reason: 'completed' as const } : {};
    const body = changes.body === undefined ? {} : { body: changes.body };
    await this.told('issues: write', () =>
      this.#octokit.rest.issues.update({ ...this.#where, issue_number: number, ...body, ...state }),
    );
  }

  async comment(number: number, body: string): Promise<void> {
    await this.told('issues: write', () =>
      this.#octokit.rest.issues.createComment({ ...this.#where, issue_number: number, body }),
    );
  }

  private async headOf(branch: string): Promise<string | undefined> {
    const found = await this.#octokit.rest.git
      .getRef({ ...this.#where, ref: `heads/${branch}` })
      .catch(error => (statusOf(error) === 404 ? undefined : Promise.reject(error)));
    return found?.data.object.sha;
  }

  /** As bytes, not base64 in JSON, which ends at 1 MB. */
  private async contentOf(branch: string, path: string): Promise<string> {
    const found = await this.#octokit.rest.repos
      .getContent({ ...this.#where, path, ref: branch, mediaType: { format: 'raw' } })
      .catch(error => (statusOf(error) === 404 ? undefined : Promise.reject(error)));
    return found ? String(found.data) : '';
  }

  private async commit(parent: string | undefined, path: string, content: string, message: string): Promise<string> {
    const { git } = this.#octokit.rest;
    const tree = await git.createTree({
      ...this.#where,
      ...(parent ? { base_tree: parent } : {}),
      tree: [{ path, mode: '100644', type: 'blob', content }],
    });
    const parents = parent ? [parent] : [];
    return (await git.createCommit({ ...this.#where, message, tree: tree.data.sha, parents })).data.sha;
  }

  private async moveBranch(branch: string, parent: string | undefined, sha: string): Promise<void> {
    const { git } = this.#octokit.rest;
    if (parent) await git.updateRef({ ...this.#where, ref: `heads/${branch}`, sha, force: false });
    else await git.createRef({ ...this.#where, ref: `refs/heads/${branch}`, sha });
  }

  /** The one clear error for whatever GitHub says. */
  private async told<T>(permission: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      const where = `${this.#where.owner}/${this.#where.repo}`;
      const denied = [401, 403, 404].includes(statusOf(cause));
      throw new PerennialError('store-failed', `GitHub answered for ${where}: ${(cause as Error).message}`, {
        cause,
        hint: denied
          ? `Give the job the permission \`${permission}\`, and \`github-token\` a token of that repository.`
          : 'Run the job again when GitHub answers.',
      });
    }
  }
}

function statusOf(error: unknown): number {
  return (error as { status?: number }).status ?? 0;
}
