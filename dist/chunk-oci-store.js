import { s as PerennialError, t as formatReference } from "./chunk-reference.js";
import { C as pipe, D as safeInteger, E as regex, O as safeParse, T as record, _ as number, d as maxLength, j as string, m as minValue, p as minLength, t as array, u as literal, v as object, y as optional } from "./chunk-dist2.js";
import { i as isEncryptedName, r as isBagFileName } from "./chunk-bag-file-name.js";
import { n as fetchParts, r as readRange, t as cutFile } from "./chunk-parts.js";
import { a as HttpError, c as send, i as notKept, l as wait, n as keptWrong, o as isPassing, r as nameTaken, t as failWith } from "./chunk-store-errors.js";
import { Readable } from "node:stream";
import { createHash } from "node:crypto";
import { join } from "node:path";
// src/store/oci-manifest.ts
/** Media type of an image manifest, which artifacts have too (image-spec v1.1, "Guidelines for Artifact Usage"). */
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
/** What kind of artifact this is. */
const BAG_TYPE = "application/vnd.perennial.bag.v1";
/** `{}`: an artifact without configuration (image-spec, "Guidance for an Empty Descriptor"). */
const EMPTY = {
	mediaType: "application/vnd.oci.empty.v1+json",
	digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	size: 2
};
const TITLE = "org.opencontainers.image.title";
const CREATED = "org.opencontainers.image.created";
const OWN = "io.github.perennial";
const digest = pipe(string(), regex(/^sha256:[0-9a-f]{64}$/));
const count = pipe(number(), safeInteger(), minValue(0));
const annotations = optional(record(string(), string()), {});
const manifestSchema = object({
	artifactType: literal(BAG_TYPE),
	layers: pipe(array(object({
		digest,
		size: count,
		annotations
	})), minLength(1), maxLength(1e3)),
	annotations
});
/** The manifest of a bag: a layer each part, in order. */
function formatOciManifest(bag, parts) {
	const encrypted = isEncryptedName(bag.name);
	return JSON.stringify({
		schemaVersion: 2,
		mediaType: MANIFEST_TYPE,
		artifactType: BAG_TYPE,
		config: EMPTY,
		layers: parts.map((part) => ({
			mediaType: `${BAG_TYPE}.tar+zstd${encrypted ? "+age" : ""}`,
			digest: `sha256:${part.sha256}`,
			size: part.bytes,
			annotations: { [TITLE]: part.name }
		})),
		annotations: {
			[TITLE]: bag.name,
			...bag.created ? { [CREATED]: bag.created } : {},
			"org.opencontainers.image.description": "Mutable data of a service, kept by perennial; the layers in order are one file",
			[`${OWN}.sha256`]: bag.sha256,
			...bag.service ? { [`${OWN}.service`]: bag.service } : {}
		}
	});
}
/** The inverse; undefined for a manifest of anything else. */
function findOciBag(text) {
	const parsed = safeParse(manifestSchema, parseJson(text));
	if (!parsed.success) return void 0;
	const { layers, annotations: said } = parsed.output;
	const name = said[TITLE] ?? "";
	if (!isBagFileName(name) || /[/\\\0]/.test(name)) return void 0;
	return {
		name,
		service: said[`${OWN}.service`] ?? "",
		created: said[CREATED] ?? "",
		sha256: /^[0-9a-f]{64}$/.exec(said[`${OWN}.sha256`] ?? "")?.[0] ?? "",
		bytes: layers.reduce((sum, layer) => sum + layer.size, 0),
		encrypted: isEncryptedName(name),
		parts: layers.map((layer) => ({
			name: layer.annotations[TITLE] ?? layer.digest,
			bytes: layer.size,
			sha256: layer.digest.slice(7)
		}))
	};
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// src/store/push-blob.ts
/** Parts larger than this go in pieces of this size, so that a cut costs one piece. */
const CHUNK_BYTES = 67108864;
/**
* Puts a part into a registry as a blob, unless it is there already (distribution-spec, "Pushing blobs"). The registry compares the digest.
* @throws HttpError
*/
async function pushBlob(registry, source, part, patient, chunkBytes = CHUNK_BYTES) {
	const digest = `sha256:${part.sha256}`;
	const there = await registry.call(registry.url(`blobs/${digest}`), {
		method: "HEAD",
		accept: [404],
		push: true
	});
	await there.drain();
	if (there.status === 200) return;
	try {
		if (part.bytes > chunkBytes) await pushInChunks(registry, source, part, digest, patient, chunkBytes);
		else await pushWhole(registry, source, part, digest, patient);
	} catch (error) {
		if (!(error instanceof ChunksRefused)) throw error;
		await pushWhole(registry, source, part, digest, patient);
	}
}
/** An upload's address serves once, so each attempt begins a new upload. */
async function pushWhole(registry, source, part, digest, patient) {
	for (let attempt = 0;; attempt++) try {
		const body = () => source(0, part.bytes);
		await finishUpload(registry, await beginUpload(registry), digest, {
			body,
			bytes: part.bytes
		});
		return;
	} catch (error) {
		const delay = patient.delays[attempt];
		if (delay === void 0 || !isPassing(error)) throw error;
		await wait(delay);
	}
}
async function pushInChunks(registry, source, part, digest, patient, chunkBytes) {
	let location = await beginUpload(registry);
	let sent = 0;
	for (let attempt = 0; sent < part.bytes;) {
		const bytes = Math.min(chunkBytes, part.bytes - sent);
		try {
			const answer = await registry.call(location, {
				method: "PATCH",
				bytes,
				body: () => source(sent, bytes),
				headers: {
					"content-type": "application/octet-stream",
					"content-range": `${sent}-${sent + bytes - 1}`
				},
				again: false
			});
			await answer.drain();
			location = locationOf(registry, answer.headers, location);
			sent += bytes;
			attempt = 0;
		} catch (error) {
			const delay = patient.delays[attempt++];
			if (sent === 0 && error instanceof HttpError && [
				400,
				404,
				405,
				415,
				416,
				501
			].includes(error.status)) throw new ChunksRefused();
			if (delay === void 0 || !(isPassing(error) || error instanceof HttpError && error.status === 416)) throw error;
			await wait(delay);
			({location, sent} = await whereItIs(registry, location));
		}
	}
	await finishUpload(registry, location, digest, { bytes: 0 });
}
/** After a cut the registry says how much it has (`Range: 0-N`). */
async function whereItIs(registry, location) {
	const answer = await registry.call(location, { method: "GET" });
	await answer.drain();
	const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get("range") ?? "")?.[1];
	const sent = last === void 0 || last === "0" ? 0 : Number(last) + 1;
	return {
		location: locationOf(registry, answer.headers, location),
		sent
	};
}
async function beginUpload(registry) {
	const url = registry.url("blobs/uploads/");
	const answer = await registry.call(url, {
		method: "POST",
		bytes: 0,
		push: true
	});
	await answer.drain();
	return locationOf(registry, answer.headers, url);
}
async function finishUpload(registry, location, digest, content) {
	const url = new URL(location);
	url.searchParams.set("digest", digest);
	await (await registry.call(url, {
		method: "PUT",
		headers: { "content-type": "application/octet-stream" },
		again: false,
		...content
	})).drain();
}
function locationOf(registry, headers, before) {
	const location = headers.get("location");
	return location ? new URL(location, before) : registry.url(before.href);
}
/** Some registries take a blob in one piece only. */
var ChunksRefused = class extends Error {};
// src/store/registry.ts
/**
* A container registry (github.com/opencontainers/distribution-spec, v1.1), for one repository of it. Signs in where it is asked to: basic, or a
* token of the service that the registry names (distribution.github.io/distribution/spec/auth/token). Credentials go to the registry and
* to that service only.
*/
var Registry = class {
	#base;
	#repository;
	#credentials;
	#patience;
	#authorization = "";
	constructor(host, repository, credentials, patience) {
		this.#base = new URL(`${isLocal(host) ? "http" : "https"}://${host}/v2/`);
		this.#repository = repository;
		this.#credentials = credentials;
		this.#patience = patience;
	}
	/** Address below the repository: `blobs/…`, `manifests/…`; or one that the registry gave. */
	url(path) {
		return new URL(path, new URL(`${this.#repository}/`, this.#base));
	}
	/** Headers that a request to this address needs, as far as it is known by now. */
	headers(url) {
		const own = url.origin === this.#base.origin;
		return this.#authorization && own ? { authorization: this.#authorization } : {};
	}
	/** Sends a request; the first one that is asked for credentials signs in. @throws HttpError */
	async call(url, request = {}) {
		const { push = false, ...given } = request;
		const full = () => ({
			...given,
			headers: {
				...this.headers(url),
				...given.headers
			}
		});
		try {
			return await send(url, full(), this.#patience);
		} catch (error) {
			if (!(error instanceof HttpError) || error.status !== 401 || url.origin !== this.#base.origin) throw error;
			if (!await this.#signIn(error.headers.get("www-authenticate") ?? "", push)) throw error;
			return await send(url, full(), this.#patience);
		}
	}
	/** False when there is nothing to sign in with. */
	async #signIn(challenge, push) {
		const [, scheme = "", rest = ""] = /^\s*(\w+)\s*(.*)$/s.exec(challenge) ?? [];
		const credentials = await this.#credentials();
		if (scheme.toLowerCase() === "basic") {
			if (!credentials) return false;
			this.#authorization = basic(credentials);
			return true;
		}
		if (scheme.toLowerCase() !== "bearer") return false;
		const fields = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
		const token = fields.realm ? await this.#askToken(fields, credentials, push) : void 0;
		if (token) this.#authorization = `Bearer ${token}`;
		return token !== void 0;
	}
	async #askToken(fields, credentials, push) {
		const scope = `repository:${this.#repository}:pull${push ? ",push" : ""}`;
		const realm = new URL(fields.realm);
		if (realm.protocol !== "https:" && !isLocal(realm.host)) return void 0;
		const request = credentials?.identityToken ? refreshRequest(credentials.identityToken, fields.service ?? "", scope) : { headers: credentials ? { authorization: basic(credentials) } : {} };
		if (!("body" in request)) {
			if (fields.service) realm.searchParams.set("service", fields.service);
			realm.searchParams.set("scope", scope);
		}
		const { token, access_token } = await (await send(realm, request, this.#patience)).json();
		return token ?? access_token;
	}
};
/** https://distribution.github.io/distribution/spec/auth/oauth/ */
function refreshRequest(identityToken, service, scope) {
	const form = {
		grant_type: "refresh_token",
		client_id: "perennial",
		service,
		scope,
		refresh_token: identityToken
	};
	return {
		method: "POST",
		headers: { "content-type": "application/x-www-form-urlencoded" },
		body: () => new URLSearchParams(form).toString()
	};
}
function basic({ user, password }) {
	return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
/** As docker has it: registries on this machine need no TLS. */
function isLocal(host) {
	return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
// src/store/oci-store.ts
/** Some registries take layers of up to 10 GB; smaller ones are sooner sent again. */
const LAYER_BYTES = 2147483648;
const LARGEST_MANIFEST = 4194304;
/** An artifact of a container registry: the bag's parts as blobs, and a manifest under a tag, which is put there last. */
var OciStore = class {
	place;
	#at;
	#settings;
	#registry;
	constructor(at, settings) {
		this.#at = at;
		this.#settings = settings;
		this.#registry = new Registry(at.host, at.repository, () => settings.registry(at.host), settings.patience);
		this.place = formatReference(at);
	}
	/** A registry does not tell. */
	async readers() {
		return "unknown";
	}
	async put(bag) {
		const { tag } = this.#at;
		if (!tag || this.#at.digest) throw new PerennialError("bad-input", `${this.place} has no tag to keep a bag under`, { hint: "Write oci://HOST/NAME:TAG." });
		const there = await this.#findManifest(tag, true);
		if (there !== void 0 && findOciBag(there)?.sha256 !== bag.sha256) throw nameTaken(tag, `oci://${this.#at.host}/${this.#at.repository}`, "Name another tag; nothing is replaced.");
		const parts = await cutFile(bag, this.#settings.partBytes ?? LAYER_BYTES);
		const manifest = formatOciManifest(bag, parts);
		await this.#pushAll(bag, parts).catch(failWith(`${bag.name} could not be put into ${this.place}`, this.#hints()));
		await this.#putManifest(tag, manifest);
		return this.#kept(tag, findOciBag(manifest));
	}
	async fetch(folder) {
		const name = this.#at.digest || this.#at.tag;
		if (!name) throw await this.#noTag();
		const text = await this.#findManifest(name);
		if (text === void 0) throw notKept("bag", this.place, "Check the name and the tag; `perennial list` shows what is there.");
		const bag = findOciBag(text);
		if (!bag || this.#at.digest && `sha256:${sha256Of(text)}` !== this.#at.digest) throw this.#noBag();
		const parts = bag.parts.map((part) => {
			const url = this.#registry.url(`blobs/sha256:${part.sha256}`);
			return {
				...part,
				url: url.href,
				request: { headers: this.#registry.headers(url) }
			};
		});
		const file = join(folder, bag.name);
		const failed = failWith(`The bag in ${this.place} could not be fetched`, this.#hints());
		await fetchParts(parts, bag, file, this.#settings.patience).catch(failed);
		return file;
	}
	async list() {
		const tags = this.#at.tag ? [this.#at.tag] : await this.#tags();
		const found = [];
		for (const tag of tags) {
			const text = await this.#findManifest(tag);
			const bag = text === void 0 ? void 0 : findOciBag(text);
			if (bag) found.push(this.#kept(tag, bag));
		}
		return found;
	}
	async #pushAll(bag, parts) {
		for (const part of parts) {
			this.#settings.progress.detail(`${part.name}: ${part.bytes} bytes to ${this.place}`);
			const source = (start, bytes) => readRange(bag.file, part.start + start, bytes);
			await pushBlob(this.#registry, source, part, this.#settings.patience, this.#settings.chunkBytes);
		}
		const empty = {
			name: "empty",
			bytes: EMPTY.size,
			sha256: EMPTY.digest.slice(7)
		};
		await pushBlob(this.#registry, () => Readable.from([Buffer.from("{}")]), empty, this.#settings.patience);
	}
	/** The registry checked the blobs; the manifest is compared here. */
	async #putManifest(tag, manifest) {
		const failed = failWith(`The manifest could not be put into ${this.place}`, this.#hints());
		const url = this.#registry.url(`manifests/${tag}`);
		const headers = { "content-type": MANIFEST_TYPE };
		await (await this.#registry.call(url, {
			method: "PUT",
			headers,
			body: () => manifest,
			push: true
		}).catch(failed)).drain().catch(failed);
		const kept = await this.#findManifest(tag) ?? "";
		if (kept !== manifest) throw keptWrong("The manifest", this.place, sha256Of(kept), sha256Of(manifest));
	}
	async #findManifest(name, push = false) {
		const failed = failWith(`${this.place} could not be read`, this.#hints());
		const headers = { accept: MANIFEST_TYPE };
		const url = this.#registry.url(`manifests/${name}`);
		const answer = await this.#registry.call(url, {
			headers,
			accept: [404],
			push
		}).catch(failed);
		if (Number(answer.headers.get("content-length") ?? 0) > LARGEST_MANIFEST) throw this.#noBag();
		const text = await answer.text().catch(failed);
		return answer.status === 404 ? void 0 : text;
	}
	async #tags() {
		const tags = [];
		let url = this.#registry.url("tags/list?n=100");
		while (url) {
			const failed = failWith(`${this.place} could not be listed`, this.#hints());
			const answer = await this.#registry.call(url, { accept: [404] }).catch(failed);
			const { tags: more } = await answer.json().catch(failed);
			tags.push(...more ?? []);
			const next = /<([^>]+)>;\s*rel="?next/.exec(answer.headers.get("link") ?? "")?.[1];
			url = next ? new URL(next, url) : void 0;
		}
		return tags.sort();
	}
	async #noTag() {
		const tags = await this.#tags();
		return new PerennialError("bad-input", `${this.place} has no tag`, { hint: tags.length > 0 ? `It has: ${tags.slice(0, 20).join(", ")}.` : "Nothing is kept there." });
	}
	#noBag() {
		return new PerennialError("bag-invalid", `${this.place} is no bag`, { hint: "It was not put there by perennial, or by a newer one." });
	}
	#hints() {
		const login = `Log in: \`docker login ${this.#at.host}\` (its file is read here too).`;
		return {
			401: login,
			403: `These credentials may not do that. ${login}`
		};
	}
	#kept(tag, { name, service, bytes, sha256, created, encrypted }) {
		return {
			reference: formatReference({
				...this.#at,
				tag,
				digest: ""
			}),
			name,
			service,
			bytes,
			sha256,
			created,
			expires: "",
			encrypted
		};
	}
};
function sha256Of(text) {
	return createHash("sha256").update(text).digest("hex");
}
export { OciStore };
