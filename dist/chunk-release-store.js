import { a as storedNames, i as isEncryptedName, r as isBagFileName } from "./chunk-bag-file-name.js";
import { s as PerennialError, t as formatReference } from "./chunk-reference.js";
import { t as GitHubRepository } from "./chunk-github2.js";
import { n as fetchParts, r as readRange, t as cutFile } from "./chunk-parts.js";
import { a as HttpError, i as notKept, l as wait, n as keptWrong, o as isPassing, r as nameTaken, t as failWith } from "./chunk-store-errors.js";
import { C as pipe, D as safeInteger, E as regex, _ as number, b as parse, d as maxLength, j as string, m as minValue, p as minLength, r as check, t as array, u as literal, v as object } from "./chunk-dist2.js";
import { createHash } from "node:crypto";
import { join } from "node:path";
// src/store/release-api.ts
/** The releases of one repository and their assets (docs.github.com/rest/releases). */
var ReleaseApi = class {
	repository;
	#patience;
	constructor(repository, patience) {
		this.repository = repository;
		this.#patience = patience;
	}
	/** Every release that may be seen, drafts too. */
	all() {
		return this.repository.pages(`The releases of ${this.repository.name} could not be listed`, "/releases");
	}
	/** By its tag, or among the drafts, which have none yet. */
	async find(tag) {
		const what = `Release ${tag} of ${this.repository.name} could not be read`;
		const path = `/releases/tags/${encodeURIComponent(tag)}`;
		const answer = await this.repository.call(what, path, { accept: [404] });
		const release = await answer.json();
		if (answer.status !== 404) return release;
		for await (const each of this.all()) if (each.draft && each.tag_name === tag) return each;
	}
	/** A draft: nobody sees it, and it has no tag, until it is published. */
	async createDraft(tag) {
		return (await this.repository.call(`Release ${tag} of ${this.repository.name} could not be made`, "/releases", {
			method: "POST",
			body: () => JSON.stringify({
				tag_name: tag,
				name: tag,
				body: `Archives of services, kept by perennial. \`perennial restore release:${tag}\` brings them back.`,
				draft: true,
				make_latest: "false"
			})
		})).json();
	}
	async publish(release) {
		const what = `Release ${release.tag_name} could not be published`;
		const body = () => JSON.stringify({
			draft: false,
			make_latest: "false"
		});
		await (await this.repository.call(what, `/releases/${release.id}`, {
			method: "PATCH",
			body
		})).drain();
	}
	/** By name. */
	async assets(release) {
		const what = `The assets of release ${release.tag_name} could not be listed`;
		const all = await Array.fromAsync(this.repository.pages(what, `/releases/${release.id}/assets`));
		return new Map(all.map((asset) => [asset.name, asset]));
	}
	assetUrl(asset) {
		return this.repository.url(`/releases/assets/${asset.id}`);
	}
	/** For the bytes of an asset instead of its description. */
	rawHeaders() {
		return this.repository.headers("application/octet-stream");
	}
	async readText(asset) {
		const what = `The asset ${asset.name} could not be fetched`;
		return (await this.repository.call(what, this.assetUrl(asset), { headers: this.rawHeaders() })).text();
	}
	async remove(asset) {
		const what = `The incomplete asset ${asset.name} could not be removed`;
		await (await this.repository.call(what, this.assetUrl(asset), {
			method: "DELETE",
			accept: [404]
		})).drain();
	}
	/**
	* Uploads an asset. What a cut upload left has the name already and is in the way of the next attempt: it is removed.
	* @throws PerennialError `store-failed`
	*/
	async upload(release, content) {
		for (let attempt = 0;; attempt++) try {
			return await this.#uploadOnce(release, content);
		} catch (error) {
			const cause = error instanceof PerennialError ? error.cause : error;
			const delay = this.#patience.delays[attempt];
			if (delay === void 0 || !(isPassing(cause) || isTaken(cause))) throw error;
			await wait(delay);
			const left = (await this.assets(release)).get(content.name);
			if (left) await this.remove(left);
		}
	}
	async #uploadOnce(release, { name, bytes, body }) {
		const url = `${release.upload_url.replace(/\{.*$/, "")}?name=${encodeURIComponent(name)}`;
		const what = `${name} could not be put into release ${release.tag_name} of ${this.repository.name}`;
		return (await this.repository.call(what, url, {
			method: "POST",
			bytes,
			body,
			headers: { "content-type": "application/octet-stream" },
			again: false
		})).json();
	}
	/** By the service's digest; a server that does not say it is asked for the bytes. */
	async isSame(asset, part) {
		if (asset.state !== "uploaded" || asset.size !== part.bytes) return false;
		if (asset.digest) return asset.digest === `sha256:${part.sha256}`;
		const hash = createHash("sha256");
		const what = `The asset ${asset.name} could not be read again`;
		const answer = await this.repository.call(what, this.assetUrl(asset), { headers: this.rawHeaders() });
		for await (const chunk of answer.chunks()) hash.update(chunk);
		return hash.digest("hex") === part.sha256;
	}
};
/** GitHub answers 422 `already_exists`. */
function isTaken(error) {
	if (!(error instanceof HttpError)) return false;
	return error.status === 409 || error.status === 422 && /already_exists/.test(error.body);
}
// src/store/release-assets.ts
const hex = pipe(string(), regex(/^[0-9a-f]{64}$/));
const count = pipe(number(), safeInteger(), minValue(0));
const name = pipe(string(), regex(/^[\w.-]{1,255}$/));
/** NAME.json beside the parts of a bag: it is put there last, so a bag without it is not complete. */
const descriptorSchema = object({
	schema: literal(1),
	name: pipe(name, check(isBagFileName)),
	service: string(),
	created: string(),
	bytes: count,
	sha256: hex,
	parts: pipe(array(object({
		name,
		bytes: count,
		sha256: hex
	})), minLength(1), maxLength(1e3))
});
/** GitHub changes other characters in names of assets by itself. */
function assetName(bagName) {
	return bagName.replace(/[^\w.-]+/g, "-");
}
function descriptorName(bagName) {
	return `${assetName(bagName)}.json`;
}
function formatDescriptor(bag, parts) {
	const descriptor = {
		schema: 1,
		name: assetName(bag.name),
		service: bag.service,
		created: bag.created,
		bytes: bag.bytes,
		sha256: bag.sha256,
		parts: parts.map(({ name, bytes, sha256 }) => ({
			name,
			bytes,
			sha256
		}))
	};
	return `${JSON.stringify(descriptor, null, 1)}\n`;
}
/** The inverse; undefined for what is none. */
function findDescriptor(text) {
	try {
		return parse(descriptorSchema, JSON.parse(text));
	} catch {
		return;
	}
}
/** True for the description of a bag that is complete. */
function isDescriptor(asset) {
	const bag = asset.name.replace(/\.json$/, "");
	return asset.state === "uploaded" && bag !== asset.name && isBagFileName(bag);
}
// src/store/release-store.ts
/** Assets must be smaller than 2 GiB (docs.github.com/repositories/releasing-projects-on-github/about-releases). */
const ASSET_BYTES = 1992294400;
/**
* Assets of a GitHub release: a bag in parts, and a small description that is put there last. A release that does not exist is made as a draft
* and published when the bag is complete; it never becomes the "latest".
*/
var ReleaseStore = class {
	place;
	#at;
	#api;
	#patience;
	#partBytes;
	#detail;
	constructor(at, settings) {
		const repository = new GitHubRepository(at.repository, settings.github, settings.patience);
		this.#api = new ReleaseApi(repository, settings.patience);
		this.#at = {
			...at,
			repository: repository.name
		};
		this.#patience = settings.patience;
		this.#partBytes = settings.partBytes ?? ASSET_BYTES;
		this.#detail = settings.progress.detail;
		this.place = at.tag ? `release ${at.tag} of ${repository.name}` : `the releases of ${repository.name}`;
	}
	readers() {
		return this.#api.repository.readers();
	}
	async put(bag) {
		const { tag } = this.#at;
		if (!tag) throw new PerennialError("bad-input", "A release without a tag is named", { hint: "Write release:TAG." });
		const release = await this.#api.find(tag) ?? await this.#api.createDraft(tag);
		const assets = await this.#api.assets(release);
		const parts = await cutFile({
			...bag,
			name: assetName(bag.name)
		}, this.#partBytes);
		const text = formatDescriptor(bag, parts);
		const there = assets.get(descriptorName(bag.name));
		if (there?.state === "uploaded") await this.#refuseOther(there, bag);
		for (const part of parts) await this.#putPart(bag, release, part, assets.get(part.name));
		await this.#putDescriptor(release, descriptorName(bag.name), text, there);
		if (release.draft) await this.#api.publish(release);
		return this.#kept(tag, findDescriptor(text));
	}
	async fetch(folder) {
		const { tag, repository } = this.#at;
		const release = await this.#api.find(tag);
		if (!release) throw notKept(`release ${tag}`, repository, "Check the tag; a private repository needs a token.");
		const assets = await this.#api.assets(release);
		const descriptor = await this.#read(this.#choose(assets));
		const parts = descriptor.parts.map((part) => {
			const asset = assets.get(part.name);
			if (!asset) throw notKept(`asset ${part.name}`, this.place, "The bag is not complete there; take another copy.");
			return {
				...part,
				url: this.#api.assetUrl(asset),
				request: { headers: this.#api.rawHeaders() }
			};
		});
		const file = join(folder, descriptor.name);
		const failed = failWith(`The bag in ${this.place} could not be fetched`);
		await fetchParts(parts, descriptor, file, this.#patience).catch(failed);
		return file;
	}
	async list() {
		const found = [];
		for await (const release of this.#releases()) {
			if (release.draft) continue;
			for (const asset of (await this.#api.assets(release)).values()) if (isDescriptor(asset)) found.push(this.#kept(release.tag_name, await this.#read(asset)));
		}
		return found;
	}
	async *#releases() {
		const one = this.#at.tag ? await this.#api.find(this.#at.tag) : void 0;
		if (one) yield one;
		else if (!this.#at.tag) yield* this.#api.all();
	}
	async #refuseOther(descriptor, bag) {
		if ((await this.#read(descriptor)).sha256 === bag.sha256) return;
		throw nameTaken(assetName(bag.name), this.place, "Name another tag, or another name; nothing is replaced.");
	}
	/** The description of the one bag, or of the named one. */
	#choose(assets) {
		const all = [...assets.values()].filter(isDescriptor);
		const wanted = this.#at.name ? storedNames(this.#at.name).map(descriptorName) : void 0;
		const found = all.filter((each) => wanted?.includes(each.name) ?? true);
		if (found.length === 1) return found[0];
		const names = all.map((each) => each.name.replace(/\.json$/, "")).join(", ");
		if (found.length === 0) {
			const what = this.#at.name ? `bag ${this.#at.name}` : "bag";
			throw notKept(what, this.place, names ? `It has ${names}.` : "`perennial list release:` shows all.");
		}
		throw new PerennialError("bad-input", `${this.place} has ${found.length} bags`, { hint: `Say which: release:${this.#at.tag}#NAME with one of ${names}.` });
	}
	async #read(asset) {
		const found = asset.size > 1048576 ? void 0 : findDescriptor(await this.#api.readText(asset));
		if (found) return found;
		throw new PerennialError("bag-invalid", `${asset.name} of ${this.place} does not describe a bag`, { hint: "It was not written by perennial, or by a newer one." });
	}
	async #putPart(bag, release, part, there) {
		if (there && await this.#api.isSame(there, part)) return;
		if (there) await this.#api.remove(there);
		this.#detail(`${part.name}: ${part.bytes} bytes to ${this.place}`);
		const body = () => readRange(bag.file, part.start, part.bytes);
		const asset = await this.#api.upload(release, {
			name: part.name,
			bytes: part.bytes,
			body
		});
		if (!await this.#api.isSame(asset, part)) throw keptWrong(part.name, this.place, asset.digest ?? "", part.sha256);
	}
	async #putDescriptor(release, name, text, there) {
		if (there?.state === "uploaded") return;
		if (there) await this.#api.remove(there);
		await this.#api.upload(release, {
			name,
			bytes: Buffer.byteLength(text),
			body: () => text
		});
	}
	#kept(tag, { name, service, bytes, sha256, created }) {
		return {
			reference: formatReference({
				...this.#at,
				tag,
				name
			}),
			name,
			service,
			bytes,
			sha256,
			created,
			expires: "",
			encrypted: isEncryptedName(name)
		};
	}
};
export { ReleaseStore };
