import { B as writeDurably, F as containerTarget, L as imageTarget, M as walk, N as walkArguments, R as orStoreFailed, Tt as compileGlobs, c as require_main, j as parseRecords, wt as PerennialError } from "./chunk-wait-ready.js";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { join, relative, resolve, sep } from "node:path";
import { access, constants as constants$1, readFile, readdir, rename, rm, stat } from "node:fs/promises";
// src/detect/baseline.ts
const SCHEMA = 1;
/** Baseline of a container that nobody prepared: its image alone, walked in a throw-away container. */
async function imageBaseline(engine, container) {
	const image = /* @__PURE__ */ new Map();
	await walk(imageTarget(engine, container.imageId), [], (entry) => image.set(entry.path, entry));
	return {
		created: "",
		containerId: container.id,
		imageId: container.imageId,
		image,
		start: /* @__PURE__ */ new Map()
	};
}
/**
* Takes a baseline of a running container now and writes it to a file (beside, then renamed).
* The file is a line of JSON and then find's own records of the image and of the changed paths, zstd compressed.
*/
async function takeBaseline(engine, container, mounts, out) {
	const [image, now] = await Promise.all([rawWalk(imageTarget(engine, container.imageId), []), rawWalk(containerTarget(engine, container.id), mounts)]);
	const header = {
		schema: SCHEMA,
		created: (/* @__PURE__ */ new Date()).toISOString(),
		containerId: container.id,
		imageId: container.imageId,
		imageBytes: image.length
	};
	const content = Buffer.concat([
		Buffer.from(`${JSON.stringify(header)}\n`),
		image,
		changedRecords(image, now)
	]);
	const partial = `${out}.partial-${process.pid}`;
	try {
		await writeDurably(partial, 384, (sink) => sink(zstdCompressSync(content)));
		await orStoreFailed(out, () => rename(partial, out));
	} catch (error) {
		await rm(partial, { force: true }).catch(() => {});
		throw error;
	}
}
/** Reads a file of takeBaseline. @throws PerennialError `bad-input` when it is none, or of another container */
async function readBaseline(file, container) {
	const { header, body } = await readParts(file);
	if (container && header.imageId !== container.imageId) throw new PerennialError("bad-input", `The baseline ${file} is of another image than container "${container.name}"`, { hint: "Leave it out: the image itself then serves as the baseline." });
	return {
		created: header.created,
		containerId: header.containerId,
		imageId: header.imageId,
		image: records(body.subarray(0, header.imageBytes)),
		start: records(body.subarray(header.imageBytes))
	};
}
async function readParts(file) {
	const wrong = (what, cause) => new PerennialError("bad-input", `The baseline ${file} ${what}`, {
		cause,
		hint: "Take it again with `perennial baseline`, or leave it out."
	});
	let header;
	let content;
	try {
		content = zstdDecompressSync(await readFile(file));
		header = JSON.parse(content.toString("utf8", 0, content.indexOf(10)));
	} catch (cause) {
		throw wrong("cannot be read", cause);
	}
	if (header?.schema !== SCHEMA) throw wrong(`has schema ${header?.schema}, known is ${SCHEMA}`);
	return {
		header,
		body: content.subarray(content.indexOf(10) + 1)
	};
}
function records(buffer) {
	const entries = /* @__PURE__ */ new Map();
	parseRecords(buffer, 0, (entry) => entries.set(entry.path, entry));
	return entries;
}
async function rawWalk(target, mounts) {
	const { stdout } = await target.exec(walkArguments("", mounts), {
		allowFailure: true,
		env: { LC_ALL: "C" }
	});
	if (stdout.length === 0) await walk(target, mounts, () => {});
	return stdout;
}
/** The records of `now` that are not, byte for byte, in `before`. */
function changedRecords(before, now) {
	const known = new Set(splitRecords(before));
	return Buffer.from(splitRecords(now).filter((record) => !known.has(record)).join(""), "latin1");
}
function splitRecords(buffer) {
	return buffer.toString("latin1").match(/[^\0]*\0[^\0]*\0/g) ?? [];
}
// src/archive/rebuild-context.ts
var import_main = require_main();
/**
* Finds what a rebuild needs of a build context: the Dockerfile and whatever its COPY and ADD instructions name,
* less what .dockerignore leaves out (https://docs.docker.com/build/concepts/context/#dockerignore-files).
* @throws PerennialError `bad-input` when the context or its Dockerfile cannot be read
*/
async function readRebuildContext(directory, dockerfile = "Dockerfile") {
	const root = resolve(directory);
	const sources = copySources(await readFile(join(root, dockerfile), "utf8").catch((cause) => {
		throw new PerennialError("bad-input", `The build context ${directory} has no readable ${dockerfile}`, {
			cause,
			hint: "Name the folder of the Dockerfile with --context and another file name with --dockerfile, or leave --context out."
		});
	}));
	const files = sources.length === 0 ? [] : await contextFiles(root, sources);
	for (const file of files) await checkReadable(root, file);
	return {
		directory: root,
		dockerfile,
		files: [.../* @__PURE__ */ new Set([dockerfile, ...files])].sort()
	};
}
/** Said before anything is made: a context that cannot be read in full is of no use for a rebuild. */
async function checkReadable(root, file) {
	const path = join(root, file);
	const problem = await access(path, constants$1.R_OK).then(() => stat(path)).then((facts) => facts.isFile() ? void 0 : "it is no plain file", (error) => error.message);
	if (problem === void 0) return;
	throw new PerennialError("bad-input", `${path} of the build context cannot be read: ${problem}`, { hint: "Make it readable, name it in .dockerignore, or leave --context out." });
}
/** Sources of COPY and ADD that come from the context: not from another stage, not a URL, not a heredoc. */
function copySources(text) {
	return import_main.DockerfileParser.parse(text).getInstructions().filter((each) => ["COPY", "ADD"].includes(each.getKeyword())).flatMap((each) => {
		const words = each.getArguments().map((word) => word.getValue());
		if (words.some((word) => word.startsWith("--from="))) return [];
		const paths = words.filter((word) => !word.startsWith("--"));
		return (paths[0]?.startsWith("[") ? jsonWords(paths.join(" ")) : paths).slice(0, -1).filter((word) => !/^(https?|git|ssh):|^git@|^<</.test(word));
	});
}
function jsonWords(text) {
	try {
		return JSON.parse(text);
	} catch {
		return [];
	}
}
async function contextFiles(root, sources) {
	const ignored = await readIgnored(root);
	const wanted = sources.map((source) => source.replace(/^(\.?\/)+/, "").replace(/\/+$/, ""));
	const all = wanted.some((source) => source === "" || source === "." || source.includes("$"));
	const matches = compileGlobs(wanted.filter(Boolean).flatMap((source) => [source, `${source}/**`]));
	const found = [];
	for (const entry of await readdir(root, {
		recursive: true,
		withFileTypes: true
	})) {
		const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join("/");
		if (!entry.isDirectory() && (all || matches(path)) && !ignored(path)) found.push(path);
	}
	return found;
}
async function readIgnored(root) {
	const rules = (await readFile(join(root, ".dockerignore"), "utf8").catch(() => "")).split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
		const glob = line.replace(/^!/, "").replace(/^\/+|\/+$/g, "");
		return {
			keep: line.startsWith("!"),
			test: compileGlobs([glob, `${glob}/**`])
		};
	});
	return (path) => {
		if (path === ".git" || path.startsWith(".git/")) return true;
		let out = false;
		for (const rule of rules) if (rule.test(path)) out = !rule.keep;
		return out;
	};
}
export { takeBaseline as i, imageBaseline as n, readBaseline as r, readRebuildContext as t };
