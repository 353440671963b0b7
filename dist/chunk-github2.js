import { s as PerennialError } from "./chunk-reference.js";
import { c as send, t as failWith } from "./chunk-store-errors.js";
// src/store/github.ts
/** GitHub's REST API for one repository (docs.github.com/rest). */
var GitHubRepository = class {
	name;
	#access;
	#patience;
	/** @param given OWNER/NAME; empty is the repository at hand. @throws PerennialError `bad-input` when there is none */
	constructor(given, access, patience) {
		this.name = given || access.repository;
		this.#access = access;
		this.#patience = patience;
		if (this.name !== "") return;
		throw new PerennialError("bad-input", "It is not known which repository is meant", { hint: "Write OWNER/REPO@ before the name, or set GITHUB_REPOSITORY." });
	}
	/** Headers for a request; the token goes to GitHub only. */
	headers(accept = "application/vnd.github+json") {
		const { token } = this.#access;
		return {
			accept,
			"x-github-api-version": "2022-11-28",
			...token ? { authorization: `Bearer ${token}` } : {}
		};
	}
	url(path) {
		return `${this.#access.apiUrl.replace(/\/$/, "")}/repos/${this.name}${path}`;
	}
	/** `what` says what failed. @throws PerennialError `store-failed` */
	async call(what, path, request = {}) {
		const url = /^https?:/.test(path) ? path : this.url(path);
		const full = {
			...request,
			headers: {
				...this.headers(),
				...request.headers
			}
		};
		return send(url, full, this.#patience).catch(failWith(what, {
			...this.#hints(),
			...request.hints
		}));
	}
	/** Every page of a list, a hundred entries each. */
	async *pages(what, path, entries = (body) => body) {
		for (let page = 1;; page++) {
			const separator = path.includes("?") ? "&" : "?";
			const found = entries(await (await this.call(what, `${path}${separator}per_page=100&page=${page}`)).json());
			yield* found;
			if (found.length < 100) return;
		}
	}
	/** Who can read the repository. */
	async readers() {
		if (this.name === this.#access.repository && this.#access.readers) return this.#access.readers;
		const { visibility, private: hidden } = await (await this.call(`The repository ${this.name} could not be read`, "")).json();
		return (visibility ?? (hidden ? "private" : "public")) === "private" ? "collaborators" : "others";
	}
	#hints() {
		const token = this.#access.token ? "the token" : "a token (`github-token`, or GITHUB_TOKEN on the command line)";
		return {
			401: `Give ${token}; the one that was used is not valid.`,
			403: `The token needs the permission for this: \`contents: write\` to keep bags in releases, \`contents: read\` or \`actions: read\` to fetch.`,
			404: `Check the name. A private repository looks like this too when ${token} may not read it.`
		};
	}
};
export { GitHubRepository as t };
