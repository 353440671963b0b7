import { A as systemReading, At as PerennialError, C as walk, D as imageTarget, H as endedEarly, K as writeDurably, S as parseRecords, St as defaultConfig, T as containerTarget, V as DPKG_PATHS, W as orStoreFailed, X as readSmokeTests, Y as readConfig, c as require_main, j as readTarFiles, jt as compileGlobs, q as findConfig, w as walkArguments, x as lookArguments } from "./chunk-wait-ready.js";
import { Readable } from "node:stream";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { join, relative, resolve, sep } from "node:path";
import { access, constants as constants$1, readFile, readdir, rename, rm, stat } from "node:fs/promises";
// src/config/service-config.ts
/**
* The description of a service: the named file, else perennial.yml of the build context, else the defaults; `start` and
* `smoke` (a file of smoke tests) replace what it says. Empty text counts as not given.
* @throws PerennialError `config-invalid`
*/
async function serviceConfig(given) {
	const file = given.config || (given.context ? await findConfig(given.context) : void 0);
	return {
		...file ? await readConfig(file) : structuredClone(defaultConfig),
		...given.start ? { start: given.start } : {},
		...given.smoke ? { smoke: await readSmokeTests(given.smoke) } : {}
	};
}
// src/detect/known-records.ts
/**
* The records of an earlier walk (an image's), to recognise the same ones when they come again: a system differs from its image in
* few of its paths, and comparing bytes is ten times cheaper than reading fields. Walks of the same layers come in the same order, so the
* next record is nearly always the expected one.
*/
var KnownRecords = class {
	#buffer;
	#entries = [];
	/** Where each record ends. */
	#ends = [];
	#ordinals;
	#next = 0;
	/** @param buffer what find printed */
	constructor(buffer) {
		this.#buffer = buffer;
	}
	/** Adds the next record of the buffer; `end` is where it ends. */
	add(entry, end) {
		this.#entries.push(entry);
		this.#ends.push(end);
	}
	/** Begins a new walk. */
	rewind() {
		this.#next = 0;
	}
	/** The entry of the record at `at`, when it is byte for byte the next known one, and where the record ends. */
	match(buffer, at) {
		const n = this.#next;
		if (n >= this.#entries.length) return void 0;
		const from = n === 0 ? 0 : this.#ends[n - 1];
		const to = this.#ends[n];
		const end = at + to - from;
		if (end > buffer.length || buffer.compare(this.#buffer, from, to, at, end) !== 0) return void 0;
		this.#next = n + 1;
		return {
			entry: this.#entries[n],
			end
		};
	}
	/**
	* For a record that was not the next known one: the known entry where it is the same nevertheless, else the new one. The record
	* after it is expected next.
	*/
	recognise(entry) {
		this.#ordinals ??= new Map(this.#entries.map(({ path }, n) => [path, n]));
		const n = this.#ordinals.get(entry.path);
		if (n === void 0) return entry;
		this.#next = n + 1;
		const known = this.#entries[n];
		return isSame(known, entry) ? known : entry;
	}
};
function isSame(a, b) {
	return a.ctime === b.ctime && a.mtime === b.mtime && a.size === b.size && a.kind === b.kind && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.links === b.links && a.target === b.target;
}
// src/detect/baseline.ts
const SCHEMA = 3;
/** Baseline of a container that nobody prepared: its image alone, looked at in a throw-away container. */
async function imageBaseline(engine, container) {
	const { records, tar } = await lookAtImage(engine, container.imageId);
	const image = await readImage(records, tar);
	return {
		created: "",
		containerId: container.id,
		imageId: container.imageId,
		start: /* @__PURE__ */ new Map(),
		...image
	};
}
async function readImage(records, tar) {
	const known = new KnownRecords(records);
	const image = /* @__PURE__ */ new Map();
	parseRecords(records, 0, (entry, end) => {
		image.set(entry.path, entry);
		known.add(entry, end);
	});
	return {
		image,
		records: known,
		system: systemReading(await readTarFiles(Readable.from([tar])))
	};
}
/**
* Takes a baseline of a running container now and writes it to a file (beside, then renamed).
* The file is a line of JSON, then find's own records of the image and of the changed paths, then a tar of the image's
* package database; zstd compressed.
*/
async function takeBaseline(engine, container, mounts, out) {
	const [image, now] = await Promise.all([lookAtImage(engine, container.imageId), rawWalk(containerTarget(engine, container.id), mounts)]);
	const changed = changedRecords(image.records, now);
	const header = {
		schema: SCHEMA,
		created: (/* @__PURE__ */ new Date()).toISOString(),
		containerId: container.id,
		imageId: container.imageId,
		imageBytes: image.records.length,
		changedBytes: changed.length
	};
	const content = Buffer.concat([
		Buffer.from(`${JSON.stringify(header)}\n`),
		image.records,
		changed,
		image.tar
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
	const changedEnd = header.imageBytes + header.changedBytes;
	const start = /* @__PURE__ */ new Map();
	parseRecords(body.subarray(header.imageBytes, changedEnd), 0, (entry) => start.set(entry.path, entry));
	const { created, containerId, imageId } = header;
	return {
		created,
		containerId,
		imageId,
		start,
		...await readImage(body.subarray(0, header.imageBytes), body.subarray(changedEnd))
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
/**
* A walk and a package database of an image as the programs printed them. What the image has in its volumes is on a
* file system of its own in every container: its times say nothing, but its absence later does.
*/
async function lookAtImage(engine, imageId) {
	const { volumes } = await engine.inspectImage(imageId);
	const target = imageTarget(engine, imageId);
	const argv = lookArguments("", volumes, DPKG_PATHS.concat("etc/os-release", "usr/lib/os-release"));
	const { stdout, code, stderr } = await target.exec(argv, {
		allowFailure: true,
		env: { LC_ALL: "C" }
	});
	const end = parseRecords(stdout, 0, () => {});
	if (end === 0 || stdout[end] !== 0 || code > 1) throw endedEarly("Listing the files of the image", code, stderr);
	return {
		records: stdout.subarray(0, end),
		tar: stdout.subarray(end + 2)
	};
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
	return import_main.DockerfileParser.parse(text).getInstructions().filter((each) => each instanceof import_main.Copy || each instanceof import_main.Add).filter((each) => !each.getFlags().some((flag) => flag.getName() === "from")).flatMap((each) => {
		const paths = wordsBeforeHeredoc(each.getArguments());
		return (paths[0]?.startsWith("[") ? jsonWords(paths.join(" ")) : paths).slice(0, -1).filter((word) => !/^(https?|git|ssh):|^git@|^<</.test(word));
	});
}
/** The parser counts the text of a heredoc among the words. */
function wordsBeforeHeredoc(words) {
	const heredoc = words.find((word) => word.getValue().startsWith("<<"))?.getRange().start.line;
	return words.filter((word) => heredoc === void 0 || word.getRange().start.line <= heredoc).map((word) => word.getValue());
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
export { serviceConfig as a, takeBaseline as i, imageBaseline as n, readBaseline as r, readRebuildContext as t };
