import { $n as memberPadding, Bt as systemReading, F as imageTarget, G as walk, Gt as PACKAGE_PATHS, H as PathTable, Ht as readTarFiles, I as showsSameRoot, K as walkArguments, L as strengthenedTarget, N as containerTarget, Qn as endOfTar, U as lookStream, Ut as endedEarly, V as RecordRows, W as parseRecords, Wt as useStream, Xn as contentDigest, Yn as readTar, _t as readConfig, en as parseAccounts, er as rewriteMember, fr as runRecord, gt as findConfig, on as require_main, sr as encodeBytes, vt as readSmokeTests, wn as compileGlobs, xt as defaultConfig } from "./chunk-annotation.js";
import { s as PerennialError } from "./chunk-reference.js";
import { L as orStoreFailed, z as writeDurably } from "./chunk-dist2.js";
import { createReadStream } from "node:fs";
import { Readable, Writable } from "node:stream";
import { createZstdDecompress, zstdCompressSync } from "node:zlib";
import { randomBytes } from "node:crypto";
import { join, relative, resolve, sep } from "node:path";
import { access, constants as constants$1, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
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
		...given.knowledge ? { knowledge: resolve(given.knowledge) } : {},
		...given.start ? { start: given.start } : {},
		...given.smoke ? { smoke: await readSmokeTests(given.smoke) } : {}
	};
}
// src/system/exported-files.ts
const KIND_LETTERS = {
	file: "f",
	hardlink: "f",
	directory: "d",
	symlink: "l",
	fifo: "p",
	socket: "s",
	char: "c",
	block: "b"
};
const SEPARATOR = Buffer.alloc(2);
const ACCOUNTS = ["/etc/passwd", "/etc/group"];
/** System files are small; what is larger is none of them. */
const LARGEST = 67108864;
/** Files of a container or image by the engine's own tar streams: whole seconds, no ACLs, no attributes but capabilities, no holes. */
var ExportedFiles = class {
	#options;
	#mounts = [];
	#entries = /* @__PURE__ */ new Map();
	#users = /* @__PURE__ */ new Map();
	#groups = /* @__PURE__ */ new Map();
	constructor(options) {
		this.#options = options;
	}
	/** Every path that `look` has seen. */
	get entries() {
		return this.#entries;
	}
	look(mounts, paths) {
		return generated(this.#look(mounts, paths));
	}
	below(paths) {
		return [...this.#entries.keys()].filter(systemPaths(paths));
	}
	async probe(paths) {
		const found = /* @__PURE__ */ new Map();
		for (const path of paths) {
			const entry = this.#entries.get(path);
			const content = entry?.kind === "hardlink" ? this.#entries.get(entry.target) : entry;
			if (content) found.set(path, {
				md5: content.md5,
				sha256: content.sha256,
				xattrs: content.xattrs
			});
		}
		return found;
	}
	tar(paths) {
		return generated(this.#tar(paths));
	}
	async *#look(mounts, paths) {
		await this.#options.before?.();
		this.#mounts = mounts;
		this.#entries = /* @__PURE__ */ new Map();
		const wanted = systemPaths([...paths, ...ACCOUNTS.map((path) => path.slice(1))]);
		const system = /* @__PURE__ */ new Map();
		const bodies = [];
		for await (const { path, member, place, mounted } of this.#members()) {
			const isSystem = wanted(path) && member.header.kind === "file" && member.header.storedSize < LARGEST;
			const body = isSystem ? await collect(member.body) : void 0;
			const entry = await entryOf(member, body, place, mounted);
			this.#entries.set(path, entry);
			if (body) system.set(path, body);
			if (isSystem) bodies.push(...wholeMember(member, path, body));
		}
		const accounts = parseAccounts(Object.fromEntries(ACCOUNTS.map((path) => [path.slice(5), system.get(path) ?? Buffer.alloc(0)])));
		this.#users = new Map([...accounts.passwd].reverse().map((each) => [each.uid, each.name]));
		this.#groups = new Map([...accounts.group].reverse().map((each) => [each.gid, each.name]));
		yield* this.#records();
		yield SEPARATOR;
		yield* bodies;
		yield endOfTar;
	}
	/** Lines as walkArguments (src/detect/walk.ts) has find print them. */
	*#records() {
		const links = /* @__PURE__ */ new Map();
		for (const [path, entry] of this.#entries) {
			const first = entry.kind === "hardlink" ? entry.target : path;
			links.set(first, (links.get(first) ?? 0) + 1);
		}
		for (const [path, entry] of this.#entries) {
			const content = entry.kind === "hardlink" ? this.#entries.get(entry.target) ?? entry : entry;
			const count = content.kind === "directory" ? 1 : links.get(entry.kind === "hardlink" ? entry.target : path) ?? 1;
			const facts = `${KIND_LETTERS[content.kind]}${content.mode.toString(8)} ${entry.uid} ${entry.gid} ${content.size} ${count}`;
			const { mtime, ctime } = this.#options.times(path, content);
			const target = content.kind === "symlink" ? [Buffer.from(" "), encodeBytes(content.target)] : [];
			yield Buffer.concat([
				Buffer.from(`${ctime} `),
				encodeBytes(path),
				ZERO,
				Buffer.from(`${facts} ${mtime}`),
				...target,
				ZERO
			]);
		}
	}
	async *#tar(paths) {
		const names = namesByContent(paths, this.#entries);
		const done = /* @__PURE__ */ new Set();
		for await (const { path, member } of this.#members()) {
			const aliases = member.header.kind === "hardlink" ? void 0 : names.get(path);
			if (!aliases || done.has(path)) continue;
			done.add(path);
			const [first, ...others] = aliases;
			yield rewriteMember(member, {
				...this.#named(member),
				path: `.${first}`
			});
			for await (const chunk of member.body) yield Buffer.from(chunk);
			yield memberPadding(member.header.storedSize);
			for (const alias of others) yield hardLink(member, alias, first, this.#named(member));
		}
		yield endOfTar;
	}
	/** The engine looks ids up on its own machine, where they mean other people. */
	#named(member) {
		const { uid, gid } = member.header;
		return {
			user: this.#users.get(uid) ?? "",
			group: this.#groups.get(gid) ?? ""
		};
	}
	async *#members() {
		for (const [n, { open, place }] of this.#options.parts(this.#mounts).entries()) {
			const stream = open();
			try {
				for await (const member of readTar(stream.stdout, "the engine's export")) {
					const path = place(member.header.path);
					if (path !== void 0) yield {
						path,
						member,
						mounted: n > 0,
						place
					};
				}
			} catch (error) {
				stream.kill();
				const { code, stderr } = await stream.done.catch(() => ({
					code: 0,
					stderr: ""
				}));
				throw code === 0 ? error : endedEarly("Reading the engine's export", code, stderr);
			}
			const { code, stderr } = await stream.done;
			if (code !== 0) throw endedEarly("Reading the engine's export", code, stderr);
		}
	}
};
const ZERO = Buffer.alloc(1);
async function entryOf(member, body, place, mounted) {
	const { kind, mode, uid, gid, size, mtime, linkTarget, xattrs, devMajor, devMinor } = member.header;
	const source = body === void 0 ? member : {
		...member,
		body: Readable.from([body])
	};
	const digest = kind === "file" ? await contentDigest(source) : {
		md5: "",
		sha256: ""
	};
	return {
		kind,
		mode,
		uid,
		gid,
		size,
		mtime,
		target: kind === "hardlink" ? place(linkTarget) ?? "" : linkTarget,
		xattrs,
		device: `${devMajor}:${devMinor}`,
		mounted,
		...digest
	};
}
async function collect(body) {
	const chunks = [];
	for await (const chunk of body) chunks.push(chunk);
	return Buffer.concat(chunks);
}
function wholeMember(member, path, body) {
	return [
		rewriteMember(member, { path: `.${path}` }),
		body,
		memberPadding(body.length)
	];
}
function hardLink(member, path, target, owner) {
	const header = {
		...member.header,
		kind: "hardlink",
		storedSize: 0,
		size: 0,
		xattrs: {}
	};
	return rewriteMember({
		header,
		otherRecords: []
	}, {
		...owner,
		path: `.${path}`,
		linkTarget: `.${target}`
	});
}
/** Wanted paths by the member that has their content: of a hard-linked file the first wanted name carries it. */
function namesByContent(paths, entries) {
	const names = /* @__PURE__ */ new Map();
	for (const path of paths) {
		const entry = entries.get(path);
		if (!entry) continue;
		const content = entry.kind === "hardlink" ? entry.target : path;
		const known = names.get(content);
		if (known) known.push(path);
		else names.set(content, [path]);
	}
	return names;
}
/** A test whether a path is one of some files and folders, named relative to the root. */
function systemPaths(paths) {
	const files = new Set(paths.map((path) => `/${path}`));
	const folders = paths.map((path) => `/${path}/`);
	return (path) => files.has(path) || folders.some((folder) => path.startsWith(folder));
}
/** What a generator gives, as a command whose input nobody reads. */
function generated(chunks) {
	const stdout = Readable.from(chunks, { objectMode: false });
	const done = new Promise((resolve) => {
		stdout.once("close", () => resolve({
			code: 0,
			stderr: ""
		}));
	});
	return {
		stdin: new Writable({ write: (_chunk, _encoding, next) => next() }),
		stdout,
		done,
		kill: () => void stdout.destroy()
	};
}
// src/system/exported-target.ts
/**
* Reads a container through the engine: its export, its copies of mounts, its diff. Status-change times are not to be had, so
* a path counts as unchanged only where the diff is silent *and* kind, mode, owner, size, time and content are the image's.
*/
async function openExported(engine, container) {
	const sample = await engine.create(container.imageId);
	const image = new ExportedFiles({
		parts: (mounts) => partsOf(engine, sample, mounts),
		times: (_path, { mtime }) => ({
			mtime,
			ctime: mtime
		})
	});
	const disagreeing = /* @__PURE__ */ new Set();
	const now = String(Math.floor(Date.now() / 1e3));
	let diff = /* @__PURE__ */ new Map();
	const files = new ExportedFiles({
		parts: (mounts) => partsOf(engine, container.id, mounts),
		before: async () => {
			if (image.entries.size === 0) await drain(image.look([], []));
			diff = await engine.diff(container.id);
		},
		times: (path, entry) => {
			const { mtime } = entry;
			if (entry.mounted) return {
				mtime,
				ctime: mtime
			};
			const before = resolved(image.entries, path);
			const inDiff = diff.has(path) || diff.has(path.replace(/[\udc80-\udcff]/g, "�"));
			const same = isSame$1(entry, before, inDiff);
			if (same === inDiff && entry.kind !== "directory") disagreeing.add(path);
			if (!before || !same || inDiff && entry.kind !== "directory") return {
				mtime,
				ctime: now
			};
			return {
				mtime: before.mtime,
				ctime: before.mtime
			};
		}
	});
	const { name } = container;
	return {
		target: {
			kind: "container",
			root: "",
			files,
			exec: (argv, options) => engine.exec(container.id, argv, {
				user: "0",
				...options
			}),
			execStream: (argv, options) => engine.execStream(container.id, argv, {
				user: "0",
				...options
			})
		},
		image: {
			...noPrograms(name),
			files: image
		},
		disagreements: () => [...disagreeing].sort(),
		close: () => engine.removeContainer(sample)
	};
}
/** An image whose containers have no programs that could be started. */
function noPrograms(name) {
	const refuse = () => {
		throw new Error(`no program can be run in the image of ${name}`);
	};
	return {
		kind: "container",
		root: "",
		exec: refuse,
		execStream: refuse
	};
}
async function drain(stream) {
	for await (const _ of stream.stdout);
}
/** The entry with the content of a path. */
function resolved(entries, path) {
	const entry = entries.get(path);
	return entry?.kind === "hardlink" ? entries.get(entry.target) : entry;
}
/**
* Whether a path is the image's by all that the engine's tar tells. The time of a folder says something only when the diff has it
* too: the engine itself makes places for its mounts and its /etc/hosts.
*/
function isSame$1(a, b, inDiff) {
	if (!b || a.kind !== b.kind || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
	if (a.kind === "directory") return !inDiff || a.mtime === b.mtime;
	const attributes = (entry) => JSON.stringify(Object.entries(entry.xattrs).sort());
	return a.size === b.size && a.mtime === b.mtime && a.sha256 === b.sha256 && a.device === b.device && (a.kind !== "symlink" || a.target === b.target) && attributes(a) === attributes(b);
}
/** The streams of the root and of each mount that lies in no other one. */
function partsOf(engine, container, mounts) {
	const outer = mounts.filter((mount) => !mounts.some((other) => other !== mount && `${mount}/`.startsWith(`${other}/`)));
	const below = (path) => outer.some((mount) => path === mount || path.startsWith(`${mount}/`));
	return [{
		open: () => engine.exportStream(container),
		place: (name) => below(`/${name}`) ? void 0 : `/${name}`
	}, ...outer.map((mount) => ({
		open: () => engine.copyStream(container, mount),
		place: underMount(mount)
	}))];
}
/** Names in the copy of a path begin with its last part. */
function underMount(mount) {
	return (name) => {
		const slash = name.indexOf("/");
		return slash < 0 ? mount : mount + name.slice(slash);
	};
}
// src/system/stopped-container.ts
/**
* Makes the files of a container readable. A running one is used as it is. A stopped one is not started, since
* that would run its service: its file system is committed to an image, and a container that only sleeps gets its volumes.
* Every path that differs from the original image is a new inode there, so nothing that changed can look unchanged.
* @returns undefined where it has no program that could wait
*/
async function standInFor(engine, container) {
	if (container.running) return {
		container: container.id,
		lost: "",
		close: async () => {}
	};
	const tag = `perennial-stopped:${randomBytes(6).toString("hex")}`;
	try {
		const stand = await standIn(engine, await engine.commit(container.id, tag), container);
		if (stand === void 0) {
			await engine.removeImage(tag);
			return;
		}
		return {
			container: stand,
			lost: LOST$1,
			close: async () => {
				await engine.removeContainerOnly(stand);
				await engine.removeImage(tag);
			}
		};
	} catch (error) {
		await engine.removeImage(tag);
		throw error;
	}
}
const LOST$1 = "the container was stopped: outside volumes the engine carries no user extended attributes, access control lists, holes of sparse files and fractions of a second";
/** A container of the image that only sleeps, with the volumes of the stopped one; undefined where it has no `sleep`. */
async function standIn(engine, image, container) {
	const request = {
		image,
		entrypoint: "sleep",
		command: ["infinity"],
		volumesFrom: container.id,
		run: { user: "0" },
		extraArgs: ["--network", "none"]
	};
	return engine.run(request).catch((cause) => {
		if (/executable file|no such file/i.test(cause.message)) return void 0;
		throw cause;
	});
}
// src/system/open-container.ts
const LOST = "its files came through the engine's export: extended attributes but capabilities, access control lists, holes of sparse files and fractions of a second are lost";
/**
* Makes the files of a container readable, by the best way that it allows: its own find and tar, from beside it where its root may not
* read all files; those of a stand-in where it is stopped; the engine's export where it has none. The container is not touched.
*/
async function openContainer(engine, container) {
	const stand = await standInFor(engine, container);
	let why = "it has no shell with GNU find and GNU tar";
	if (stand) {
		const target = containerTarget(engine, stand.container);
		const programs = await findPrograms(target).catch((error) => stand.close().then(() => Promise.reject(error)));
		const read = programs && await readingAll(engine, container, target, programs);
		if (read) return {
			target: read,
			image: imageTarget(engine, container.imageId),
			lost: stand.lost,
			disagreements: () => [],
			close: stand.close
		};
		if (programs) why = "its root may not read all files, and nobody beside it";
		await stand.close();
	}
	return {
		...await openExported(engine, container),
		lost: `${why}, so ${LOST}`
	};
}
/** A running container whose files can all be read, where programs of its own or beside it can; otherwise as it is. */
async function runningTarget(engine, container) {
	const target = containerTarget(engine, container.id);
	const programs = await findPrograms(target);
	return (programs && await readingAll(engine, container, target, programs)) ?? target;
}
/** The target with the usual rights of root where its own may not read everything; undefined where nobody can. */
async function readingAll(engine, container, target, programs) {
	if (programs.readsAll) return target;
	const strengthened = strengthenedTarget(engine, container);
	return await showsSameRoot(target, strengthened) ? strengthened : void 0;
}
/** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (linux/capability.h): with one of them every file can be read. */
const READS_ALL = 6n;
/** One command, for the versions of busybox and of the BSDs have the names of GNU's programs but not what is needed of them. */
async function findPrograms(target) {
	const { code, stdout, stderr } = await target.exec([
		"sh",
		"-c",
		"find / -maxdepth 0 -printf '' && tar --version && cat /proc/self/status"
	], { allowFailure: true });
	if (code < 126 && /^Error( response from daemon)?: /m.test(stderr)) throw endedEarly("Looking into it", code, stderr);
	if (code > 127) throw endedEarly("Looking into it", code, stderr);
	if (code !== 0 || !stdout.includes("GNU tar")) return void 0;
	const rights = /^CapEff:\s*([0-9a-f]+)$/m.exec(stdout.toString())?.[1];
	return { readsAll: rights === void 0 || (BigInt(`0x${rights}`) & READS_ALL) !== 0n };
}
// src/detect/known-records.ts
/** Bytes from which on a difference is looked for one by one. */
const FEW = 32;
/**
* The records of an earlier walk (an image's), to recognise the same ones when they come again: a system differs from its image in
* few of its paths. Of what has not changed a walk prints the head alone; walks of the same layers come in the same order, so that
* the heads of thousands of records are compared at once.
*/
var KnownRecords = class {
	#records;
	#entries = [];
	/** The heads as a walk prints them alone, and where each ends. */
	#heads;
	#ends = [];
	#length = 0;
	#ordinals;
	#next = 0;
	/** @param records what find printed, whole records only, which are then added in turn */
	constructor(records) {
		this.#records = records;
		this.#heads = Buffer.allocUnsafe(records.length);
	}
	/** Adds the next record, by where its head begins and ends. */
	add(entry, start, headEnd) {
		this.#length += this.#records.copy(this.#heads, this.#length, start, headEnd);
		this.#heads[this.#length++] = 0;
		this.#entries.push(entry);
		this.#ends.push(this.#length);
	}
	/** Begins a new walk. */
	rewind() {
		this.#next = 0;
	}
	/**
	* Hands out the next known entries whose heads alone stand at `at`, byte for byte, and returns where the last one ends. An inode whose
	* last change is, to the nanosecond, when it was is as it was.
	*/
	takeRun(buffer, at, onEntry) {
		const start = this.#startOf(this.#next);
		const end = start + this.#commonLength(buffer, at, start);
		let upTo = at;
		for (; this.#next < this.#ends.length && this.#ends[this.#next] <= end; this.#next++) {
			upTo = at + this.#ends[this.#next] - start;
			onEntry(this.#entries[this.#next]);
		}
		return upTo;
	}
	#startOf(n) {
		return n === 0 ? 0 : this.#ends[n - 1];
	}
	/** How many bytes of the buffer, from `at`, are those of the known heads from `start`. */
	#commonLength(buffer, at, start) {
		const isSame = (from, to) => buffer.compare(this.#heads, start + from, start + to, at + from, at + to) === 0;
		let differs = Math.min(buffer.length - at, this.#length - start);
		let same = 0;
		for (const few = Math.min(FEW, differs); same < few; same++) if (buffer[at + same] !== this.#heads[start + same]) return same;
		if (isSame(0, differs)) return differs;
		while (differs - same > FEW) {
			const middle = same + differs >> 1;
			if (isSame(same, middle)) same = middle;
			else differs = middle;
		}
		while (same < differs && buffer[at + same] === this.#heads[start + same]) same++;
		return same;
	}
	/**
	* For a record that was not the next known one: the known entry where it is the same nevertheless, else the new one. The record
	* after it is expected next.
	*/
	recognise(entry) {
		const known = this.#find(entry.path);
		return known && isSame(known, entry) ? known : entry;
	}
	/** The known entry of this path, when its inode was last changed at the same time. */
	recogniseHead(path, ctime) {
		const known = this.#find(path);
		return known?.ctime === ctime ? known : void 0;
	}
	#find(path) {
		this.#ordinals ??= new Map(this.#entries.map((each, n) => [each.path, n]));
		const n = this.#ordinals.get(path);
		if (n === void 0) return void 0;
		this.#next = n + 1;
		return this.#entries[n];
	}
};
function isSame(a, b) {
	return a.ctime === b.ctime && a.mtime === b.mtime && a.size === b.size && a.kind === b.kind && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.links === b.links && a.target === b.target;
}
// src/detect/baseline.ts
const SCHEMA = 4;
/** Baseline of a container that nobody prepared: its image alone, looked at in a throw-away container. */
async function imageBaseline(engine, container, target = imageTarget(engine, container.imageId)) {
	const { records, tar } = await lookAtImage(engine, container.imageId, target);
	const image = await readImage(records, tar);
	const { id: containerId, imageId } = container;
	return {
		created: "",
		containerId,
		imageId,
		...creation(container),
		start: new PathTable(),
		...image
	};
}
async function readImage(records, tar) {
	const known = new KnownRecords(records);
	const image = /* @__PURE__ */ new Map();
	parseRecords(records, 0, (entry, start, headEnd) => {
		image.set(entry.path, entry);
		known.add(entry, start, headEnd);
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
	const opened = await openContainer(engine, container);
	const [image, now] = await Promise.all([lookAtImage(engine, container.imageId, opened.image), rawWalk(opened.target, mounts)]).finally(opened.close);
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
	const gone = runRecord.add({
		kind: "folder",
		path: partial
	});
	try {
		await writeDurably(partial, 384, (sink) => sink(zstdCompressSync(content)));
		await orStoreFailed(out, () => rename(partial, out));
	} catch (error) {
		await rm(partial, { force: true }).catch(() => {});
		throw error;
	} finally {
		gone();
	}
}
/** Reads a file of takeBaseline. @throws PerennialError `bad-input` when it is none, or of another container */
async function readBaseline(file, container) {
	const { header, image, start, tar } = await readParts(file);
	if (container && header.imageId !== container.imageId) throw new PerennialError("bad-input", `The baseline ${file} is of another image than container "${container.name}"`, { hint: "Leave it out: the image itself then serves as the baseline." });
	const { created, containerId, imageId } = header;
	const known = await readImage(image, tar);
	return {
		created,
		containerId,
		imageId,
		...container ? creation(container) : {},
		start,
		...known
	};
}
/** The engine's clock is that of its file systems. Nothing is said of a time that cannot be read. */
function creation({ created }) {
	const milliseconds = Date.parse(created);
	return Number.isNaN(milliseconds) ? {} : { since: String(milliseconds / 1e3) };
}
async function readParts(file) {
	const wrong = (what, cause) => new PerennialError("bad-input", `The baseline ${file} ${what}`, {
		cause,
		hint: "Take it again with `perennial baseline`, or leave it out."
	});
	const parts = new BaselineParts((schema) => wrong(`has schema ${schema}, known is ${SCHEMA}`));
	try {
		const packed = createReadStream(file);
		const content = packed.pipe(createZstdDecompress());
		packed.once("error", (error) => content.destroy(error));
		for await (const chunk of content) parts.add(chunk);
		return parts.end();
	} catch (cause) {
		throw cause instanceof PerennialError ? cause : wrong("cannot be read", cause);
	}
}
/** Takes the content of a baseline file apart while it is read: a service may begin with a million files, one that was restored for example. */
var BaselineParts = class {
	#wrongSchema;
	#start = new PathTable();
	#rows = new RecordRows({
		table: this.#start,
		rootLength: 0,
		known: () => [],
		isWanted: () => false,
		wantedEnds: ""
	});
	#header;
	/** What has not been taken yet: of the header, or a record that is not whole. */
	#rest = Buffer.alloc(0);
	#image = [];
	#tar = [];
	/** Bytes that are still to come of the image's records, and of the changed ones. */
	#imageLeft = 0;
	#changedLeft = 0;
	/** @param wrongSchema makes the error of a file of another schema */
	constructor(wrongSchema) {
		this.#wrongSchema = wrongSchema;
	}
	add(chunk) {
		const body = this.#header ? chunk : this.#afterHeader(chunk);
		const image = body.subarray(0, this.#imageLeft);
		const changed = body.subarray(image.length, image.length + this.#changedLeft);
		const tar = body.subarray(image.length + changed.length);
		this.#imageLeft -= image.length;
		this.#changedLeft -= changed.length;
		if (image.length > 0) this.#image.push(image);
		if (changed.length > 0) this.#addChanged(changed);
		if (tar.length > 0) this.#tar.push(tar);
	}
	/** @throws Error when the file ended early */
	end() {
		if (!this.#header || this.#imageLeft > 0 || this.#changedLeft > 0 || this.#rest.length > 0) throw new Error("It ends early");
		const [image, tar] = [Buffer.concat(this.#image), Buffer.concat(this.#tar)];
		return {
			header: this.#header,
			image,
			tar,
			start: this.#start
		};
	}
	#afterHeader(chunk) {
		const begun = Buffer.concat([this.#rest, chunk]);
		const end = begun.indexOf(10);
		this.#rest = end < 0 ? begun : Buffer.alloc(0);
		if (end < 0) return Buffer.alloc(0);
		const header = JSON.parse(begun.toString("utf8", 0, end));
		if (header?.schema !== SCHEMA) throw this.#wrongSchema(header?.schema);
		this.#header = header;
		this.#imageLeft = header.imageBytes;
		this.#changedLeft = header.changedBytes;
		return begun.subarray(end + 1);
	}
	#addChanged(chunk) {
		const records = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const take = (buffer, start, headEnd, end) => this.#rows.take(buffer, start, headEnd, end);
		const add = (entry) => this.#start.add(entry);
		const end = parseRecords(records, 0, add, void 0, void 0, take);
		this.#rest = records.subarray(end);
	}
};
/**
* A walk and a package database of an image as the programs printed them. What the image has in its volumes is on a
* file system of its own in every container: its times say nothing, but its absence later does.
*/
async function lookAtImage(engine, imageId, target) {
	const { volumes } = await engine.inspectImage(imageId);
	const paths = PACKAGE_PATHS.concat("etc/os-release", "usr/lib/os-release");
	const stream = lookStream(target, {
		mounts: volumes,
		paths
	});
	const { result: stdout, code, stderr } = await useStream(stream, (each) => buffer(each.stdout), "Listing the files of the image");
	const end = parseRecords(stdout, 0, () => {});
	if (end === 0 || stdout[end] !== 0 || code > 1) throw endedEarly("Listing the files of the image", code, stderr);
	return {
		records: stdout.subarray(0, end),
		tar: stdout.subarray(end + 2)
	};
}
async function rawWalk(target, mounts) {
	if (target.files) {
		const stdout = await buffer(target.files.look(mounts, []).stdout);
		return stdout.subarray(0, parseRecords(stdout, 0, () => {}));
	}
	const { stdout } = await target.exec(walkArguments("", mounts), {
		allowFailure: true,
		env: { LC_ALL: "C" }
	});
	if (stdout.length === 0) await walk(target, mounts, () => {});
	return stdout;
}
/** The records of `now` that are not, byte for byte, in `before`. Of a million there is never a list. */
function changedRecords(before, now) {
	const known = /* @__PURE__ */ new Set();
	for (const [from, to] of recordsOf(before)) known.add(before.toString("latin1", from, to));
	const changed = Buffer.allocUnsafe(now.length);
	let length = 0;
	for (const [from, to] of recordsOf(now)) if (!known.has(now.toString("latin1", from, to))) length += now.copy(changed, length, from, to);
	return changed.subarray(0, length);
}
/** Where each record begins and ends: two texts, each with a NUL at its end. */
function* recordsOf(records) {
	for (let from = 0;;) {
		const head = records.indexOf(0, from);
		const end = head < 0 ? -1 : records.indexOf(0, head + 1);
		if (end < 0) return;
		yield [from, end + 1];
		from = end + 1;
	}
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
export { openContainer as a, takeBaseline as i, imageBaseline as n, runningTarget as o, readBaseline as r, serviceConfig as s, readRebuildContext as t };
