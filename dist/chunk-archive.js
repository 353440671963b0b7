import { A as readRunning, B as recogniseServices, C as parseDockerfile, D as imageOf, E as findRelease, H as readRules, R as goldenFiles, U as createBag, V as knowledgeFolder, c as repeatableOptions, f as rewriteDockerfile, j as checkFlaky, l as imageSettings, m as shellWords, o as waitingCommand, p as shellWord, s as namedVolumes, u as generateDockerfile, w as readDistributions, z as readServices } from "./chunk-byte-text.js";
import { At as PerennialError, Ct as decodeBytes, D as imageTarget, E as directoryTarget, M as readTar, T as containerTarget, Tt as printable, U as useStream, _ as tarList, d as decide, h as extendedAttributes, jt as compileGlobs, k as readSystem, m as TAR_CREATE, p as scan, u as runOptionArguments, wt as encodeBytes, y as linkResolver } from "./chunk-wait-ready.js";
import { n as imageBaseline, r as readBaseline, t as readRebuildContext } from "./chunk-rebuild-context.js";
import { createReadStream } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readFile, stat } from "node:fs/promises";
// src/archive/export-data.ts
/**
* Takes the logical exports of recognised services into the bag, streaming.
* @throws PerennialError `step-failed` when an export that applies fails: the raw files alone would be worthless
*/
async function exportData(target, services, bag, keepRaw, progress) {
	const dumps = [];
	const replaced = [];
	for (const service of services) for (const each of service.exports) {
		if (!await applies(target, each)) continue;
		progress.step(`Exporting ${service.title}: ${each.why}`);
		dumps.push(await exportOne(target, service, each, bag));
		if (!keepRaw) replaced.push({
			id: `${service.id}/${each.id}`,
			test: await replacedPaths(target, each)
		});
	}
	return {
		dumps,
		replacedBy: (path) => replaced.find((each) => each.test(path))?.id
	};
}
async function applies(target, each) {
	if (!each.when) return true;
	return (await target.exec([
		"sh",
		"-c",
		each.when
	], { allowFailure: true })).code === 0;
}
async function exportOne(target, service, each, bag) {
	const file = `${service.id}/${each.file}`;
	const stream = target.execStream([
		"sh",
		"-c",
		each.run
	], each.user ? { user: each.user } : {});
	stream.stdin.end();
	const bytes = await bag.addFile(`data/dumps/${file}`, stream.stdout);
	await stream.done.catch((cause) => {
		throw new PerennialError("step-failed", `The export of ${service.title} (${each.id}) failed: ${cause.message}`, {
			cause,
			hint: "Is the service running? Only the old program can write this data; start it and archive again."
		});
	});
	if (bytes === 0) throw new PerennialError("step-failed", `The export of ${service.title} (${each.id}) is empty`);
	return {
		file,
		service: service.id,
		export: each.id,
		bytes
	};
}
async function replacedPaths(target, each) {
	const fixed = compileGlobs(each.replaces);
	if (!each.replacesFrom) return fixed;
	const { stdout } = await target.exec([
		"sh",
		"-c",
		each.replacesFrom
	]);
	const folders = stdout.toString().split("\n").filter((line) => line.startsWith("/") && line !== "/");
	return (path) => fixed(path) || folders.some((folder) => path.startsWith(`${folder}/`));
}
// src/archive/flush-memory.ts
/**
* Has the running programs write to their files what they hold in memory (a queue, a database's last changes), by the flush
* programs of the recognised services. Nothing is stopped.
* @returns what could not be written, in words for the manifest
*/
async function flushMemory(target, services, progress) {
	const notes = [];
	for (const service of services) for (const { id, why, when, run, user } of service.flush) {
		if (when && (await target.exec([
			"sh",
			"-c",
			when
		], { allowFailure: true })).code !== 0) continue;
		progress.step(`${service.title}: ${why}`);
		const options = {
			allowFailure: true,
			...user ? { user } : {}
		};
		const { code, stdout, stderr } = await target.exec([
			"sh",
			"-c",
			`set -eu\n${run}`
		], options);
		if (code === 0) continue;
		const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
		const note = `${service.title} (${service.id}/${id}) did not write its memory to its files: ${said || `exit code ${code}`}. Do it by a quiesce command in perennial.yml.`;
		progress.warn(note);
		notes.push(note);
	}
	return notes;
}
// src/archive/index-entries.ts
/** The lines of files.ndjson: what was decided, joined with what tar wrote. */
function buildIndex(decided, members, accounts, resolves) {
	const written = new Map(members.map((member) => [`/${member.header.path}`, member]));
	const users = new Map([...accounts.passwd].reverse().map((each) => [each.uid, each.name]));
	const groups = new Map([...accounts.group].reverse().map((each) => [each.gid, each.name]));
	return decided.map((each) => indexEntry(each, written.get(each.entry.path), users, groups, resolves));
}
function indexEntry(each, member, users, groups, resolves) {
	const { entry, probe } = each;
	const attributes = member ? extendedAttributes(member.header) : probe;
	return {
		path: entry.path,
		kind: entry.kind,
		mode: entry.mode.toString(8).padStart(4, "0"),
		uid: entry.uid,
		gid: entry.gid,
		user: users.get(entry.uid) ?? "",
		group: groups.get(entry.gid) ?? "",
		size: member?.header.kind === "file" ? member.header.size : entry.size,
		mtime: member?.header.kind === "file" ? member.header.mtime : entry.mtime,
		...member?.sha256 ? { sha256: member.sha256 } : {},
		...entry.kind === "symlink" ? { target: entry.target } : {},
		...entry.kind === "symlink" && !resolves(entry.path, entry.target) ? { dangling: true } : {},
		...member?.header.kind === "hardlink" ? { hardlink: `/${member.header.linkTarget.replace(/^\.?\/+/, "")}` } : {},
		...attributes && Object.keys(attributes.xattrs).length > 0 ? { xattrs: attributes.xattrs } : {},
		...attributes?.aclAccess === void 0 ? {} : { aclAccess: attributes.aclAccess },
		...attributes?.aclDefault === void 0 ? {} : { aclDefault: attributes.aclDefault },
		disposition: each.disposition,
		rule: each.rule,
		why: each.why,
		...each.package ? { package: each.package } : {},
		origin: each.origin,
		...each.seenBy.length > 0 ? { seenBy: each.seenBy } : {}
	};
}
// src/version.ts
/** Version of this program; a test keeps it equal to package.json. */
const toolVersion = "0.1.0";
// src/archive/manifest.ts
/** data/manifest.json of an archive run. SOURCE_DATE_EPOCH is honoured for `created`. */
function buildManifest(parts) {
	const { options, container, seen } = parts;
	const packageOf = (program) => parts.found.packages.get(program)?.package ?? "";
	const links = [...seen.system.facts.overrides.alternatives];
	for (const each of links) each.value = seen.links.get(`/etc/alternatives/${each.name}`) ?? "";
	return {
		schema: 1,
		tool: {
			name: "perennial",
			version: toolVersion
		},
		created: creationTime().toISOString(),
		service: {
			name: options.config.name ?? container?.name ?? "service",
			recognised: parts.recognised.map((each) => each.id),
			start: options.config.start ?? "",
			run: container?.run ?? noRunOptions(),
			image: parts.image ?? null,
			processes: parts.running.processes.map((each) => ({
				...each,
				package: packageOf(each.program)
			})),
			sockets: parts.running.sockets
		},
		system: {
			...seen.system.facts,
			packages: seen.system.facts.packages.map((each) => withEditedConffiles(each, parts.index))
		},
		rebuild: parts.rebuild ? {
			dockerfile: parts.rebuild.dockerfile,
			context: ".",
			buildArgs: options.buildArgs ?? {}
		} : null,
		dumps: parts.dumps,
		pristine: parts.pristine,
		mounts: seen.mounts,
		counts: counts(parts),
		timings: {
			detect: round(parts.found.seconds),
			total: round(parts.seconds)
		},
		notes: parts.notes
	};
}
/** The names under which services can be started: a later package may have others. */
const SERVICE_SCRIPT = /^\/etc\/init\.d\/[^/]+$/;
/** Digests of configuration files matter only where the owner changed something; the others fill the manifest. */
function withEditedConffiles(each, index) {
	const changed = new Set(index.filter((entry) => entry.package === each.name && entry.disposition !== "parent").map((entry) => entry.path));
	return {
		...each,
		conffiles: Object.fromEntries(Object.entries(each.conffiles).filter(([path]) => changed.has(path) || SERVICE_SCRIPT.test(path)))
	};
}
function counts(parts) {
	const rules = {};
	const add = (rule, paths, bytes, kept) => {
		const sum = rules[rule] ?? {
			paths: 0,
			bytes: 0,
			kept
		};
		rules[rule] = {
			paths: sum.paths + paths,
			bytes: sum.bytes + bytes,
			kept: sum.kept || kept
		};
	};
	const kept = parts.index.filter((each) => each.disposition === "keep" || each.disposition === "record");
	for (const each of parts.index) add(each.rule, 1, each.size, each.disposition !== "leave" && each.disposition !== "parent");
	for (const [rule, sum] of parts.found.passed) add(rule, sum.paths, sum.bytes, false);
	return {
		paths: parts.seen.entries.size,
		kept: kept.length,
		keptBytes: kept.reduce((sum, each) => sum + each.size, 0),
		deleted: parts.index.filter((each) => each.disposition === "delete").length,
		rules
	};
}
function creationTime() {
	const epoch = Number(process.env.SOURCE_DATE_EPOCH);
	return process.env.SOURCE_DATE_EPOCH && Number.isFinite(epoch) ? /* @__PURE__ */ new Date(epoch * 1e3) : /* @__PURE__ */ new Date();
}
function round(seconds) {
	return Math.round(seconds * 1e3) / 1e3;
}
/** A root directory tells nothing of how it was run. */
function noRunOptions() {
	return {
		hostname: "",
		user: "",
		workdir: "",
		entrypoint: [],
		command: [],
		env: {},
		exposed: [],
		published: [],
		mounts: [],
		capAdd: [],
		capDrop: [],
		privileged: false,
		networkMode: "",
		extraHosts: [],
		dns: [],
		labels: {},
		stopSignal: "",
		restartPolicy: "",
		init: false,
		tty: false,
		shmSize: 0,
		ulimits: [],
		sysctls: {},
		devices: [],
		readOnly: false
	};
}
// src/archive/payload.ts
/** A file that is written while tar reads it is read again this many times before it is an error. */
const ATTEMPTS = 3;
/** Streams the payload from the target's tar into the bag, byte for byte, and accounts for every path of the list. */
async function writePayload(target, decided, bag, progress) {
	const list = tarList(decided.map((each) => each.entry.path));
	for (let attempt = 1;; attempt++) {
		const stream = target.execStream([
			...TAR_CREATE.slice(0, -1),
			`--directory=${target.root}/`,
			"--files-from=-"
		], {
			allowFailure: true,
			env: { LC_ALL: "C" }
		});
		const pack = ({ stdin, stdout }) => {
			stdin.end(list);
			return bag.addPayload(stdout);
		};
		const { result: members, code, stderr } = await useStream(stream, pack, "Archiving");
		const changed = changedPaths(stderr);
		if (changed.length > 0 && attempt < ATTEMPTS) {
			progress.warn(`${changed.length} files changed while they were read; reading again`);
			continue;
		}
		const got = new Set(members.map((member) => `/${member.header.path}`));
		const missing = decided.map((each) => each.entry.path).filter((path) => !got.has(path));
		const unreadable = [.../* @__PURE__ */ new Set([...missing, ...changed])];
		if (code > 1 && unreadable.length === 0) throw new PerennialError("command-failed", `tar ended with exit code ${code}: ${stderr.trim().split("\n").at(-1)}`);
		return {
			members,
			unreadable
		};
	}
}
/** `tar: ./srv/x: file changed as we read it`, and shrunk files that tar padded with zeros. Folders are not data. */
function changedPaths(stderr) {
	return [...stderr.matchAll(/^tar: (?:\.\/)?(.+?): (?:file changed as we read it|File shrank by .*)$/gm)].map((match) => `/${unquote(match[1])}`);
}
const ESCAPES = {
	n: "\n",
	t: "	",
	r: "\r",
	a: "\x07",
	b: "\b",
	f: "\f",
	v: "\v"
};
/** GNU tar's --quoting-style=escape, its default in messages: backslash and a letter, or three octal digits for a byte. */
function unquote(name) {
	const bytes = name.replace(/\\([0-7]{3}|.)/g, (_, code) => code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : ESCAPES[code] ?? code);
	return decodeBytes(Buffer.from(bytes, "latin1"));
}
// src/archive/pristine.ts
/** Larger files are not configuration that anybody merges. */
const LARGEST = 1048576;
/**
* Keeps the version before the owner's edits of every edited configuration file, for a three-way merge in ten years.
* The image has it for whatever was there before operation, conffile or not.
*/
async function writePristine(engine, container, decided, baseline, bag) {
	if (!engine || !container || !baseline) return [];
	const paths = decided.filter((each) => wantsPristine(each, baseline)).map((each) => each.entry.path);
	if (paths.length === 0) return [];
	const pristine = [];
	const stream = imageTarget(engine, container.imageId).execStream([
		...TAR_CREATE.slice(0, -1),
		"--directory=/",
		"--files-from=-"
	], { allowFailure: true });
	const read = async ({ stdin, stdout }) => {
		stdin.end(tarList(paths));
		for await (const member of readTar(stdout)) {
			if (member.header.kind !== "file") continue;
			const file = `pristine/${member.header.path}`;
			await bag.addFile(`data/${file}`, member.body);
			pristine.push({
				path: `/${member.header.path}`,
				file,
				source: "image"
			});
		}
	};
	await useStream(stream, read, "Reading the versions before the edits");
	return pristine;
}
function wantsPristine(each, baseline) {
	const before = baseline.image.get(each.entry.path);
	if (each.rule === "accounts/account-databases") return before !== void 0;
	if (each.disposition !== "keep" || each.origin !== "operation" || !each.entry.path.isWellFormed()) return false;
	if (before?.kind !== "file" || each.entry.kind !== "file" || before.size > LARGEST) return false;
	return each.entry.path.startsWith("/etc/") || each.rule === "package/edited-conffile" || each.rule === "package/modified";
}
// src/plan/base-argument.ts
/** Build argument that chooses the base of a bag's Dockerfile. */
const BASE_ARGUMENT = "PERENNIAL_BASE";
/**
* A Dockerfile whose base image is a build argument, with the old one as its default; all else stays byte for byte. Pure.
* Throws `bad-input` without a FROM, `base-unknown` when the final stage's base cannot be told.
*/
function withBaseArgument(text, buildArgs) {
	const rewritten = rewriteDockerfile(text, {
		base: `\${${BASE_ARGUMENT}}`,
		buildArgs,
		resolutions: []
	});
	const from = parseDockerfile(rewritten.text).instructions.find((each) => each.keyword === "FROM").start;
	const line = `ARG ${BASE_ARGUMENT}=${rewritten.finalBase}\n`;
	return {
		text: rewritten.text.slice(0, from) + line + rewritten.text.slice(from),
		base: rewritten.finalBase
	};
}
// src/plan/override-commands.ts
/** `alternative LINK NAME PATH PRIORITY [--slave ...]` and `choose NAME PATH`, for what is there and not known. */
const FUNCTIONS = `alternative() {
  if [ -e "$3" ] && ! update-alternatives --query "$2" 2>/dev/null | grep -qxF "Alternative: $3"; then
    attempt update-alternatives --quiet --install "$@"
  fi
}
choose() {
  if [ -e "$2" ]; then attempt update-alternatives --quiet --set "$1" "$2"; else left "$1 was $2, which is not here"; fi
}
`;
/** Local diversions as commands of restore/apply.sh, a line each: they go before the data. */
function diversionCommands({ diversions }) {
	return diversions.filter((each) => each.package === ":").map((each) => [
		"dpkg-divert",
		"--quiet",
		"--local",
		"--rename",
		"--divert",
		each.divertedTo,
		"--add",
		each.path
	]).map((argv) => `attempt ${shellWords(argv)}\n`).join("");
}
/**
* Statoverrides, the owner's alternatives and holds as commands of restore/apply.sh. The index tells the owner's
* alternatives from those that packages register again. Empty when there are none.
*/
function overrideCommands(overrides, index) {
	const stat = overrides.statoverrides.map((each) => shellWords([
		"attempt",
		"dpkg-statoverride",
		"--force-all",
		"--update",
		"--add",
		each.user,
		each.group,
		each.mode,
		each.path
	]));
	const alternatives = overrides.alternatives.filter((each) => /^[^-/\s][^/\s]*$/.test(each.name)).flatMap((each) => alternativeCommands(each, index));
	const holds = overrides.holds.length > 0 ? [`! same_release || ${shellWords([
		"attempt",
		"apt-mark",
		"hold",
		...overrides.holds
	])} >apt.log`] : [];
	const lines = [
		...stat,
		...alternatives,
		...holds
	];
	if (lines.length === 0) return "";
	return `${alternatives.length > 0 ? FUNCTIONS : ""}${lines.join("\n")}\n`;
}
function alternativeCommands(alternative, index) {
	const isOwners = (path) => {
		const entry = index.get(path);
		return entry !== void 0 && entry.package === void 0;
	};
	const added = alternative.choices.filter((choice) => isOwners(choice.path)).map((choice) => shellWords([
		"alternative",
		alternative.link,
		alternative.name,
		choice.path,
		String(choice.priority),
		...choice.slaves.flatMap((slave) => [
			"--slave",
			slave.link,
			slave.name,
			slave.path
		])
	]));
	const chosen = alternative.mode === "manual" && alternative.value !== "" ? [alternative.value] : [];
	return [...added, ...chosen.map((value) => shellWords([
		"choose",
		alternative.name,
		value
	]))];
}
// src/plan/package-lists.ts
/** Names as dpkg allows them: they stand in command lines and, in this order, in sorted lists. */
function packageNames(names) {
	return [...new Set(names)].filter((name) => /^[a-z0-9][a-z0-9+.-]+$/.test(name)).sort();
}
/** Names of installed packages that somebody asked for, sorted; the required ones are in every base. */
function chosenPackages(packages) {
	const isChosen = (each) => each.manual && isThere(each) && each.priority !== "required";
	return packageNames(packages.filter(isChosen).map((each) => each.name));
}
function isThere(each) {
	return each.status === "installed" || each.status === "hold";
}
/**
* Lists of package names that restore/apply.sh reads, a name a line, sorted: `packages` that somebody chose, `automatic` ones that came
* with them, and those that the owner had `removed`.
*/
function packageLists({ system }) {
	const packages = chosenPackages(system.packages);
	const others = system.packages.filter((each) => isThere(each) && !each.manual && each.priority !== "required");
	const removed = [...system.removed, ...system.packages.filter((each) => each.status === "config-files").map((each) => each.name)];
	const list = (names) => Buffer.from(names.map((name) => `${name}\n`).join(""));
	return [
		["packages", list(packages)],
		["automatic", list(packageNames(others.map((each) => each.name)))],
		["removed", list(packageNames(removed))]
	];
}
// src/plan/payload-lists.ts
/** Made by packages, their scripts or the build: right again only on the release that it was made on. */
const MADE_BY_PACKAGES = /* @__PURE__ */ new Set(["image/unowned", "package/modified"]);
const DELETED_FOLDERS = "deleted-folders0";
const ACCOUNT_FILE = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/;
/** Names that the kernel takes (xattr(7)); what tar recorded of another file system has no place here. */
const XATTR_NAME = /^(user|trusted|security|system)\.[^\s=]+$/;
/**
* What restore/apply.sh reads beside its text: file name -> content, for the lists that are not empty. `records`, `accounts` and
* `made-by-packages` are always there. Lists whose names end in 0 hold values that each end in a NUL; the others are for GNU tar's options, lines.
*/
function payloadLists(index) {
	const lists = new Lists();
	for (const entry of index) addEntry(lists, entry);
	return lists.files();
}
function addEntry(lists, entry) {
	const { path, disposition } = entry;
	if (disposition === "record") {
		lists.add("records", `${excludePattern(path)}\n`);
		if (ACCOUNT_FILE.test(path) && entry.kind === "file") lists.add("accounts", `.${path}\n`);
	} else if (disposition === "keep" && MADE_BY_PACKAGES.has(entry.rule)) lists.add("made-by-packages", `${excludePattern(path)}\n`);
	else if (disposition === "delete") lists.add(entry.kind === "directory" ? DELETED_FOLDERS : "deleted-files0", `${path}\0`);
	else if (disposition === "attributes") addAttributes(lists, entry);
}
function addAttributes(lists, entry) {
	const { path, xattrs = {}, aclAccess = "", aclDefault = "" } = entry;
	const owner = `${entry.user || entry.uid}:${entry.group || entry.gid}`;
	lists.add("attributes0", `${path}\0${owner}\0${entry.mode.padStart(5, "0")}\0`);
	if (aclAccess || aclDefault) lists.add("acls0", `${path}\0${aclLines(aclAccess)}\0${aclLines(aclDefault)}\0`);
	for (const [name, value] of Object.entries(xattrs)) if (XATTR_NAME.test(name) && name !== "security.selinux") lists.add("xattrs0", `${path}\0${name}\x000s${value}\0`);
}
/** tar separates the entries of a list by commas or line breaks, setfacl reads one a line. */
function aclLines(text) {
	return text.replaceAll(",", "\n").trim();
}
/**
* A member's name as a pattern of `tar --anchored --exclude-from`, whose file has a pattern a line and loses blanks at the end: such
* characters can only be said as "any character".
*/
function excludePattern(path) {
	return `.${path}`.replace(/[\\*?[\]]/g, "\\$&").replaceAll("\n", "?").replace(/\s+$/, (blanks) => "?".repeat(blanks.length));
}
var Lists = class {
	#parts = /* @__PURE__ */ new Map([
		["records", []],
		["made-by-packages", []],
		["accounts", []]
	]);
	add(name, text) {
		const parts = this.#parts.get(name) ?? [];
		parts.push(text);
		this.#parts.set(name, parts);
	}
	files() {
		this.#parts.get(DELETED_FOLDERS)?.reverse();
		return new Map([...this.#parts].map(([name, parts]) => [name, encodeBytes(parts.join(""))]));
	}
};
// src/plan/start-commands.ts
/** Stands for the new container's name in arguments; nothing else can hold a NUL. */
const NAME = "\0";
/**
* How restore.sh starts a container like the old one, with new volumes at `mountPoints` and a main process that waits for the data.
*/
function startCommands(run, mountPoints) {
	const notes = [];
	const mounts = namedVolumes(NAME, mountPoints);
	const { published = [], ...options } = repeatableOptions(run, mounts, notes);
	const publish = runOptionArguments({ published });
	const lines = [
		"  set --",
		...publish.length > 0 ? [`  [ "\${PUBLISH:-}" = no ] || set -- ${shellWords(publish)}`] : [],
		`  "$engine" run --detach --name "$name" "$@" ${BREAK}${optionLines(runOptionArguments(options))}--entrypoint /bin/sh "$image" ${BREAK}` + shellWords(waitingCommand([...run.entrypoint, ...run.command]))
	];
	return {
		volumes: mounts.map((mount) => mount.source.replace(`${NAME}-`, "")),
		text: `start_container() {\n${lines.join("\n")}\n}`,
		notes
	};
}
const BREAK = "\\\n    ";
/** One option with its values a line. */
function optionLines(argv) {
	return argv.map((word, at) => `${withName(word)} ${argv[at + 1]?.startsWith("--") === false ? "" : BREAK}`).join("");
}
function withName(word) {
	return word.split(NAME).map((part, _at, parts) => part === "" && parts.length > 1 ? "" : shellWord(part)).join("\"$name\"");
}
// src/plan/compile-restore-program.ts
/** Where restore.sh has what is particular to the service. */
const SERVICE_MARK = "#@service@\n";
/**
* The program that brings a service back from its bag with nothing but Docker: restore.sh, Dockerfile, and in restore/ what works
* inside the container. Pure; every value of the bag that stands in shell text is quoted, lists of paths are data beside it.
* Throws `bad-input` for values that no Dockerfile can hold, `base-unknown`.
*/
function compileRestoreProgram(facts) {
	const { manifest, index, texts } = facts;
	const dockerfile = bagDockerfile(facts);
	const loads = loadCommands(manifest.dumps, facts.services);
	const service = serviceText(facts, dockerfile.base, loads.text);
	const overrides = new Map(overriddenPaths(manifest, index).map((entry) => [entry.path, entry]));
	const inside = new Map([
		["apply.sh", texts.apply],
		["accounts.awk", texts.accounts],
		["release", `${manifest.system.os.id} ${manifest.system.os.versionId}\n`],
		...packageLists(manifest),
		...payloadLists(index),
		["diversions.sh", diversionCommands(manifest.system.overrides)],
		["overrides.sh", overrideCommands(manifest.system.overrides, overrides)],
		...loads.files
	]);
	for (const [name, content] of inside) if (content === "") inside.delete(name);
	return new Map([
		["restore.sh", file(texts.restore.replace(SERVICE_MARK, () => service), 493)],
		["Dockerfile", file(dockerfile.text)],
		...[...inside].map(([name, content]) => [`restore/${name}`, file(content)])
	]);
}
function file(content, mode = 420) {
	return {
		content: typeof content === "string" ? encodeBytes(content) : content,
		mode
	};
}
/** Few of an index of maybe millions matter to alternatives. */
function overriddenPaths(manifest, index) {
	const choices = manifest.system.overrides.alternatives.flatMap((each) => each.choices.map((choice) => choice.path));
	const wanted = new Set(choices);
	return wanted.size === 0 ? [] : index.filter((entry) => wanted.has(entry.path));
}
/** The recorded Dockerfile with its base as an argument, or one made of the chosen packages. */
function bagDockerfile({ manifest, dockerfile, base }) {
	if (dockerfile !== void 0) return withBaseArgument(dockerfile, manifest.rebuild?.buildArgs ?? {});
	const packages = chosenPackages(manifest.system.packages);
	return withBaseArgument(generateDockerfile(packages, base, imageSettings(manifest.service.image)), {});
}
function serviceText(facts, base, loads) {
	const { service, rebuild, mounts, system } = facts.manifest;
	const kinds = new Map(facts.index.filter((entry) => mounts.some((mount) => mount.destination === entry.path)).map((entry) => [entry.path, entry.kind]));
	const points = mounts.filter((mount) => mount.kept && (kinds.get(mount.destination) ?? "directory") === "directory");
	const start = startCommands(service.run, points.map((mount) => mount.destination));
	const notes = [...start.notes, ...system.extraRepositories.map((line) => `The old system had another package source: ${line}`)];
	const buildArgs = Object.entries(rebuild?.buildArgs ?? {}).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
	return `default_base=${shellWord(base)}
volumes=${shellWord(start.volumes.join(" "))}
start=${shellWord(service.start)}

build_image() {
  "$engine" build --tag "$image" --file Dockerfile --build-arg "${BASE_ARGUMENT}=$base" ${[...buildArgs, rebuild ? "data/rebuild" : "restore"].map(shellWord).join(" ")}
}

# How the old container was started.
${start.text}

load_exports() {
${loads || "  :\n"}}

notes() {
${notes.map((note) => `  left ${shellWord(printable(note))}\n`).join("") || "  :\n"}}
`;
}
function loadCommands(dumps, services) {
	const files = [];
	return {
		text: dumps.map((dump) => {
			const how = services.find((each) => each.id === dump.service)?.exports.find((each) => each.id === dump.export);
			if (!how) return `  left ${shellWord(`data/dumps/${dump.file} is not loaded: nothing is known of ${dump.export}`)}\n`;
			const script = `load-${dump.service}-${dump.export}.sh`;
			files.push([script, how.load.endsWith("\n") ? how.load : `${how.load}\n`]);
			const exec = shellWords([
				"exec",
				"-i",
				"-u",
				how.loadUser ?? "0"
			]);
			return `  say ${shellWord(`Loading ${dump.file}`)}
  "$engine" ${exec} "$name" sh -eu -c "$(cat ${shellWord(`restore/${script}`)})" <${shellWord(`data/dumps/${dump.file}`)}\n`;
		}).join(""),
		files
	};
}
// src/archive/restore-program.ts
/**
* Adds restore.sh, Dockerfile and restore/ to a bag: what brings the service back without Perennial. A system that the program does not
* know (no dpkg), or a Dockerfile that it cannot put on another base, gets none; the manifest's notes then say so.
*/
async function addRestoreProgram(bag, manifest, index, services) {
	if (manifest.system.packageManager !== "dpkg") {
		manifest.notes.push("There is no restore.sh: it knows systems with dpkg only");
		return;
	}
	try {
		const { rebuild, system } = manifest;
		const program = compileRestoreProgram({
			manifest,
			index,
			dockerfile: rebuild ? await readFile(join(bag.partialDir, "data/rebuild", rebuild.dockerfile), "utf8") : void 0,
			base: await imageOfRelease(system.os),
			services,
			texts: await readProgramTexts()
		});
		for (const [path, { content, mode }] of program) await bag.addFile(path, content, { mode });
	} catch (error) {
		if (!(error instanceof PerennialError) || !["bad-input", "base-unknown"].includes(error.code)) throw error;
		manifest.notes.push(`There is no restore.sh: ${error.message}`);
	}
}
/** The image of a release; a guess for a distribution that is not in the knowledge base. */
async function imageOfRelease(os) {
	const distribution = (await readDistributions()).find(({ id }) => id === os.id);
	const release = distribution && findRelease(distribution, os);
	return release ? imageOf(distribution, release) : `${os.id}:${os.versionId || "latest"}`;
}
/** The parts of the program that are the same in every bag: program/ beside knowledge/. */
async function readProgramTexts() {
	const folder = join(knowledgeFolder(), "../program");
	const [restore, apply, accounts] = await Promise.all([
		"restore.sh",
		"apply.sh",
		"accounts.awk"
	].map((name) => readFile(join(folder, name), "utf8")));
	return {
		restore,
		apply,
		accounts
	};
}
// src/archive/stopped-container.ts
/**
* Makes the files of a container readable. A running one is used as it is. A stopped one is not started, since
* that would run its service: its file system is committed to an image, and a container that only sleeps gets its volumes.
* Every path that differs from the original image is a new inode there, so nothing that changed can look unchanged.
*/
async function openContainer(engine, container) {
	if (container.running) return {
		container: container.id,
		lost: "",
		close: async () => {}
	};
	const tag = `perennial-stopped:${randomBytes(6).toString("hex")}`;
	try {
		const stand = await standIn(engine, await engine.commit(container.id, tag), container);
		return {
			container: stand,
			lost: LOST,
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
const LOST = "the container was stopped: outside volumes the engine carries no user extended attributes, access control lists, holes of sparse files and fractions of a second";
/** A container of the image that only sleeps, with the volumes of the stopped one. */
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
		if (!/executable file/.test(cause.message)) throw cause;
		throw new PerennialError("image-unsuitable", `The stopped container "${container.name}" has no program \`sleep\``, {
			cause,
			hint: "It cannot be looked into as it is. Use --rootfs on an unpacked copy of its file system."
		});
	});
}
// src/archive/archive.ts
/**
* Decommissions a service: takes golden answers and logical exports of the living one, finds its Mutable data and
* writes the bag. The service itself is not touched; a half-written bag is removed when anything fails.
*/
async function archive(options) {
	const started = performance.now();
	const rebuild = options.context ? await readRebuildContext(options.context, options.dockerfile) : void 0;
	const subject = await openSubject(options);
	try {
		const bag = await createBag(options.out);
		try {
			return await archiveInto(bag, subject, rebuild, options, started);
		} catch (error) {
			await bag.abort();
			throw error;
		}
	} finally {
		await subject.close();
	}
}
async function openSubject(options) {
	if (options.rootfs) return {
		target: directoryTarget(options.rootfs),
		container: void 0,
		image: void 0,
		lost: "",
		close: async () => {}
	};
	const engine = options.engine;
	const container = await engine.inspectContainer(options.container ?? "");
	const image = await engine.findImage(container.imageId);
	const stand = await openContainer(engine, container);
	return {
		target: containerTarget(engine, stand.container),
		container,
		image,
		lost: stand.lost,
		close: stand.close
	};
}
async function archiveInto(bag, subject, rebuild, options, started) {
	const { config, progress } = options;
	const golden = await takeGolden(subject, options);
	const baseline = await openBaseline(subject, options);
	progress.step("Looking at every path");
	const [services, rules] = await Promise.all([readServices(), readRules()]);
	const judging = {
		baseline,
		rules,
		owner: {
			include: compileGlobs(config.include),
			exclude: compileGlobs(config.exclude),
			logs: config.logs
		},
		rebuildable: rebuild !== void 0
	};
	let seen = await scan(subject.target, subject.container?.run.mounts ?? [], judging);
	const running = await runningOf(subject, seen);
	const recognised = recognise(services, seen, running.processes);
	const unwritten = subject.container?.running ? await flushMemory(subject.target, recognised, progress) : [];
	await quiesce(subject, config);
	const exported = await exportData(subject.target, recognised, bag, config.rawData, progress);
	if (exported.dumps.length > 0 || config.quiesce.length > 0 || recognised.some((each) => each.flush.length > 0)) seen = await scan(subject.target, subject.container?.run.mounts ?? [], judging);
	const found = await decide(seen, {
		...judging,
		target: subject.target,
		mounts: subject.container?.run.mounts ?? [],
		replacedBy: exported.replacedBy,
		readImage: async () => subject.container ? readSystem(imageTarget(options.engine, subject.container.imageId)) : void 0
	});
	progress.step(`Archiving ${found.decided.filter(isPayload).length} paths`);
	const payload = await writePayload(subject.target, found.decided.filter(isPayload), bag, progress);
	const index = buildIndex(found.decided.filter(isListed), payload.members, seen.system.accounts, linkResolver(seen.links, (path) => seen.entries.has(path)));
	const pristine = await writePristine(options.engine, subject.container, found.decided, baseline, bag);
	if (rebuild) await addRebuild(bag, rebuild);
	for (const file of goldenFiles({
		tests: config.smoke,
		answers: golden
	})) await bag.addFile(file.path, file.content);
	const incomplete = [.../* @__PURE__ */ new Set([...seen.unreadable, ...payload.unreadable])].sort();
	const manifest = buildManifest({
		options,
		container: subject.container,
		image: subject.image,
		seen,
		found,
		index,
		running,
		recognised,
		dumps: exported.dumps,
		pristine,
		rebuild,
		notes: [...unwritten, ...notes(subject, incomplete, found, config)],
		seconds: (performance.now() - started) / 1e3
	});
	await addRestoreProgram(bag, manifest, index, recognised);
	return {
		bag: await bag.finish(manifest, index),
		manifest,
		index,
		golden,
		incomplete
	};
}
/** Payload members: everything that is carried as bytes. */
function isPayload(each) {
	return (each.disposition === "keep" || each.disposition === "record") && each.entry.kind !== "socket";
}
/** What was so in the image and is made again needs no line of its own: it is counted by rule. */
function isListed(each) {
	return each.disposition !== "leave" || each.origin === "operation";
}
async function takeGolden(subject, options) {
	if (options.config.smoke.length === 0) return [];
	if (!subject.container?.running) {
		options.progress.warn("The container does not run: there are no golden answers to compare a restore with");
		return [];
	}
	options.progress.step(`Asking the living service ${options.config.smoke.length} smoke tests, twice`);
	const { name, address } = subject.container;
	return checkFlaky(options.config.smoke, {
		engine: options.engine,
		container: name,
		address,
		allowHost: true
	}, options.progress);
}
async function openBaseline(subject, options) {
	if (options.baseline) return readBaseline(options.baseline, subject.container);
	if (!subject.container) return void 0;
	options.progress.step("Looking at the image as it was before operation");
	return imageBaseline(options.engine, subject.container);
}
async function runningOf(subject, seen) {
	if (!subject.container?.running) return {
		processes: [],
		sockets: []
	};
	const names = new Map(seen.system.accounts.passwd.map((each) => [each.uid, each.name]));
	return readRunning(subject.target, (uid) => names.get(uid) ?? String(uid), () => "");
}
function recognise(services, seen, processes) {
	return recogniseServices(services, {
		packages: seen.system.facts.packages.filter((each) => each.status !== "config-files").map((each) => each.name),
		programs: processes.map((each) => each.program.slice(each.program.lastIndexOf("/") + 1)),
		hasFile: (path) => seen.entries.has(path)
	});
}
async function quiesce(subject, config) {
	for (const command of config.quiesce) {
		const { code, stderr } = await subject.target.exec([
			"sh",
			"-c",
			command
		], { allowFailure: true });
		if (code !== 0) throw new PerennialError("step-failed", `The quiesce command "${command}" ended with exit code ${code}: ${stderr.trim().split("\n").at(-1)}`, { hint: "Mend the command in perennial.yml; nothing was archived." });
	}
}
async function addRebuild(bag, rebuild) {
	for (const file of rebuild.files) {
		const path = join(rebuild.directory, file);
		const mode = ((await stat(path)).mode & 73) === 0 ? 420 : 493;
		await bag.addFile(`data/rebuild/${file}`, createReadStream(path), { mode });
	}
}
function notes(subject, incomplete, found, config) {
	const unused = (globs, field) => globs.filter((glob) => !found.decided.some((each) => compileGlobs([glob])(each.entry.path))).map((glob) => `The ${field} glob ${glob} of perennial.yml matches nothing`);
	return [
		...subject.container ? [] : ["There is no image to compare with: another mode or owner of a packaged file cannot be seen"],
		...subject.lost ? [subject.lost] : [],
		...incomplete.length > 0 ? [`${incomplete.length} paths could not be read`] : [],
		...unused(config.include, "include"),
		...unused(config.exclude, "exclude")
	];
}
export { toolVersion as n, buildIndex as r, archive as t };
