import { h as setSecret, i as getBooleanInput, o as getInput, s as getMultilineInput } from "./chunk-core.js";
import { s as PerennialError } from "./chunk-reference.js";
import { d as restoreInputs } from "./chunk-run-action.js";
import { t as getOctokit } from "./chunk-github.js";
// src/actions/drill-inputs.ts
/** Inputs of drill/find/action.yml. */
function findInputs() {
	return {
		archives: getMultilineInput("archives"),
		githubToken: token(),
		repository: getInput("repository") || here()
	};
}
/** Inputs of drill/action.yml. */
function drillInputs() {
	const id = getInput("id", { required: true });
	if (!/^[a-z0-9-]+$/.test(id)) throw new PerennialError("bad-input", `The input id is "${id}"`, { hint: "Take it from drill/find." });
	const restore = restoreInputs({
		name: `drill-${id}`,
		keep: false
	});
	return {
		archive: getInput("archive", { required: true }),
		id,
		branch: getInput("branch"),
		restore
	};
}
/** Inputs of drill/report/action.yml. */
function reportInputs() {
	return {
		archives: getInput("archives", { required: true }),
		branch: getInput("branch", { required: true }),
		issues: getBooleanInput("issues"),
		githubToken: token(),
		repository: getInput("repository") || here()
	};
}
function token() {
	const value = getInput("github-token", { required: true });
	setSecret(value);
	return value;
}
function here() {
	return process.env.GITHUB_REPOSITORY ?? "";
}
// src/actions/github-api.ts
/** Two drills that end at once both move the branch: the one that comes second reads again. */
const TRIES = 5;
/** What drills need of one repository of GitHub's REST API (docs.github.com/rest). */
var GithubApi = class {
	#octokit;
	#where;
	/** @param repository OWNER/NAME */
	constructor(token, repository) {
		const [owner = "", repo = ""] = repository.split("/");
		const baseUrl = process.env.GITHUB_API_URL;
		this.#octokit = getOctokit(token, baseUrl ? { baseUrl } : {});
		this.#where = {
			owner,
			repo
		};
	}
	/** Artifacts that have not expired. Needs `actions: read`. */
	async listArtifacts() {
		return (await this.told("actions: read", () => this.#octokit.paginate(this.#octokit.rest.actions.listArtifactsForRepo, {
			...this.#where,
			per_page: 100
		}))).filter((each) => !each.expired).map((each) => ({
			name: each.name,
			runId: each.workflow_run?.id ?? 0,
			createdAt: each.created_at ?? ""
		}));
	}
	/** A file of a branch; empty when there is no such branch or file. Needs `contents: read`. */
	async readFile(branch, path) {
		return this.told("contents: read", () => this.contentOf(branch, path));
	}
	/**
	* Changes one file of a branch by a commit; the branch, with nothing else in it, is made when it is not there. Needs
	* `contents: write`.
	* @param change gets the content as it is, and may be called again when somebody else was faster
	*/
	async changeFile(branch, path, change, message) {
		await this.told("contents: write", async () => {
			for (let tries = 1;; tries++) {
				const parent = await this.headOf(branch);
				const content = change(parent ? await this.contentOf(branch, path) : "");
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
	async openIssues(label) {
		return (await this.told("issues: write", () => this.#octokit.paginate(this.#octokit.rest.issues.listForRepo, {
			...this.#where,
			labels: label,
			state: "open",
			per_page: 100
		}))).filter((each) => !each.pull_request).map(({ number, body }) => ({
			number,
			body: body ?? ""
		}));
	}
	async openIssue(title, body, label) {
		const { data } = await this.told("issues: write", () => this.#octokit.rest.issues.create({
			...this.#where,
			title,
			body,
			labels: [label]
		}));
		return data.number;
	}
	async updateIssue(number, changes) {
		const state = changes.state ? {
			state: changes.state,
			state_reason: "completed"
		} : {};
		const body = changes.body === void 0 ? {} : { body: changes.body };
		await this.told("issues: write", () => this.#octokit.rest.issues.update({
			...this.#where,
			issue_number: number,
			...body,
			...state
		}));
	}
	async comment(number, body) {
		await this.told("issues: write", () => this.#octokit.rest.issues.createComment({
			...this.#where,
			issue_number: number,
			body
		}));
	}
	async headOf(branch) {
		return (await this.#octokit.rest.git.getRef({
			...this.#where,
			ref: `heads/${branch}`
		}).catch((error) => statusOf(error) === 404 ? void 0 : Promise.reject(error)))?.data.object.sha;
	}
	/** As bytes, not base64 in JSON, which ends at 1 MB. */
	async contentOf(branch, path) {
		const found = await this.#octokit.rest.repos.getContent({
			...this.#where,
			path,
			ref: branch,
			mediaType: { format: "raw" }
		}).catch((error) => statusOf(error) === 404 ? void 0 : Promise.reject(error));
		return found ? String(found.data) : "";
	}
	async commit(parent, path, content, message) {
		const { git } = this.#octokit.rest;
		const tree = await git.createTree({
			...this.#where,
			...parent ? { base_tree: parent } : {},
			tree: [{
				path,
				mode: "100644",
				type: "blob",
				content
			}]
		});
		const parents = parent ? [parent] : [];
		return (await git.createCommit({
			...this.#where,
			message,
			tree: tree.data.sha,
			parents
		})).data.sha;
	}
	async moveBranch(branch, parent, sha) {
		const { git } = this.#octokit.rest;
		if (parent) await git.updateRef({
			...this.#where,
			ref: `heads/${branch}`,
			sha,
			force: false
		});
		else await git.createRef({
			...this.#where,
			ref: `refs/heads/${branch}`,
			sha
		});
	}
	/** The one clear error for whatever GitHub says. */
	async told(permission, ask) {
		try {
			return await ask();
		} catch (cause) {
			const where = `${this.#where.owner}/${this.#where.repo}`;
			const denied = [
				401,
				403,
				404
			].includes(statusOf(cause));
			throw new PerennialError("store-failed", `GitHub answered for ${where}: ${cause.message}`, {
				cause,
				hint: denied ? `Give the job the permission \`${permission}\`, and \`github-token\` a token of that repository.` : "Run the job again when GitHub answers."
			});
		}
	}
};
function statusOf(error) {
	return error.status ?? 0;
}
export { reportInputs as i, drillInputs as n, findInputs as r, GithubApi as t };
