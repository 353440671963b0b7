import { n as ArtifactNotFoundError, t as DefaultArtifactClient } from "./chunk-artifact.js";
import { a as storedNames, i as isEncryptedName, r as isBagFileName } from "./chunk-bag-file-name.js";
import { s as PerennialError, t as formatReference } from "./chunk-reference.js";
import { t as GitHubRepository } from "./chunk-github2.js";
import { t as expiryOf } from "./chunk-retention.js";
import { n as keptWrong, r as nameTaken } from "./chunk-store-errors.js";
import { dirname, join } from "node:path";
import { readdir } from "node:fs/promises";
// src/store/artifact-store.ts
/**
* Artifacts of GitHub's workflow runs. They are put by the official client, which takes the run's own tokens from its environment, and only
* from within a run. A reference without a run means this run, or outside of one the newest artifact of that name.
*/
var ArtifactStore = class {
	place;
	#at;
	#settings;
	constructor(at, settings) {
		this.#at = at;
		this.#settings = settings;
		const repository = at.repository || settings.github.repository;
		const run = at.run ?? settings.github.runId;
		this.place = run === void 0 ? `the artifacts of ${repository}` : this.#isHere() ? "this run" : `run ${run} of ${repository}`;
	}
	async readers() {
		return this.#repository().readers();
	}
	/** The file as it is, without a zip around it. The client's digest of what it sent, which the service has checked, must be ours. */
	async put(bag) {
		const client = new DefaultArtifactClient();
		const { retentionDays } = this.#settings;
		const options = {
			skipArchive: true,
			...retentionDays > 0 ? { retentionDays } : {}
		};
		try {
			const { digest } = await client.uploadArtifact(bag.name, [bag.file], dirname(bag.file), options);
			if (digest !== bag.sha256) throw keptWrong(bag.name, this.place, digest ?? "", bag.sha256);
		} catch (cause) {
			if (cause instanceof PerennialError) throw cause;
			const there = await client.getArtifact(bag.name).catch(() => void 0);
			if (there?.artifact.digest !== `sha256:${bag.sha256}`) throw uploadFailed(bag.name, this.place, cause, there?.artifact);
		}
		return this.#kept(bag, await this.#checked(client, bag));
	}
	async fetch(folder) {
		const client = new DefaultArtifactClient();
		const find = this.#findOptions(await this.#run());
		const found = await this.#find(client, find);
		const expected = found.digest ? { expectedHash: found.digest } : {};
		const { digestMismatch } = await client.downloadArtifact(found.id, {
			path: folder,
			...find,
			...expected
		}).catch((cause) => {
			throw this.#failure(cause);
		});
		if (!digestMismatch) return bagIn(folder);
		throw new PerennialError("digest-mismatch", `The artifact "${found.name}" is not what was uploaded: its sha256 differs`, { hint: "Try again: it was damaged on its way, or in the store." });
	}
	async list() {
		const found = [];
		for await (const each of this.#listed()) {
			if (each.expired || !isBagFileName(each.name)) continue;
			if (this.#at.run !== void 0 && each.workflow_run?.id !== this.#at.run) continue;
			if (this.#at.name && !storedNames(this.#at.name).includes(each.name)) continue;
			const run = each.workflow_run?.id;
			found.push({
				reference: formatReference({
					kind: "artifact",
					repository: this.#repository().name,
					run,
					name: each.name
				}),
				name: each.name,
				service: "",
				bytes: each.size_in_bytes,
				sha256: (each.digest ?? "").replace(/^sha256:/, ""),
				created: each.created_at,
				expires: each.expires_at ?? "",
				encrypted: isEncryptedName(each.name)
			});
		}
		return found.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	}
	#repository() {
		return new GitHubRepository(this.#at.repository, this.#settings.github, this.#settings.patience);
	}
	#listed(name = "") {
		const query = name ? `?name=${encodeURIComponent(name)}` : "";
		return this.#repository().pages(`${this.place} could not be listed`, `/actions/artifacts${query}`, (body) => body.artifacts);
	}
	#isHere() {
		const { repository, run } = this.#at;
		const { github } = this.#settings;
		const sameRepository = repository === "" || repository === github.repository;
		return github.runId !== void 0 && sameRepository && (run === void 0 || run === github.runId);
	}
	/** The run to look in; undefined for this one. */
	async #run() {
		if (this.#isHere()) return void 0;
		if (this.#at.run !== void 0) return this.#at.run;
		for (const name of storedNames(this.#at.name)) for await (const each of this.#listed(name)) if (!each.expired && each.workflow_run) return each.workflow_run.id;
		throw this.#failure(new ArtifactNotFoundError());
	}
	/** Empty for this run, which needs no token. @throws PerennialError `bad-input` */
	#findOptions(run) {
		if (run === void 0) return {};
		const { token } = this.#settings.github;
		if (!token) throw new PerennialError("bad-input", `An artifact of ${this.place} needs a token`, { hint: "In a workflow leave `github-token` at its default and give the job the permission `actions: read`; on the command line set GITHUB_TOKEN." });
		const [repositoryOwner = "", repositoryName = ""] = this.#repository().name.split("/");
		return { findBy: {
			token,
			workflowRunId: run,
			repositoryOwner,
			repositoryName
		} };
	}
	async #find(client, find) {
		let last;
		for (const name of storedNames(this.#at.name)) try {
			return (await client.getArtifact(name, find)).artifact;
		} catch (error) {
			last = error;
			if (!(error instanceof ArtifactNotFoundError)) break;
		}
		throw this.#failure(last);
	}
	/** What the service itself says of it now. */
	async #checked(client, bag) {
		const { artifact } = await client.getArtifact(bag.name).catch((cause) => {
			throw this.#failure(cause);
		});
		if (artifact.digest && artifact.digest !== `sha256:${bag.sha256}`) throw keptWrong(bag.name, this.place, artifact.digest, bag.sha256);
		return artifact;
	}
	#kept(bag, { id, createdAt }) {
		const { runId, repository } = this.#settings.github;
		const { name, service, bytes, sha256, created } = bag;
		return {
			reference: formatReference({
				kind: "artifact",
				repository,
				run: runId,
				name
			}),
			name,
			service,
			bytes,
			sha256,
			created,
			expires: expiryOf(createdAt ?? /* @__PURE__ */ new Date(), this.#settings),
			encrypted: isEncryptedName(name),
			id
		};
	}
	/** The one clear error for whatever the artifact client says. */
	#failure(cause) {
		if (cause instanceof PerennialError) return cause;
		const { name } = this.#at;
		const status = cause.status;
		const message = cause instanceof Error ? cause.message : String(cause);
		if (cause instanceof ArtifactNotFoundError || status === 404 || status === 410) return new PerennialError("artifact-missing", `There is no artifact "${name}" in ${this.place}, or it has expired`, {
			cause,
			hint: "Check the name and the run; artifacts are kept for 90 days at most in public repositories. For another run the token needs `actions: read`."
		});
		if (status === 401 || status === 403) return new PerennialError("store-failed", `The artifacts of ${this.place} may not be read with this token`, {
			cause,
			hint: "Give the job the permission `actions: read`; for another repository use a token that can read it."
		});
		return new PerennialError("store-failed", `The artifact "${name}" of ${this.place} could not be fetched: ${message}`, {
			cause,
			hint: "Try again when the artifact service answers."
		});
	}
};
function uploadFailed(name, place, cause, there) {
	if (there || /already exists|409|conflict/i.test(cause.message)) return nameTaken(name, place, "Artifacts are immutable: set another `artifact-name`.");
	return new PerennialError("store-failed", `The artifact ${name} could not be uploaded: ${cause.message}`, {
		cause,
		hint: "Run the job again when the artifact service answers; the archive is still on the runner."
	});
}
/** Ours is one packed file; somebody may have uploaded a folder of a bag, or put one into an archive with others. */
async function bagIn(folder) {
	const names = await readdir(folder);
	if (names.includes("bagit.txt")) return folder;
	const packed = names.filter((name) => isBagFileName(name) || name.endsWith(".tar"));
	const only = packed.length === 1 ? packed[0] : names.length === 1 ? names[0] : void 0;
	if (only !== void 0) return join(folder, only);
	throw new PerennialError("bag-invalid", `The artifact holds ${names.length} files, and none of them is the bag`, { hint: "Name an artifact that this action uploaded." });
}
export { ArtifactStore };
