import { o as __toESM } from "./chunk-rolldown-runtime.js";
import { t as require_dist } from "./chunk-dist.js";
import { Dn as requireAttestation, En as readAttestation, fn as knowledgeFolder, gr as LARGEST_ATTESTATION, i as CommandLineEngine, ur as temporaryFolder } from "./chunk-annotation.js";
import { s as PerennialError } from "./chunk-reference.js";
import { join } from "node:path";
import { readFile, stat } from "node:fs/promises";
// src/engine/find-engine.ts
/**
* The engine to use: the one that is asked for, else the first of docker and podman that answers.
* @param wanted `docker`, `podman`, or empty to choose by itself
* @throws PerennialError `engine-missing`, naming what each one said
*/
async function findEngine(wanted = "") {
	if (wanted !== "" && wanted !== "docker" && wanted !== "podman") throw new PerennialError("bad-input", `Unknown engine "${wanted}"`, { hint: "Use docker or podman." });
	const names = wanted === "" ? ["docker", "podman"] : [wanted];
	const reasons = [];
	for (const name of names) {
		const engine = new CommandLineEngine(name);
		const reason = await engine.version().then(() => "", (error) => error.message);
		if (reason === "") return engine;
		reasons.push(reason);
	}
	throw new PerennialError("engine-missing", `No container engine answers. ${reasons.join(". ")}`, { hint: "Install and start docker or podman, or set DOCKER_HOST; your user must be allowed to use it." });
}
// src/attestation/trusted-root.ts
var import_dist = require_dist();
/** Sigstore's public instance, as it was when this version was made: what was signed until then verifies without a network. */
async function builtInRoot() {
	return rootOf(await readFile(join(knowledgeFolder(), "sigstore/trusted_root.json"), "utf8"));
}
/**
* Keys of a file: a trusted root, or one a line, as `gh attestation trusted-root` and `cosign trusted-root create` print them.
* @param name what gave the path, for messages
* @throws PerennialError `bad-input`
*/
async function readTrustedRoots(path, name) {
	const text = await readSmall(path, name);
	try {
		const lines = text.split("\n").filter((line) => line.trim() !== "");
		const roots = whole(text) ?? lines.map(rootOf);
		if (roots.length === 0) throw new Error("it is empty");
		return roots;
	} catch (cause) {
		throw new PerennialError("bad-input", `${name} ${path} is no trusted root of Sigstore: ${cause.message}`, {
			hint: "Take what `gh attestation trusted-root` prints, or trusted_root.json of the instance that signed.",
			cause
		});
	}
}
/**
* Today's keys of Sigstore's public instance, through The Update Framework: from the root keys of this version, each newer one vouched for by
* the one before. Nothing is left on this machine.
* @param repository another one than the public instance's, and a file with the root keys to begin with
* @throws whatever the network says
*/
async function fetchPublicRoot(repository) {
	const { getTrustedRoot } = await import("./chunk-dist4.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const cache = await temporaryFolder("sigstore");
	try {
		return await getTrustedRoot({
			cachePath: cache.path,
			retry: { retries: 1 },
			timeout: 1e4,
			...repository
		});
	} finally {
		await cache.remove();
	}
}
async function readSmall(path, name) {
	try {
		if ((await stat(path)).size > 1048576) throw new Error(`it has more than ${LARGEST_ATTESTATION} bytes`);
		return await readFile(path, "utf8");
	} catch (cause) {
		throw new PerennialError("bad-input", `${name} ${path} cannot be read: ${cause.message}`, { cause });
	}
}
function whole(text) {
	try {
		JSON.parse(text);
	} catch {
		return;
	}
	return [rootOf(text)];
}
function rootOf(text) {
	const root = import_dist.TrustedRoot.fromJSON(JSON.parse(text));
	if (root.certificateAuthorities.length > 0) return root;
	throw new Error("it names no certificate authority");
}
// src/attestation/check-attestation.ts
/**
* The keys to hold attestations against: those of a file and no others, else Sigstore's public instance, as this version knows it and, for what it does
* not know, as it is today.
* @param file path of a trusted root; empty: none @param name what gave the path, for messages
* @throws PerennialError `bad-input`
*/
async function trustedRoots(file, name) {
	if (file === "") return [builtInRoot, () => fetchPublicRoot()];
	return (await readTrustedRoots(file, name)).map((root) => async () => root);
}
/**
* Holds a bag against what a person asks for. Whether its files are what its tag manifest says is for verifyBag.
* @returns its attestation, which is one to rely on when a signer is expected; undefined when it has none
* @throws PerennialError `attestation-missing`, `attestation-invalid`, `wrong-signer`
*/
async function checkAttestation(bag, { expected, roots }) {
	return expected ? requireAttestation(bag, roots, expected) : readAttestation(bag, roots);
}
export { trustedRoots as n, findEngine as r, checkAttestation as t };
