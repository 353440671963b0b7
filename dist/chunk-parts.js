import { L as orStoreFailed, z as writeDurably } from "./chunk-dist2.js";
import { i as interruption, s as PerennialError } from "./chunk-reference.js";
import { c as send, l as wait, o as isPassing } from "./chunk-store-errors.js";
import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { mkdir, rename, rm } from "node:fs/promises";
// src/store/parts.ts
/**
* Where to cut a file: one part of its own name when it is small enough, else `NAME.000`, `NAME.001`, … of `partBytes` each. Reads the file once
* to know each part's digest.
*/
async function cutFile(bag, partBytes) {
	if (bag.bytes <= partBytes) return [{
		name: bag.name,
		bytes: bag.bytes,
		sha256: bag.sha256,
		start: 0
	}];
	const parts = [];
	for (let start = 0; start < bag.bytes; start += partBytes) {
		const bytes = Math.min(partBytes, bag.bytes - start);
		const hash = createHash("sha256");
		for await (const chunk of readRange(bag.file, start, bytes)) hash.update(chunk);
		const name = `${bag.name}.${String(parts.length).padStart(3, "0")}`;
		parts.push({
			name,
			bytes,
			sha256: hash.digest("hex"),
			start
		});
	}
	return parts;
}
/** The bytes of a file from `start` on. */
function readRange(file, start, bytes) {
	if (bytes === 0) return (async function* () {})();
	return createReadStream(file, {
		start,
		end: start + bytes - 1,
		highWaterMark: 1048576
	});
}
/**
* Fetches parts, one after the other, into one file: beside its place, each digest checked, flushed, renamed. A transfer that is cut goes on where
* it was (`Range`, RFC 9110). @throws PerennialError `digest-mismatch` naming the part
*/
async function fetchParts(parts, whole, file, patient) {
	const partial = `${file}.partial-${process.pid}`;
	await orStoreFailed(file, () => mkdir(dirname(file), {
		recursive: true,
		mode: 448
	}));
	try {
		const { sha256 } = await writeDurably(partial, 384, async (sink) => {
			for (const part of parts) await fetchPart(part, sink, patient);
		});
		if (whole.sha256 !== "" && sha256 !== whole.sha256) throw damaged(file);
		await orStoreFailed(file, () => rename(partial, file));
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}
async function fetchPart(part, sink, patient) {
	const hash = createHash("sha256");
	let got = 0;
	for (let attempt = 0; got < part.bytes; attempt++) try {
		const range = got > 0 ? { range: `bytes=${got}-` } : {};
		const answer = await send(part.url, { headers: {
			...part.request.headers,
			...range
		} }, patient);
		let skip = answer.status === 206 ? 0 : got;
		for await (const chunk of answer.chunks()) {
			interruption.check();
			const fresh = chunk.subarray(Math.min(skip, chunk.length));
			skip -= chunk.length - fresh.length;
			if (fresh.length === 0) continue;
			got += fresh.length;
			if (got > part.bytes) throw damaged(part.name);
			hash.update(fresh);
			await sink(fresh);
		}
		if (got < part.bytes) throw new Error(`${part.name} ends early`);
	} catch (error) {
		const delay = patient.delays[attempt];
		if (delay === void 0 || !isPassing(error)) throw error;
		await wait(delay);
	}
	if (part.sha256 !== "" && hash.digest("hex") !== part.sha256) throw damaged(part.name);
}
function damaged(name) {
	return new PerennialError("digest-mismatch", `${name} is not what was kept: its sha256 or size differs`, { hint: "Try again: it was damaged on its way, or in the store. Nothing of it was used." });
}
export { fetchParts as n, readRange as r, cutFile as t };
