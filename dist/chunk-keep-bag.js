import { $t as findOddLines, A as imageSettings, At as markUnsteady, B as scan, Bn as isUnpacked, Cn as secretWords, D as languageList, E as isRuntimeFolder, Ft as findSqliteName, Gn as createBag, Hn as packBag, I as showsSameRoot, In as compareWithEntry, It as isCounted, J as checkArchives, Jn as throwProblems, Jt as INVENTORY_FILE, Kn as invalid, Kt as parseDpkgStatus, L as strengthenedTarget, Ln as isInPayload, Lt as sqliteRows, Mn as toolVersion, Mt as extendedAttributes, Nn as openBag, Nt as tarStream, O as linkFate, P as directoryTarget, Pt as chunksOf, Q as versionedDirectories, Qt as accountFiles, R as decide, Rn as isArchive, Rt as readRunning, Sn as secretVariables, Tn as ruleFinder, Vn as IndexTally, Vt as readSystemFiles, Wt as useStream, X as versionedPrograms, Yn as readTar, Yt as formatInventories, Zn as contentSha256, _ as readOwnServices, an as parseDockerfile, at as volumesOf, b as programNames, bn as findSecretKind, bt as smokeTests, cr as printable, ct as checkFlaky, dn as readDistributions, dr as engineReference, et as waitingCommand, f as warningsAtArchive, fn as knowledgeFolder, fr as runRecord, g as generateDockerfile, gn as require_dist, h as packageLists, hn as imageOf, ht as goldenFiles, ir as comparePaths, it as repeatableOptions, j as rewriteDockerfile, jt as takeInventories, k as mountAround, m as chosenPackages, mn as findRelease, mt as findGolden, nn as shellWords, nt as namedVolumes, on as require_main, or as decodeBytes, ot as runOptionArguments, pn as readRules, q as walkSince, qn as show, qt as linkResolver, rn as endGrowthOfYoungGeneration, rt as overlappingMounts, sr as encodeBytes, tn as shellWord, tt as mountPointsOf, v as readServices, w as keepLocalPackages, wn as compileGlobs, wt as withoutSecrets, xn as holdsPasswordHash, y as recogniseServices, zt as readSystem } from "./chunk-annotation.js";
import { s as PerennialError, t as formatReference } from "./chunk-reference.js";
import { O as safeParse } from "./chunk-dist2.js";
import { r as findShortRetention } from "./chunk-retention.js";
import { a as openContainer, n as imageBaseline, r as readBaseline, t as readRebuildContext } from "./chunk-rebuild-context.js";
import { a as storedNames, t as bagFileName } from "./chunk-bag-file-name.js";
import { D as openStore } from "./chunk-docker-credentials.js";
import { createReadStream } from "node:fs";
import { join, relative, sep } from "node:path";
import { readFile, readdir, stat } from "node:fs/promises";
// src/bag/reconcile-index.ts
var import_dist = require_dist();
/**
* The entries of an index while it is written, held against the payload and the manifest's counts as reconcilePayload does it with those of a bag
* that is there: what BagWriter.finish finds on the disk is what passed here.
* @throws PerennialError as verifyBag, at the latest after the last entry
*/
async function* reconciledIndex(index, members, counts) {
	const problems = [];
	const tally = new IndexTally(problems);
	let kept = 0;
	for await (const entry of tally.over(index)) {
		if (problems.length > 1e3) break;
		const found = members.get(entry.path);
		if (isInPayload(entry)) kept++;
		if (found) problems.push(...compareWithEntry(entry, found));
		else if (isInPayload(entry)) problems.push(invalid(`${show(entry.path)} is kept by the index, but not in the payload`));
		yield entry;
	}
	if (kept !== members.count) problems.push(invalid(`the payload has ${members.count} members, the index keeps ${kept} paths`));
	throwProblems("What was archived", { problems: [...problems, ...tally.compare(counts)] });
}
// src/archive/default-tests.ts
/** Lines of one `each` that become tests: a server of a thousand hosts is not asked for each. */
const MOST = 50;
/**
* The smoke tests that are asked without any configuration: those of the knowledge entries that recognise the service.
* What a container says goes into single fields of a test, never into a shell text, and passes the schema of perennial.yml.
*/
async function defaultTests(target, services, sockets) {
	const tests = [];
	for (const service of services) for (const probe of service.probes) tests.push(...await testsOf(target, service, probe, sockets));
	const names = /* @__PURE__ */ new Set();
	return tests.filter(({ name }) => !names.has(name) && names.add(name));
}
async function testsOf(target, service, probe, sockets) {
	if (probe.when && await ask$1(target, probe, probe.when) === void 0) return [];
	const lines = probe.listening ? portLines(probe.listening, probe.ports, sockets) : probe.each ? (await ask$1(target, probe, probe.each) ?? "").split("\n").filter(Boolean) : [""];
	return [...new Set(lines)].slice(0, MOST).flatMap((line) => {
		const test = {
			...filled(probe.test, parseValues(line)),
			name: `${service.title}: ${fill(probe.title, parseValues(line))}`
		};
		const parsed = safeParse(smokeTests, [{
			...test,
			from: service.id
		}]);
		return parsed.success ? parsed.output : [];
	});
}
function portLines(programs, usual, sockets) {
	const isTheirs = ({ program, port }) => program === "" ? usual.includes(port) : programNames(program).some((name) => programs.includes(name));
	return sockets.filter((each) => each.protocol === "tcp" && isTheirs(each)).map((each) => `port=${each.port}`);
}
/** What a program of an entry printed; undefined when it failed. */
async function ask$1(target, probe, program) {
	const user = probe.user ? { user: probe.user } : {};
	const { code, stdout } = await target.exec([
		"sh",
		"-c",
		program
	], {
		allowFailure: true,
		...user
	});
	return code === 0 ? stdout.toString() : void 0;
}
/** `port=80<TAB>host=www.lab.example` */
function parseValues(line) {
	return new Map(line.split("	").map((part) => {
		const at = part.indexOf("=");
		return [part.slice(0, at), printable(part.slice(at + 1))];
	}));
}
/** Fills `{name}` in every text of a test; a text that is one placeholder of digits becomes a number. */
function filled(value, values) {
	if (typeof value === "string") {
		const text = fill(value, values);
		return /^\{\w+\}$/.test(value) && /^\d{1,5}$/.test(text) ? Number(text) : text;
	}
	if (Array.isArray(value)) return value.map((each) => filled(each, values));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, values)]));
}
function fill(text, values) {
	return text.replace(/\{(\w+)\}/g, (whole, name) => values.get(name) ?? whole);
}
// src/archive/ask-living.ts
/**
* Golden answers of the owner's smoke tests and of those that knowledge/ asks by itself, each asked twice, and what the services
* say they hold. A default that fails or is not the same twice says nothing and is dropped: nobody asked for it.
*/
async function askLiving(container, config, progress) {
	const { services, sockets } = config.defaults ? await recogniseLiving(container.target, config.knowledge) : NOTHING;
	const defaults = await defaultTests(container.target, services, sockets);
	const tests = [...config.smoke, ...defaults.filter((each) => !config.smoke.some((own) => own.name === each.name))];
	const { inventories, notes } = await takeInventories(container.target, services);
	if (tests.length === 0) return {
		tests,
		answers: [],
		inventories,
		notes
	};
	const byThemselves = tests.length - config.smoke.length;
	progress.step(`Asking the living service ${tests.length} smoke tests${byThemselves > 0 ? ` (${byThemselves} by default)` : ""}, twice`);
	const { engine, name, address } = container;
	const answers = await checkFlaky(tests, {
		engine,
		container: name,
		address,
		allowHost: true
	}, progress);
	const useless = new Set(tests.filter((test) => test.from && !isTelling(answers.find((each) => each.name === test.name))).map((each) => each.name));
	if (useless.size > 0) progress.step(`Not kept, since the living service gives no steady answer: ${[...useless].join(", ")}`);
	return {
		tests: tests.filter((each) => !useless.has(each.name)),
		answers: answers.filter((each) => !useless.has(each.name)),
		inventories,
		notes
	};
}
/** Asks for the inventories once more, after the exports: what changes meanwhile proves nothing. */
async function inventoriesAgain(target, first, services) {
	if (first.length === 0) return first;
	const only = new Set(first.map((each) => `${each.service}/${each.id}`));
	return markUnsteady(first, (await takeInventories(target, services, only)).inventories);
}
function isTelling(answer) {
	return answer !== void 0 && !answer.flaky && /^(ok|connected|exit 0|[1-5]\d\d)$/.test(answer.status);
}
const NOTHING = {
	services: [],
	sockets: []
};
/** By packages and programs: files are not looked through yet. */
async function recogniseLiving(target, knowledge) {
	const status = "var/lib/dpkg/status";
	const [services, files, { processes, sockets }] = await Promise.all([
		readServices(knowledge),
		readSystemFiles(target, [status]),
		readRunning(target, String, () => "")
	]);
	const packages = files.has(`/${status}`) ? parseDpkgStatus(files.text(`/${status}`), "") : [];
	return {
		services: recogniseServices(services, {
			packages: packages.filter((each) => each.status !== "config-files").map((each) => each.name),
			programs: processes.map((each) => each.program.slice(each.program.lastIndexOf("/") + 1)),
			hasFile: () => false
		}),
		sockets
	};
}
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
		replaced.push({
			id: `${service.id}/${each.id}`,
			test: await replacedPaths(target, service, each)
		});
	}
	const replacedBy = (path) => replaced.find((each) => each.test(path))?.id;
	return {
		dumps,
		replacedBy: Object.assign(replacedBy, {
			isEmpty: replaced.length === 0,
			keepsRaw: keepRaw
		})
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
async function replacedPaths(target, service, each) {
	return replacedTest(each, each.replacesFrom ? await replacedFolders(target, service, each.replacesFrom) : []);
}
async function replacedFolders(target, service, program) {
	const { stdout } = await target.exec([
		"sh",
		"-c",
		program
	]).catch((cause) => {
		throw new PerennialError("step-failed", `Where the data of ${service.title} lie could not be found: ${cause.message}`, {
			cause,
			hint: "Nothing was archived: without it nobody knows which files the export carries."
		});
	});
	return stdout.toString().split("\n").filter((line) => line.startsWith("/") && line !== "/");
}
/** A test whether an export carries a path. Pure. @param folders that its program named: all below them */
function replacedTest({ replaces, keeps }, folders) {
	const [isFixed, isOwn] = [compileGlobs(replaces), compileGlobs(keeps)];
	return (path) => (isFixed(path) || folders.some((folder) => path.startsWith(`${folder}/`))) && !isOwn(path);
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
// src/archive/foreign-dockerfile.ts
var import_main = require_main();
const MOST_SHOWN = 100;
/**
* Says when the Dockerfile of a context has steps that an image was not built by: what the image's build made is left to the Dockerfile, and
* another one would not make it again.
* @returns notes for the manifest
*/
async function foreignDockerfileNotes(engine, imageId, context) {
	const missing = stepsMissing(await readFile(join(context.directory, context.dockerfile), "utf8"), await engine.imageHistory(imageId));
	if (missing.length === 0) return [];
	return [`The Dockerfile of the context may not be the one of this image, which has no step "RUN ${printable(withoutSecrets(missing[0])).slice(0, MOST_SHOWN)}"${missing.length > 1 ? ` (and ${missing.length - 1} more)` : ""}. What the build made is not in the archive: see with \`perennial verify --rebuild\` that this Dockerfile makes the same, or archive without a context`];
}
/**
* RUN instructions of a Dockerfile's last stage that no layer of an image was made by. Pure. Those in JSON and heredocs are not looked at:
* builders write them down in their own ways.
* @param history what each layer was made by, as the engine tells it
*/
function stepsMissing(dockerfile, history) {
	const instructions = import_main.DockerfileParser.parse(dockerfile).getInstructions();
	const last = instructions.findLastIndex((each) => each instanceof import_main.From);
	const made = history.map(squeeze);
	return instructions.slice(last + 1).filter((each) => each instanceof import_main.Run).filter((each) => each.getJSONStrings().length === 0 && each.getHeredocs().length === 0).map((each) => oneLine(each.getRawArgumentsContent() ?? "")).filter((step) => step !== "" && !made.some((layer) => layer.includes(squeeze(step))));
}
/** Lines that go on, without the comments between them. */
function oneLine(step) {
	return step.replace(/^[ \t]*#.*\n/gm, "").replace(/\\[ \t]*\n/g, "");
}
/** Builders keep or drop the blanks of lines that go on. */
function squeeze(text) {
	return text.replace(/\s+/g, "");
}
// src/archive/index-entries.ts
/**
* The lines of files.ndjson: what was decided, joined with what tar wrote, in the order of `decided`. Each is made anew whenever the index
* is iterated.
* @param members of the payload, if there is one
* @param isTimeless paths of which size and time would make a difference where there is none
*/
function buildIndex(decided, members, accounts, resolves, isTimeless = () => false) {
	const users = new Map([...accounts.passwd].reverse().map((each) => [each.uid, each.name]));
	const groups = new Map([...accounts.group].reverse().map((each) => [each.gid, each.name]));
	return { *[Symbol.iterator]() {
		for (const each of decided) {
			const entry = indexEntry(each, members?.get(each.entry.path), users, groups, resolves);
			yield isTimeless(each) ? {
				...entry,
				size: 0,
				mtime: ""
			} : entry;
		}
	} };
}
function indexEntry(each, member, users, groups, resolves) {
	const { entry, probe } = each;
	const attributes = member ?? probe;
	const line = {
		path: entry.path,
		kind: entry.kind,
		mode: entry.mode.toString(8).padStart(4, "0"),
		uid: entry.uid,
		gid: entry.gid,
		user: users.get(entry.uid) ?? "",
		group: groups.get(entry.gid) ?? "",
		size: member?.kind === "file" ? member.size : entry.size,
		mtime: member?.kind === "file" ? member.mtime : entry.mtime
	};
	if (member?.sha256) line.sha256 = member.sha256;
	if (each.disposition === "leave" && each.rule.startsWith("language/") && entry.kind === "file" && probe) line.sha256 = probe.sha256;
	if (entry.kind === "symlink") {
		line.target = entry.target;
		if (!resolves(entry.path, entry.target)) line.dangling = true;
	}
	if (member?.kind === "hardlink") line.hardlink = `/${member.linkTarget.replace(/^\.?\/+/, "")}`;
	if (attributes && Object.keys(attributes.xattrs).length > 0) line.xattrs = attributes.xattrs;
	if (attributes?.aclAccess !== void 0) line.aclAccess = attributes.aclAccess;
	if (attributes?.aclDefault !== void 0) line.aclDefault = attributes.aclDefault;
	if (member?.secret) line.secret = member.secret;
	line.disposition = each.disposition;
	line.rule = each.rule;
	line.why = each.why;
	if (each.package) line.package = each.package;
	line.origin = each.origin;
	if (each.seenBy.length > 0) line.seenBy = each.seenBy;
	return line;
}
// src/archive/inner-mounts.ts
/** What every container has mounted by its engine or kernel. */
const USUAL = /^\/($|(proc|sys|dev|run)(\/|$)|etc\/(hosts|hostname|resolv\.conf)$|sbin\/docker-init$|usr\/bin\/init$|\.dockerinit$)/;
/**
* File systems that were mounted inside a running container, which the engine knows nothing of (a FUSE, NFS or loop mount): a walk does not
* enter them, so their policy has to be stated. Empty where the target does not tell.
* @param known the mounts that the engine reports
*/
async function findInnerMounts(target, known) {
	const { code, stdout } = await target.exec(["cat", `/proc/${target.isBeside ? 1 : "self"}/mountinfo`], { allowFailure: true });
	return code === 0 ? parseInnerMounts(decodeBytes(stdout), known) : [];
}
/** Lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)): the fifth field is the place, with octal escapes; after ` - ` comes the type. */
function parseInnerMounts(text, known) {
	const places = new Set(known.map((each) => each.destination));
	const found = /* @__PURE__ */ new Map();
	for (const line of text.split("\n")) {
		const destination = unescapeOctal(line.split(" ")[4] ?? "");
		const type = / - (\S+)/.exec(line)?.[1];
		if (!destination || !type || USUAL.test(destination) || places.has(destination)) continue;
		const why = `a file system of type ${type} that was mounted inside the container: it is not entered`;
		found.set(destination, {
			destination,
			kept: false,
			why
		});
	}
	return [...found.values()];
}
function unescapeOctal(text) {
	return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
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
				package: packageOf(each.program),
				...scriptOf(each, packageOf)
			})),
			sockets: parts.running.sockets,
			...parts.foretold.length > 0 ? { foretold: parts.foretold } : {}
		},
		system: {
			...seen.system.facts,
			packages: withEditedConffiles(seen.system.facts.packages, parts.index),
			versionedDirectories: versionedDirectories([...parts.found.packages.keys(), ...localFolders(parts.index)]),
			versionedPrograms: versionedPrograms(seen.system.facts.packages, parts.found.packages)
		},
		rebuild: parts.rebuild ? {
			dockerfile: parts.rebuild.dockerfile,
			context: ".",
			buildArgs: options.buildArgs ?? {}
		} : null,
		languagePackages: parts.found.languages,
		dumps: parts.dumps,
		pristine: parts.pristine,
		mounts: seen.mounts,
		counts: counts(parts),
		notes: parts.notes
	};
}
const PROGRAM = /^\/(?:usr\/)?s?bin\/[^/]+$/;
/** A program that the process was started to run, by an interpreter or by one that only prepares the way: the first of a package among its arguments. */
function scriptOf({ argv }, packageOf) {
	const script = argv.slice(1).find((word) => PROGRAM.test(word) && packageOf(word) !== "");
	return script === void 0 ? {} : { script: {
		program: script,
		package: packageOf(script)
	} };
}
/** Folders that a person made for programs: no file list has them, and a program looks for its own version's (@INC of perl). */
function* localFolders(index) {
	for (const { path, kind, disposition } of index) if (kind === "directory" && disposition === "keep" && path.startsWith("/usr/local/")) yield path;
}
/** The names under which services can be started: a later package may have others. */
const SERVICE_SCRIPT = /^\/etc\/init\.d\/[^/]+$/;
/** Digests of configuration files matter only where the owner changed something; the others fill the manifest. */
function withEditedConffiles(packages, index) {
	const changed = /* @__PURE__ */ new Map();
	for (const { package: owner, path, disposition } of index) {
		if (owner === void 0 || disposition === "parent") continue;
		const paths = changed.get(owner) ?? /* @__PURE__ */ new Set();
		changed.set(owner, paths.add(path));
	}
	return packages.map((each) => ({
		...each,
		conffiles: Object.fromEntries(Object.entries(each.conffiles).filter(([path]) => changed.get(each.name)?.has(path) || SERVICE_SCRIPT.test(path)))
	}));
}
function counts(parts) {
	const rules = {};
	const add = (rule, paths, bytes, kept) => {
		const sum = rules[rule] ?? {
			paths: 0,
			bytes: 0,
			kept
		};
		sum.paths += paths;
		sum.bytes += bytes;
		sum.kept ||= kept;
		rules[rule] = sum;
	};
	const sums = {
		kept: 0,
		keptBytes: 0,
		deleted: 0
	};
	for (const { rule, size, disposition } of parts.index) {
		add(rule, 1, size, disposition !== "leave" && disposition !== "parent");
		if (disposition === "delete") sums.deleted++;
		if (disposition !== "keep" && disposition !== "record") continue;
		sums.kept++;
		sums.keptBytes += size;
	}
	for (const [rule, sum] of parts.found.passed) add(rule, sum.paths, sum.bytes, false);
	return {
		paths: parts.seen.entries.size,
		...sums,
		rules
	};
}
function creationTime() {
	const epoch = Number(process.env.SOURCE_DATE_EPOCH);
	return process.env.SOURCE_DATE_EPOCH && Number.isFinite(epoch) ? /* @__PURE__ */ new Date(epoch * 1e3) : /* @__PURE__ */ new Date();
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
// src/archive/pristine.ts
/** Larger files are not configuration that anybody merges. */
const LARGEST = 1048576;
/**
* Keeps the version before the owner's edits of every edited configuration file, for a three-way merge in ten years.
* The image has it for whatever was there before operation, conffile or not.
*/
async function writePristine(image, decided, baseline, bag) {
	if (!image || !baseline) return [];
	const paths = [];
	for (const each of decided) if (wantsPristine(each, baseline)) paths.push(each.entry.path);
	if (paths.length === 0) return [];
	const pristine = [];
	const read = async ({ stdout }) => {
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
	await useStream(tarStream(image, paths), read, "Reading the versions before the edits");
	return pristine;
}
function wantsPristine(each, baseline) {
	const before = baseline.image.get(each.entry.path);
	if (each.rule === "accounts/account-databases") return before !== void 0;
	if (each.disposition !== "keep" || each.origin !== "operation" || !each.entry.path.isWellFormed()) return false;
	if (before?.kind !== "file" || each.entry.kind !== "file" || before.size > LARGEST) return false;
	return each.entry.path.startsWith("/etc/") || each.rule === "package/edited-conffile" || each.rule === "package/modified";
}
// src/archive/false-links.ts
/**
* Names that tar took for another name of a file that it had read, although each was a file of its own: it tells files by their inodes, and a file that is
* replaced meanwhile gives its inode to the next one. Content of the other file would come back. Pure.
* @param links path -> the path that it is said to be the same as
* @param before the walk, which counted names
* @param mounts where one file may be seen twice that has one name
*/
function falseLinks(links, before, mounts) {
	const isAlone = (path) => (before.get(path)?.links ?? 2) < 2;
	const found = [];
	for (const [path, target] of links) if ((isAlone(path) || isAlone(target)) && mountAround(path, mounts) === mountAround(target, mounts)) found.push(path);
	return found;
}
// src/archive/late-changes.ts
const NO_CHANGES = {
	changed: [],
	came: []
};
/** The kernel stamps files with its clock of the last tick, which is some milliseconds behind (ktime_get_coarse_real_ts64). */
const TICK_NANOSECONDS = 20000000n;
/**
* The target's clock, for lateChanges: seconds since 1970 as find(1) takes them. Undefined where nobody can tell, and where files are read through the
* engine, of which no time of the status change is known.
*/
async function clockOf(target) {
	if (target.files) return void 0;
	const { code, stdout } = await target.exec(["date", "+%s%N"], {
		allowFailure: true,
		env: { LC_ALL: "C" }
	});
	const text = stdout.toString().trim();
	if (code !== 0 || !/^\d{18,20}$/.test(text)) return void 0;
	const digits = String(BigInt(text) - TICK_NANOSECONDS);
	return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
/**
* Looks for files whose inodes changed since a walk began: each file of the payload is sound, but a program that keeps its data in several needs all
* of one moment. Logs only grow, and SQLite's files are held against each other (unsettledDatabases).
* @param since clockOf before the walk
* @param isKept whether a path is in the payload
* @param judging by which paths that came are left at once
*/
async function lateChanges(target, { entries, mounts }, since, isKept, judging) {
	if (since === void 0 || target.files) return NO_CHANGES;
	const found = {
		changed: [],
		came: []
	};
	const kept = mounts.filter((mount) => mount.kept).map((mount) => mount.destination);
	const isLeft = leaving(judging);
	await walkSince(target, kept, since, (entry) => {
		const { path, kind, ctime } = entry;
		const was = entries.get(path);
		if (!was && !isLeft(entry)) found.came.push(path);
		else if (was && kind === "file" && was.ctime !== ctime && isKept(path) && !isAlone(path, entries)) found.changed.push(path);
	});
	return {
		changed: [...new Set(found.changed)].sort(),
		came: [...new Set(found.came)]
	};
}
/** What is surely left, without a look at anything else. */
function leaving({ rules, owner, replacedBy }) {
	const findRule = ruleFinder(rules);
	return ({ path, kind, target }) => {
		if (kind === "directory" || kind === "socket") return true;
		if (owner.include(path)) return false;
		const rule = findRule(path, kind, target);
		const byRule = rule?.action === "leave" && !rule.exceptMounts && !rule.unlessTargetKept && !rule.onlyAlternatives;
		return owner.exclude(path) || byRule || replacedBy(path) !== void 0;
	};
}
/** Whether a file need not be of one moment with others, or was held against them. */
function isAlone(path, entries) {
	return /^\/var\/log\/|\.log$|-(?:wal|shm|journal)$/.test(path) || ["wal", "journal"].some((log) => entries.has(`${path}-${log}`));
}
// src/archive/moved-files.ts
/**
* Paths that came while others went, and that are as those were: a file that is moved (a mail that was read, a log that is rotated) keeps its time
* to the nanosecond, size and owner (rename(2)). Pure.
* @param gone paths of `before` that could not be read any more
* @param kept paths of the later walk that would be archived
*/
function movedPaths(gone, before, kept) {
	const wanted = new Set(gone.flatMap((path) => traits(before.get(path))));
	if (wanted.size === 0) return [];
	const moved = [];
	for (const entry of kept) if (!before.has(entry.path) && traits(entry).some((each) => wanted.has(each))) moved.push(entry.path);
	return moved;
}
/** Of a folder the time is another as soon as something in it moves. */
function traits(entry) {
	if (!entry || entry.kind === "directory") return [];
	const { kind, size, mtime, uid, gid, mode, target } = entry;
	return [JSON.stringify([
		kind,
		size,
		mtime,
		uid,
		gid,
		mode,
		target
	])];
}
// src/classify/secret-content.ts
/** Of each file so many bytes are looked at; secrets stand at the beginning of small files. */
const SECRET_HEAD = 65536;
/**
* What kind of secret the beginning of a file holds, whatever its name is. Pure; what was found is not returned.
* @param head SECRET_HEAD bytes of a file, or some more of an export
* @param path absolute, or relative to a bag: settings count in configuration files only
*/
function findSecretContent(head, path) {
	if (isKeytab(head)) return "keytabs";
	const isSqlite = head.subarray(0, SQLITE.length).equals(SQLITE);
	if (!isSqlite && head.subarray(0, 512).includes(0)) return void 0;
	const text = head.toString("latin1");
	PAIRS.read(head);
	if (isSqlite) return holdsAny(HASHES, text) ? "password hashes" : void 0;
	if (holdsAny(PRIVATE_KEYS, text)) return "private keys";
	if (holdsAny(HASHES, text) || isPasswordList(text)) return "password hashes";
	if (holdsAny(TOKENS, text)) return "tokens and passwords";
	return isConfiguration(path) && holdsSetting(text) ? "tokens and passwords" : void 0;
}
/**
* Which two bytes stand beside each other in a text. Most texts lack two that a shape needs, which one pass tells of all shapes: looking for each in
* turn took a quarter of the time in which many small files are archived.
*/
var BytePairs = class {
	#seen = new Uint8Array(2 ** 16);
	/** What a pair of the present text is marked with: the marks of earlier ones need not be taken away. */
	#mark = 0;
	read(bytes) {
		this.#mark = this.#mark + 1 & 255;
		if (this.#mark === 0) {
			this.#seen.fill(0);
			this.#mark = 1;
		}
		const [seen, mark] = [this.#seen, this.#mark];
		let pair = 0;
		for (let n = 0; n < bytes.length; n++) {
			pair = (pair << 8 | bytes[n]) & 65535;
			seen[pair] = mark;
		}
	}
	/** Whether all of them were in what was read last. */
	has(pairs) {
		for (const pair of pairs) if (this.#seen[pair] !== this.#mark) return false;
		return true;
	}
};
const PAIRS = new BytePairs();
function shape(needs, expression) {
	const bytes = Buffer.from(needs, "latin1");
	return {
		needs,
		pairs: [...bytes.subarray(1)].map((byte, n) => bytes[n] << 8 | byte),
		expression
	};
}
/** @param text what PAIRS has read */
function holdsAny(shapes, text) {
	return shapes.some(({ needs, pairs, expression }) => PAIRS.has(pairs) && text.includes(needs) && expression.test(text));
}
/** https://www.sqlite.org/fileformat.html#magic_header_string; a table of users stands in its first pages as text. */
const SQLITE = Buffer.from("SQLite format 3\0");
/** Of a key more than its first line has to be there: manuals and programs name that, too. */
const PRIVATE_KEYS = [
	shape("PRIVATE KEY", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\s|\\[nr])+(?:[\w-]+: [^\n]*\n\s*)*[A-Za-z0-9+/]{32}/),
	shape("PGP PRIVATE KEY", /-----BEGIN PGP PRIVATE KEY BLOCK-----\s[\s\S]{0,400}?[A-Za-z0-9+/]{60}/),
	shape("PuTTY-User-Key-File-", /^PuTTY-User-Key-File-[1-3]: [\s\S]*?^Private-Lines: [1-9]/m),
	shape("AGE-SECRET-KEY-1", /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/),
	shape("PrivateKey", /PrivateKey\s*=\s*[A-Za-z0-9+/]{43}=/)
];
/** crypt(5), htpasswd(1), RFC 2307, slapd.conf(5), the dumps of PostgreSQL and MariaDB, smbpasswd(5). */
const HASHES = [
	shape("$", /\$(?:1|apr1)\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}(?![./0-9A-Za-z])/),
	shape("$5$", /\$5\$(?:rounds=\d+\$)?[^\s$:]{1,16}\$[./0-9A-Za-z]{43}(?![./0-9A-Za-z])/),
	shape("$6$", /\$6\$(?:rounds=\d+\$)?[^\s$:]{1,16}\$[./0-9A-Za-z]{86}(?![./0-9A-Za-z])/),
	shape("$2", /\$2[abxy]?\$\d\d\$[./0-9A-Za-z]{53}(?![./0-9A-Za-z])/),
	shape("y$", /\$g?y\$[./0-9A-Za-z]+\$[./0-9A-Za-z]*\$[./0-9A-Za-z]{43}(?![./0-9A-Za-z])/),
	shape("$argon2", /\$argon2(?:id?|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16}/),
	shape("{", /\{S?(?:SHA|SHA256|SHA384|SHA512|MD5)\}[A-Za-z0-9+/]{20,}={0,2}/),
	shape("{", /\{(?:CRYPT|ARGON2|PBKDF2[\w-]*)\}\S{13}/),
	shape("userPassword:", /userPassword::? ?\S{4}/),
	shape("olcRootPW:", /olcRootPW::? ?\S{4}/),
	shape("SCRAM-SHA-256$", /SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=]{40}/),
	shape("PASSWORD 'md5", /PASSWORD 'md5[0-9a-f]{32}'/),
	shape(" '*", /(?:PASSWORD|AS|,) '\*[0-9A-F]{40}'/),
	shape(":[", /:[0-9A-F]{32}:\[[UNDWSLXI ]{11}\]:/)
];
/** Forms that the services themselves document for their scanners. */
const TOKENS = [
	shape("AKIA", /\bAKIA[A-Z2-7]{16}\b(?<!EXAMPLE)/),
	shape("ASIA", /\bASIA[A-Z2-7]{16}\b(?<!EXAMPLE)/),
	shape("_", /\bgh[pousr]_[A-Za-z0-9]{36}/),
	shape("github_pat_", /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/),
	shape("glpat-", /\bglpat-[\w-]{20}/),
	shape("xox", /\bxox[abeprs]-[A-Za-z0-9-]{20}/),
	shape("hooks.slack.com/", /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20}/),
	shape("npm_", /\bnpm_[A-Za-z0-9]{36}\b/),
	shape("pypi-", /\bpypi-AgEIcHlwaS5vcmc[\w-]{50}/),
	shape("k_live_", /\b[sr]k_live_[A-Za-z0-9]{24}/),
	shape("AIza", /\bAIza[\w-]{35}(?![\w-])/),
	shape("SG.", /\bSG\.[\w-]{22}\.[\w-]{43}/),
	shape("passw", /\s[\w.-]+\/[\w./-]*passw[\w-]*\s+password\s+[^\s\\'"]{4}/),
	shape("secret", /\bsecret\s+"[A-Za-z0-9+/]{16,}={0,2}"\s*;/)
];
/** A keytab begins with 5, 2 and the length of its first entry, which begins with 1 to 8 names (krb5, "keytab file format"). */
function isKeytab(head) {
	if (head.length < 12 || head[0] !== 5 || head[1] !== 2) return false;
	const [length, names, realm] = [
		head.readInt32BE(2),
		head.readUInt16BE(6),
		head.readUInt16BE(8)
	];
	return length > 12 && length < 4096 && names >= 1 && names <= 8 && realm >= 1 && realm < length;
}
const DIGEST_LINE = /^[^:\s]+:[^:]+:[0-9a-f]{32}$/;
const DES_LINE = /^[^:\s]+:(?=.*[A-Z])(?=.*[a-z])[./0-9A-Za-z]{13}$/;
const MOST_LINES$1 = 2e3;
/** htdigest(1), and htpasswd(1) with crypt's oldest form: nothing in a line says so, so all lines have to be such. */
function isPasswordList(text) {
	if (text.length < 16 || text.indexOf(":") < 1) return false;
	const lines = text.split("\n", MOST_LINES$1).filter((line) => line !== "" && !line.startsWith("#"));
	return lines.length > 0 && (lines.every((line) => DIGEST_LINE.test(line)) || lines.every((line) => DES_LINE.test(line)));
}
const CONFIGURATION = /^\/etc\/|^data\/(?:settings|rebuild)\/|\.(?:conf|cfg|cnf|ini|env|ya?ml|toml|properties|json|php|xml)$/;
function isConfiguration(path) {
	return CONFIGURATION.test(path);
}
/** `db_password = x`, `"apiToken": "x"`, `define('DB_PASSWORD', 'x')`, `$pass => 'x'`; the name ends so. */
const SETTING = /^[ \t]*(?:export[ \t]+|define\([ \t]*|ENV[ \t]+|\$)?["']?(?:ldap |admin )?[\w.-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|secret[_-]?key|access[_-]?key|bindpw|rootpw)["']?[ \t]*(?:=>|[:=,])[ \t]*["']?([^\s"'#;,)<]{4,})/gim;
/** The same without a sign between (redis.conf, ldap.conf, slapd.conf). */
const WORDS = /^[ \t]*(?:requirepass|masterauth|bindpw|rootpw)[ \t]+["']?([^\s"'#;,)<]{4,})/gim;
/** `postgres://app:x@db/`. */
const ADDRESS = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s:@/"'<>]{1,64}:([^\s:@/"'<>]{3,})@/gi;
/** No secrets: switches, places, variables, sources of nsswitch.conf(5), programs, and what testparm and others print for "unset". */
const EMPTY = /^(?:true|false|none|null|required|optional|files|compat|systemd|prompt|default|disabled|enabled|scram-sha-256|\/.*|[$%{<*(|@].*|x{4,}|\*+)$/i;
function holdsSetting(text) {
	return (text.includes("://") ? [
		SETTING,
		WORDS,
		ADDRESS
	] : [SETTING, WORDS]).some((shape) => [...text.matchAll(shape)].some((match) => !EMPTY.test(match[1]) && !isComment(match)));
}
/** Examples stand in comments. */
function isComment({ input, index }) {
	const line = input.slice(input.lastIndexOf("\n", index - 1) + 1, index + 1).trimStart();
	return /^(?:[#;!*]|\/[/*]|<!--|--)/.test(line);
}
// src/archive/archived-members.ts
const DIGEST_BYTES = 32;
/** A file of the size and time that the walk saw, without further attributes. */
const AS_SEEN = 1;
/** The same, with zeros at the end of its time left out, as tar writes times. */
const TRIMMED = 2;
/**
* What tar wrote, by path. Of a file that is as the walk saw it there is only its digest; of all others an object.
*/
var ArchivedMembers = class {
	#table;
	#objects = /* @__PURE__ */ new Map();
	#states;
	#digests;
	#count = 0;
	constructor(table) {
		this.#table = table;
		this.#states = new Uint8Array(table.rows);
		this.#digests = Buffer.alloc(table.rows * DIGEST_BYTES);
	}
	/** Members that were added, one that came twice counted twice. */
	get count() {
		return this.#count;
	}
	/** Hard links: a path, and the path that has the content. */
	*links() {
		for (const [path, { kind, linkTarget }] of this.#objects) if (kind === "hardlink") yield [path, `/${linkTarget.replace(/^\.?\/+/, "")}`];
	}
	/** Adds a member of the payload's tar; the last one of a path counts. */
	add({ header, sha256, head }) {
		this.#count++;
		const path = `/${header.path}`;
		const { xattrs, aclAccess, aclDefault } = extendedAttributes(header);
		const { kind, size, mtime, linkTarget } = header;
		const ordinal = this.#table.ordinalOf(path);
		const isPlain = Object.keys(xattrs).length === 0 && aclAccess === void 0 && aclDefault === void 0;
		const secret = head && head.length > 0 ? findSecretContent(head, path) : void 0;
		const state = ordinal >= 0 && kind === "file" && isPlain && secret === void 0 && sha256 !== void 0 && linkTarget === "" ? this.#stateOf(ordinal, size, mtime) : 0;
		if (ordinal >= 0) this.#states[ordinal] = state;
		if (state === 0) {
			const own = {
				...aclAccess === void 0 ? {} : { aclAccess },
				...aclDefault === void 0 ? {} : { aclDefault },
				...secret === void 0 ? {} : { secret }
			};
			this.#objects.set(path, {
				kind,
				size,
				mtime,
				linkTarget,
				xattrs,
				...own,
				...sha256 ? { sha256 } : {}
			});
			return;
		}
		this.#objects.delete(path);
		this.#digests.write(sha256, ordinal * DIGEST_BYTES, "hex");
	}
	/** What the payload has of a path; undefined when it is not in it. */
	get(path) {
		const object = this.#objects.get(path);
		if (object) return object;
		const ordinal = this.#table.ordinalOf(path);
		const state = ordinal < 0 ? 0 : this.#states[ordinal];
		if (state === 0) return void 0;
		const { size, mtime } = this.#table.sizeAndTimeAt(ordinal);
		const sha256 = this.#digests.toString("hex", ordinal * DIGEST_BYTES, (ordinal + 1) * DIGEST_BYTES);
		return {
			kind: "file",
			size,
			mtime: state === TRIMMED ? trimmed(mtime) : mtime,
			linkTarget: "",
			xattrs: {},
			sha256
		};
	}
	has(path) {
		if (this.#objects.has(path)) return true;
		const ordinal = this.#table.ordinalOf(path);
		return ordinal >= 0 && this.#states[ordinal] !== 0;
	}
	#stateOf(ordinal, size, mtime) {
		const seen = this.#table.sizeAndTimeAt(ordinal);
		if (seen.size !== size) return 0;
		if (seen.mtime === mtime) return AS_SEEN;
		return trimmed(seen.mtime) === mtime ? TRIMMED : 0;
	}
};
/** `12.340000000` as `12.34`. */
function trimmed(time) {
	return time.replace(/\.?0+$/, "");
}
// src/archive/grown-files.ts
/**
* Of files that changed while they were archived, those that begin with exactly what was archived: logs and journals that went on
* growing, files that were only touched. What is in the archive was then the whole file at one moment. Each is read again up to the
* size that it has in the archive; a program that writes in the middle of a file is found out by it.
* @returns path -> whether it has more content now; other files are not in it
*/
async function findGrown(target, changed, archived) {
	if (changed.length === 0) return /* @__PURE__ */ new Map();
	const grown = /* @__PURE__ */ new Map();
	const read = async ({ stdout }) => {
		for await (const member of readTar(stdout)) {
			const path = `/${member.header.path}`;
			const before = archived.get(path);
			if (before?.sha256 !== void 0 && await beginningSha256(member, before.size) === before.sha256) grown.set(path, member.header.size > before.size);
		}
	};
	await useStream(tarStream(target, [...changed]), read, "Reading changed files again");
	return grown;
}
/** Digest of the first bytes of a member; undefined when it is shorter, or sparse and not of that size (holes move then). */
async function beginningSha256({ header, body }, size) {
	if (header.kind !== "file" || header.size < size) return void 0;
	if (header.sparse) return header.size === size ? contentSha256({
		header,
		body
	}) : void 0;
	return contentSha256({
		header: {
			...header,
			size,
			storedSize: size
		},
		body: beginning(body, size)
	});
}
async function* beginning(body, size) {
	let left = size;
	for await (const chunk of body) {
		if (left > 0) yield chunk.subarray(0, left);
		left -= Math.min(left, chunk.length);
	}
}
// src/archive/sqlite-sets.ts
/**
* SQLite databases that were in use while they were archived, and are not whole in the archive. A database is its file and its
* write-ahead log (https://www.sqlite.org/wal.html, https://www.sqlite.org/tempfiles.html): when a checkpoint moves the log into the file
* between the reading of the two, transactions are lost. Both were of one moment when, read again, the file is the same and
* the log begins with what was archived.
* @param paths what was to be archived
*/
async function unsettledDatabases(target, paths, members) {
	const logged = /* @__PURE__ */ new Set();
	for (const path of paths) {
		const log = /-(?:wal|journal)$/.exec(path);
		if (log) logged.add(path.slice(0, log.index));
	}
	if (logged.size === 0) return [];
	const all = /* @__PURE__ */ new Set();
	for (const path of paths) if (logged.has(path) || /-(?:wal|journal)$/.test(path)) all.add(path);
	const databases = [...logged].filter((path) => all.has(path)).sort(comparePaths);
	const grown = await findGrown(target, databases.flatMap((path) => [path, `${path}-wal`]).filter((path) => all.has(path)), members);
	const isWhole = (path) => grown.get(path) === false && (!all.has(`${path}-wal`) || grown.has(`${path}-wal`));
	return databases.filter((path) => !isWhole(path));
}
// src/archive/payload.ts
/** A file that is written while tar reads it is read again this many times before it is an error. */
const ATTEMPTS$1 = 3;
/**
* Streams the payload from the target's tar into the bag, byte for byte, and accounts for every path of the list.
* @param paths are iterated more than once
* @param table of the walk that found them
*/
async function writePayload(target, paths, table, bag, progress) {
	for (let attempt = 1;; attempt++) {
		const members = new ArchivedMembers(table);
		const pack = ({ stdout }) => bag.addPayload(chunksOf(stdout), (member) => members.add(member), headBytes);
		const { code, stderr } = await useStream(tarStream(target, paths), pack, "Archiving");
		const moved = changedPaths(stderr);
		const grown = await findGrown(target, moved, members);
		const torn = await unsettledDatabases(target, paths, members);
		const changed = [.../* @__PURE__ */ new Set([...moved.filter((path) => !grown.has(path)), ...torn])];
		if (changed.length > 0 && attempt < ATTEMPTS$1) {
			progress.warn(`${changed.length} files changed while they were read; reading again`);
			continue;
		}
		const gone = new Set(vanishedPaths(stderr));
		const unreadable = /* @__PURE__ */ new Set();
		for (const path of paths) if (!members.has(path) && !gone.has(path)) unreadable.add(path);
		for (const path of changed) unreadable.add(path);
		if (code > 1 && unreadable.size === 0 && gone.size === 0) throw new PerennialError("command-failed", `tar ended with exit code ${code}: ${stderr.trim().split("\n").at(-1)}`);
		return {
			members,
			unreadable: [...unreadable],
			moving: changed,
			grown: [...grown.keys()].filter((path) => !torn.includes(path)).sort(),
			vanished: [...gone].sort()
		};
	}
}
/** Bytes of the beginning of a file of this size that are looked at. Secrets are looked for while the payload passes: nothing is read twice. */
function headBytes(size) {
	return size > 0 && size <= 1048576 ? SECRET_HEAD : 0;
}
/** `tar: ./srv/x: file changed as we read it`, and shrunk files that tar padded with zeros. Folders are not data. */
function changedPaths(stderr) {
	return [...stderr.matchAll(/^tar: (?:\.\/)?(.+?): (?:file changed as we read it|File shrank by .*)$/gm)].map((match) => `/${unquote(match[1])}`);
}
/** `tar: ./srv/x: Cannot stat: No such file or directory`: it was there when the list was made. */
function vanishedPaths(stderr) {
	return [...stderr.matchAll(/^tar: (?:\.\/)?(.+?): (?:Warning: )?(?:Cannot (?:stat|open): No such file or directory|File removed before we read it)$/gm)].map((match) => `/${unquote(match[1])}`);
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
// src/archive/read-files.ts
/** Files that are moved or replaced while they are read are looked for again this many times. */
const ATTEMPTS = 3;
/** Looks at every path. @param expected what an earlier scan decided beforehand */
async function timedScan(target, options, expected) {
	const since = await clockOf(target);
	return {
		seen: await scan(target, options.mounts, options, expected),
		since
	};
}
/**
* Decides about every path and writes the payload. Where paths went away meanwhile and others came that are the same files, everything is looked at
* again: a file that was only moved would be in neither place. The same goes for files that tar takes for each other (falseLinks).
* @param first an earlier look
*/
async function readFiles(target, first, options) {
	const { bag, progress, mounts } = options;
	let { seen, since } = first;
	let found = await decide(seen, {
		...options,
		target
	});
	for (let attempt = 1;; attempt++) {
		const rows = await options.rowsOf(target, seen, found);
		progress.step(`Archiving ${countOf(payloadPaths(found.decided))} paths`);
		const payload = await writePayload(target, payloadPaths(found.decided), seen.entries, bag, progress);
		const mistaken = falseLinks(payload.members.links(), seen.entries, mounts);
		const inPayload = (path) => payload.members.has(path);
		const late = await lateChanges(target, seen, options.isStill ? void 0 : since, inPayload, options);
		const reading = {
			seen,
			found,
			payload,
			rows,
			escaped: [],
			mistaken,
			late
		};
		if (payload.vanished.length + mistaken.length + late.came.length === 0) return reading;
		const next = await timedScan(target, options, seen.expected);
		const foundNext = await decide(next.seen, {
			...options,
			target
		});
		const moved = movedPaths(payload.vanished, seen.entries, keptEntries(foundNext.decided));
		if (moved.length + mistaken.length === 0 || attempt === ATTEMPTS) return {
			...reading,
			escaped: moved,
			late: {
				...late,
				came: newPaths(foundNext.decided, seen, moved)
			}
		};
		progress.warn(`${moved.length + mistaken.length} files were moved or replaced while they were read; looking again`);
		({seen, since} = next);
		found = foundNext;
	}
}
/** What would be kept, too, had an earlier look seen it. @param moved is told otherwise */
function newPaths(decided, before, moved) {
	const known = new Set(moved);
	const found = [];
	for (const { path, kind } of keptEntries(decided)) if (kind !== "directory" && !before.entries.has(path) && !known.has(path)) found.push(path);
	return found;
}
/** Payload members: everything that is carried as bytes. */
function isPayload(each) {
	return (each.disposition === "keep" || each.disposition === "record") && each.entry.kind !== "socket";
}
function* keptEntries(decided) {
	for (const each of decided) if (isPayload(each)) yield each.entry;
}
/** Paths of the payload, in the order of `decided` whenever they are iterated. */
function payloadPaths(decided) {
	return { *[Symbol.iterator]() {
		for (const { path } of keptEntries(decided)) yield path;
	} };
}
function countOf(all) {
	let count = 0;
	for (const _ of all) count++;
	return count;
}
// src/archive/record-settings.ts
/** Seconds that one program gets: it only prints. */
const SECONDS = 20;
/** Lines of one checker that are kept. */
const MOST_LINES = 50;
/** Words with which programs name what a later version will not take any more. */
const DEPRECATED = /deprecat|obsolete|no longer|will be (removed|dropped|ignored)|removed in|is removed|unsupported|not supported|superseded|use .+ instead|legacy/i;
/**
* Records the effective settings of the recognised services (`postconf -n`, `testparm -s`), each in a file below data/settings/, and what
* their own checkers call deprecated: it names most of what the next version refuses. A program that fails is passed over, since its
* service may be broken and is archived all the same.
*/
async function recordSettings(target, services, bag, progress) {
	const foretold = [];
	for (const service of services) {
		if (service.settings.length + service.checks.length > 0) progress.step(`Asking ${service.title} for its effective settings`);
		for (const { id, run, user } of service.settings) {
			const { code, output } = await ask(target, run, user);
			if (code === 0 && output.length > 0) await bag.addFile(`data/settings/${service.id}-${id}.txt`, output);
		}
		for (const { id, when, run, user } of service.checks) {
			if (when && (await ask(target, when)).code !== 0) continue;
			const { output } = await ask(target, run, user);
			foretold.push(...deprecations(decodeBytes(output)).map((line) => ({
				service: service.id,
				check: id,
				line
			})));
		}
	}
	return foretold;
}
/** Lines of a checker's output that tell of what goes away, each once. */
function deprecations(text) {
	const lines = text.split("\n").map((line) => line.trim());
	return [...new Set(lines.filter((line) => DEPRECATED.test(line)))].slice(0, MOST_LINES);
}
async function ask(target, run, user) {
	const argv = [
		"timeout",
		String(SECONDS),
		"sh",
		"-c",
		run
	];
	const { code, stdout, stderr } = await target.exec(argv, {
		allowFailure: true,
		...user ? { user } : {}
	});
	return {
		code,
		output: stdout.length > 0 ? stdout : Buffer.from(stderr)
	};
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
// src/plan/payload-lists.ts
/** Made by packages, their scripts or the build: right again only on the release that it was made on. */
const MADE_BY_PACKAGES = /* @__PURE__ */ new Set(["image/unowned", "package/modified"]);
const DELETED_FOLDERS = "deleted-folders0";
const ACCOUNT_FILE = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/;
/** Names that the kernel takes (xattr(7)); what tar recorded of another file system has no place here. */
const XATTR_NAME = /^(user|trusted|security|system)\.[^\s=]+$/;
/**
* What restore/apply.sh reads beside its text, in a container whose volumes lie at `mounts`: file name -> content, for the lists that are not empty. `records`, `accounts` and
* `made-by-packages` are always there. Lists whose names end in 0 hold values that each end in a NUL; the others are for GNU tar's options, lines.
*/
function payloadLists(index, mounts) {
	const lists = new Lists();
	const kept = keptInShared(index, mounts);
	for (const entry of index) {
		addEntry(lists, entry);
		if (entry.disposition === "keep" && entry.hardlink !== void 0) {
			const fate = linkFate(entry.path, entry.hardlink, mounts, (path) => kept.has(path));
			if (fate !== "link") lists.add("links-across", `${excludePattern(entry.path)}\n`);
			if (fate === "copy") lists.add("copies0", `${entry.hardlink}\0${entry.path}\0`);
		}
	}
	return lists.files();
}
/** Kept paths below mount points that show the same. */
function keptInShared(index, mounts) {
	const shared = mounts.filter((mount) => mounts.some((other) => other !== mount && other.source === mount.source));
	const kept = /* @__PURE__ */ new Set();
	if (shared.length === 0) return kept;
	for (const { path, disposition } of index) if (disposition === "keep" && mountAround(path, shared)) kept.add(path);
	return kept;
}
function addEntry(lists, entry) {
	const { path, disposition } = entry;
	if (disposition === "record") {
		lists.add("records", `${excludePattern(path)}\n`);
		if (ACCOUNT_FILE.test(path) && entry.kind === "file") lists.add("accounts", `.${path}\n`);
	} else if (disposition === "keep" && entry.rule === "export/raw") lists.add("records", `${excludePattern(path)}\n`);
	else if (disposition === "keep" && MADE_BY_PACKAGES.has(entry.rule)) lists.add("made-by-packages", `${excludePattern(path)}\n`);
	else if (disposition === "delete") lists.add(entry.kind === "directory" ? DELETED_FOLDERS : "deleted-files0", `${path}\0`);
	else if (disposition === "attributes") addAttributes(lists, entry);
	else if (isRuntimeFolder(entry)) lists.add("folders0", `${path}\0${ownerOf$1(entry)}\0${modeOf(entry)}\0`);
}
function ownerOf$1(entry) {
	return `${entry.user || entry.uid}:${entry.group || entry.gid}`;
}
/** Five digits: with four, chmod leaves the setgid bit of a directory that had it. */
function modeOf(entry) {
	return entry.mode.padStart(5, "0");
}
function addAttributes(lists, entry) {
	const { path, xattrs = {}, aclAccess = "", aclDefault = "" } = entry;
	lists.add("attributes0", `${path}\0${ownerOf$1(entry)}\0${modeOf(entry)}\0`);
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
	const points = mountPointsOf(mountPoints, run.mounts);
	const notes = overlappingMounts(points);
	const mounts = namedVolumes(NAME, points);
	const { published = [], ...options } = repeatableOptions(run, mounts, notes);
	const publish = runOptionArguments({ published });
	const lines = [
		"  set --",
		...publish.length > 0 ? [`  [ "\${PUBLISH:-}" = no ] || set -- ${shellWords(publish)}`] : [],
		`  "$engine" run --detach --name "$name" "$@" ${BREAK}${optionLines(runOptionArguments(options))}--entrypoint /bin/sh "$image" ${BREAK}` + shellWords(waitingCommand([...run.entrypoint, ...run.command]))
	];
	return {
		volumes: volumesOf(mounts).map((volume) => volume.replace(`${NAME}-`, "")),
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
// src/plan/unpack-lists.ts
/** What can stand in a line with tabs; archives vouch for no other path. */
const PLAIN = /^\/[\x20-\x5b\x5d-\x7e]+$/;
const OWNER = /^[\w.][\w.@$-]*$/;
/**
* Lines for program/unpack.sh: archives of packages of npm and gem, and the files that are unpacked of them. Pure; '' where there are none.
* Whatever is no plain name is left out, and so is missing there.
*/
function unpackLists(index) {
	const lists = {
		archives: "",
		unpacked: ""
	};
	for (const entry of index) {
		const { path, mode, mtime, sha256 } = entry;
		if (!PLAIN.test(path)) continue;
		if (isArchive(entry)) lists.archives += `${path}\n`;
		else if (isUnpacked(entry) && sha256) lists.unpacked += `${[
			sha256,
			mode,
			ownerOf(entry),
			mtime || "0",
			path
		].join("	")}\n`;
	}
	return lists;
}
function ownerOf({ user, group, uid, gid }) {
	const one = (name, id) => OWNER.test(name) ? name : String(id);
	return `${one(user, uid)}:${one(group, gid)}`;
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
		...payloadLists(index, pointsOf(facts)),
		["diversions.sh", diversionCommands(manifest.system.overrides)],
		...languageFiles(manifest, index, texts.languages),
		...unpackFiles(index, texts.unpack),
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
function languageFiles(manifest, index, program) {
	const list = languageList(manifest.languagePackages, index);
	return list === "" ? [] : [["languages", list], ["languages.sh", program]];
}
function unpackFiles(index, program) {
	const { archives, unpacked } = unpackLists(index);
	return unpacked === "" ? [] : [
		["archives", archives],
		["unpacked", unpacked],
		["unpack.sh", program]
	];
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
	const found = [];
	if (wanted.size > 0) {
		for (const entry of index) if (wanted.has(entry.path)) found.push(entry);
	}
	return found;
}
/** The recorded Dockerfile with its base as an argument, or one made of the chosen packages. */
function bagDockerfile({ manifest, dockerfile, base }) {
	if (dockerfile !== void 0) return withBaseArgument(dockerfile, manifest.rebuild?.buildArgs ?? {});
	const packages = chosenPackages(manifest.system.packages);
	return withBaseArgument(generateDockerfile(packages, base, imageSettings(manifest.service.image)), {});
}
/** What is mounted in the new container. A single file that was mounted is a file of the container now. */
function pointsOf({ manifest, index }) {
	const { mounts, service } = manifest;
	const destinations = new Set(mounts.map((mount) => mount.destination));
	const kinds = /* @__PURE__ */ new Map();
	for (const { path, kind } of index) if (destinations.has(path)) kinds.set(path, kind);
	const points = mounts.filter((mount) => mount.kept && (kinds.get(mount.destination) ?? "directory") === "directory");
	return mountPointsOf(points.map((mount) => mount.destination), service.run.mounts).map(({ destination, from }) => ({
		type: "volume",
		source: from,
		destination,
		writable: true,
		anonymous: false
	}));
}
function serviceText(facts, base, loads) {
	const { service, rebuild, system } = facts.manifest;
	const start = startCommands(service.run, pointsOf(facts).map((mount) => mount.destination));
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
	const [restore, apply, accounts, languages, unpack] = await Promise.all([
		"restore.sh",
		"apply.sh",
		"accounts.awk",
		"languages.sh",
		"unpack.sh"
	].map((name) => readFile(join(folder, name), "utf8")));
	return {
		restore,
		apply,
		accounts,
		languages,
		unpack
	};
}
// src/archive/source-notes.ts
/** Paths that a note names; the rest is counted. */
const NAMED = 10;
/**
* What is said of paths about which two sources disagree (the engine's diff and the walk): such a path is kept unless a rule leaves
* it whatever it holds, and of those there is nothing to say.
*/
function disagreementNotes(paths, decided) {
	return note("The engine's diff and the files themselves disagree about some paths, which are therefore kept", paths.filter((path) => ![
		"leave",
		"parent",
		void 0
	].includes(decided.verdict(path)?.disposition)));
}
/** What is said of files that did not hold still while they were read. */
function movingNotes({ grown, vanished, moving, escaped, mistaken, late }) {
	const changed = late.changed.filter((path) => !moving.includes(path) && !mistaken.includes(path));
	return [
		...note("Files that grew while they were read are archived at the size that they had", grown),
		...note(`Files changed whenever they were read. ${FREEZE}`, moving),
		...note(`Files were moved whenever they were read, and are not in the archive. ${FREEZE}`, escaped),
		...note(`Files were replaced whenever they were read, and have the content of another file. ${FREEZE}`, mistaken),
		...note(`Files changed while others were read: each is as it was at one moment, not all at the same. ${FREEZE}`, changed),
		...note("Files came while the service was archived, and are not in the archive", late.came),
		...note("Paths were removed while the service was archived, and are not in the archive", vanished)
	];
}
const FREEZE = "With `freeze: true` in perennial.yml the service holds still meanwhile";
function note(what, paths) {
	if (paths.length === 0) return [];
	const more = paths.length > NAMED ? `, and ${paths.length - NAMED} more` : "";
	return [`${what} (${paths.length}): ${paths.slice(0, NAMED).map(printable).join(", ")}${more}`];
}
/** Sockets of which nobody could tell which program holds them: that it is the same one after a restore stays unproved. */
function ownerlessNotes({ sockets, unknown }) {
	const ownerless = sockets.filter((each) => each.program === "").map((each) => `${each.protocol} port ${each.port}`);
	if (ownerless.length === 0) return [];
	return [`Which program listens on ${[...new Set(ownerless)].join(", ")} could not be told${unknown ? `: ${unknown}` : ""}`];
}
/**
* What is said of lines of the account databases that are no accounts (nsswitch.conf(5), "compat"; or broken ones): they are archived, but merging
* accounts by name has no place for them.
* @param read gives the text of a file of the system
*/
function oddAccountNotes(read) {
	const texts = Object.fromEntries(accountFiles.map((file) => [file, read(`/etc/${file}`)]));
	return note("Lines that are no accounts are in the archive, and a restore does not put them back", findOddLines(texts).map(({ file, name }) => `${name} of /etc/${file}`));
}
// src/archive/timeless.ts
/**
* Of which paths size and time are the engine's doing, not the service's: what it makes at each start, and the directories in which it does.
* A stopped container is read through another one, whose start sets them too. A directory that is archived itself keeps its time: that is
* put back.
* @param decided all that goes into the index
* @param rules those that it was decided by
*/
function timeless(decided, rules) {
	const everyStart = new Set(rules.filter((rule) => rule.everyStart).map((rule) => rule.id));
	const isMade = (each) => everyStart.has(each.rule);
	const touched = /* @__PURE__ */ new Set();
	for (const each of decided) if (isMade(each)) touched.add(each.entry.path.replace(/\/[^/]*$/, ""));
	return (each) => isMade(each) || each.disposition !== "keep" && touched.has(each.entry.path);
}
// src/archive/while-frozen.ts
/**
* Freezes a running container while its files are read, so that all are of one moment: what lies there is what a program finds after a power cut,
* for which every database is made. Nothing can be run in it meanwhile: it is read from beside it. Goes on in any case; a run that is killed
* leaves it to the next one (sweepLeftovers).
* @throws PerennialError `engine-failed` where it cannot be read from beside, or does not go on
*/
async function whileFrozen(engine, container, plain, read) {
	const frozen = plain.files ? plain : strengthenedTarget(engine, container);
	if (!plain.files && !await showsSameRoot(plain, frozen)) throw new PerennialError("engine-failed", `The container ${container.name} cannot be read while it is frozen`, { hint: "Its files are not to be seen from beside it (`--pid host`, or an engine without that right): leave out `freeze`." });
	const gone = runRecord.add({
		kind: "frozen",
		value: container.id,
		engine: engineReference(engine.name)
	});
	try {
		await engine.pause(container.id);
		return await read(frozen);
	} finally {
		await engine.unpause(container.id);
		gone();
	}
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
		imageTarget: void 0,
		container: void 0,
		image: void 0,
		lost: "",
		disagreements: () => [],
		close: async () => {}
	};
	const engine = options.engine;
	const container = await engine.inspectContainer(options.container ?? "");
	const image = await engine.findImage(container.imageId);
	const { image: imageTarget, ...opened } = await openContainer(engine, container);
	return {
		...opened,
		imageTarget,
		container,
		image
	};
}
async function archiveInto(bag, subject, rebuild, options, started) {
	const { config, progress } = options;
	const foreign = await foreignNotes(subject, rebuild, options);
	const living = await askIfRunning(subject, options);
	const baseline = await openBaseline(subject, options);
	progress.step("Looking at every path");
	const [services, rules] = await Promise.all([readServices(config.knowledge), readRules()]);
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
	const mounts = subject.container?.run.mounts ?? [];
	const first = await timedScan(subject.target, {
		...judging,
		mounts
	});
	let { seen } = first;
	if (seen.entries.rows > 0) endGrowthOfYoungGeneration();
	const running = await runningOf(subject, seen);
	const recognised = recognise(services, seen, running.processes);
	const unwritten = subject.container?.running ? await flushMemory(subject.target, recognised, progress) : [];
	await quiesce(subject, config);
	const exported = await exportData(subject.target, recognised, bag, config.rawData, progress);
	const freezes = config.freeze && subject.container?.running && options.engine;
	const reading = {
		...judging,
		mounts,
		bag,
		isStill: Boolean(freezes),
		progress,
		replacedBy: exported.replacedBy,
		readImage: async () => subject.imageTarget ? readSystem(subject.imageTarget) : void 0,
		engineDiff: engineDiffOf(subject, options),
		rowsOf: (target, scanned, decided) => sqliteHeld(subject, target, scanned, decided)
	};
	const isOld = exported.dumps.length > 0 || config.quiesce.length > 0 || recognised.some((each) => each.flush.length > 0);
	const read = async (target, again) => readFiles(target, again ? await timedScan(target, reading, seen.expected) : first, reading);
	if (freezes) progress.step("Freezing the service while its files are read");
	const { found, payload, rows, escaped, mistaken, late, ...last } = freezes ? await whileFrozen(options.engine, subject.container, subject.target, (target) => read(target, true)) : await read(subject.target, isOld);
	seen = last.seen;
	checkArchives(found.decided.objects(), payload.members);
	const vanished = new Set(payload.vanished);
	const index = buildIndex(asArchived(filtered(found.decided, (each) => isListed(each) && !vanished.has(each.entry.path)), payload.members), payload.members, seen.system.accounts, linkResolver(seen.links, (path) => seen.entries.has(path)), timeless(found.decided, rules));
	const localNotes = await keepLocalPackages({
		target: subject.target,
		now: seen.system,
		image: baseline?.system,
		rebuildable: rebuild !== void 0,
		bag,
		progress
	});
	const inner = subject.container?.running ? await findInnerMounts(subject.target, seen.mounts) : [];
	seen.mounts.push(...inner);
	const foretold = subject.container?.running ? await recordSettings(subject.target, recognised, bag, progress) : [];
	const pristine = await writePristine(subject.imageTarget, found.decided, baseline, bag);
	if (rebuild) await addRebuild(bag, rebuild);
	for (const file of goldenFiles(living)) await bag.addFile(file.path, file.content);
	const inventories = [...await inventoriesAgain(subject.target, living.inventories, recognised), ...markUnsteady(rows, rows.length > 0 ? await sqliteHeld(subject, subject.target, seen, found) : [])];
	if (inventories.length > 0) await bag.addFile(INVENTORY_FILE, formatInventories(inventories));
	const incomplete = [.../* @__PURE__ */ new Set([
		...seen.unreadable,
		...payload.unreadable,
		...escaped,
		...mistaken
	])].sort();
	const manifest = buildManifest({
		options,
		container: subject.container,
		image: subject.image,
		seen,
		found,
		index,
		running,
		recognised,
		foretold,
		dumps: exported.dumps,
		pristine,
		rebuild,
		notes: [
			...warningsAtArchive(recognised, seen.system.facts.packages),
			...living.notes,
			...unwritten,
			...foreign,
			...localNotes,
			...inner.map(({ destination, why }) => `${destination} is not in the archive: ${why}`),
			...movingNotes({
				...payload,
				escaped,
				mistaken,
				late
			}),
			...oddAccountNotes((path) => seen.system.files.text(path)),
			...ownerlessNotes(running),
			...notes(subject, incomplete, found, config, seen.system.facts.packageManager)
		]
	});
	await addOwnKnowledge(bag, recognised, config);
	await addRestoreProgram(bag, manifest, index, recognised);
	progress.step("Writing the index and verifying the bag");
	const path = await bag.finish(manifest, reconciledIndex(index, payload.members, manifest.counts));
	const timings = {
		detect: rounded(found.seconds),
		total: rounded((performance.now() - started) / 1e3)
	};
	return {
		bag: path,
		manifest,
		index,
		golden: living.answers,
		incomplete,
		timings
	};
}
/** The owner's own entries, for whoever has no repository any more: a restore uses them only when `--knowledge` names them. */
async function addOwnKnowledge(bag, recognised, { knowledge }) {
	const own = new Set(knowledge ? (await readOwnServices(knowledge)).map((each) => each.id) : []);
	for (const each of recognised.filter((service) => own.has(service.id))) await bag.addFile(`data/knowledge/${each.id}.yml`, (0, import_dist.stringify)(each));
}
/** Seconds to the millisecond. */
function rounded(seconds) {
	return Math.round(seconds * 1e3) / 1e3;
}
function filtered(all, isWanted) {
	return { *[Symbol.iterator]() {
		for (const one of all) if (isWanted(one)) yield one;
	} };
}
/** What was to be kept and is not in the payload could not be read, and is told so: the payload is what the index says. */
function asArchived(decided, members) {
	return { *[Symbol.iterator]() {
		for (const each of decided) yield isPayload(each) && !members.has(each.entry.path) ? {
			...each,
			...UNREAD
		} : each;
	} };
}
const UNREAD = {
	disposition: "leave",
	rule: "payload/unreadable",
	why: "it could not be read"
};
/** What was so in the image and is made again needs no line of its own: it is counted by rule. */
function isListed(each) {
	return each.disposition !== "leave" || each.origin === "operation";
}
async function askIfRunning(subject, options) {
	const { container, target } = subject;
	if (container?.running) {
		const { name, address } = container;
		return askLiving({
			engine: options.engine,
			name,
			address,
			target
		}, options.config, options.progress);
	}
	if (options.config.smoke.length > 0) options.progress.warn("The container does not run: there are no golden answers to compare a restore with");
	return {
		tests: options.config.smoke,
		answers: [],
		inventories: [],
		notes: []
	};
}
async function openBaseline(subject, options) {
	if (options.baseline) return readBaseline(options.baseline, subject.container);
	if (!subject.container) return void 0;
	options.progress.step("Looking at the image as it was before operation");
	return imageBaseline(options.engine, subject.container, subject.imageTarget);
}
/** The second source, where it is asked for; what came through the engine's export was compared with it already. */
function engineDiffOf({ container, target }, { engine, config }) {
	if (!config.crossCheck || !container || !engine || target.files) return void 0;
	return () => engine.diff(container.id);
}
async function runningOf(subject, seen) {
	if (!subject.container?.running) return {
		processes: [],
		sockets: [],
		unixSockets: []
	};
	const names = new Map(seen.system.accounts.passwd.map((each) => [each.uid, each.name]));
	return readRunning(subject.target, (uid) => names.get(uid) ?? String(uid), () => "");
}
/** What the SQLite databases among what is kept hold. */
async function sqliteHeld({ container }, target, seen, found) {
	if (!container?.running) return [];
	const files = /* @__PURE__ */ new Map();
	for (const { entry, disposition } of found.decided) {
		const path = disposition === "keep" ? findSqliteName(entry.path) : void 0;
		if (path !== void 0 && isCounted(seen.entries.get(path)?.size ?? 0)) files.set(path, path);
	}
	const rows = await sqliteRows(target, files);
	return rows ? [rows] : [];
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
/** That the Dockerfile is another one than the image's is said at once, too: there is still something to be done about it. */
async function foreignNotes({ image }, rebuild, { engine, progress }) {
	if (!engine || !image || !rebuild) return [];
	const said = await foreignDockerfileNotes(engine, image.id, rebuild);
	for (const note of said) progress.warn(note);
	return said;
}
function matchesAny(glob, decided) {
	const matches = compileGlobs([glob]);
	for (const each of decided) if (matches(each.entry.path)) return true;
	return false;
}
function notes(subject, incomplete, found, config, packageManager) {
	const recordsModes = packageManager === "rpm" || packageManager === "apk";
	const unused = (globs, field) => globs.filter((glob) => !matchesAny(glob, found.decided)).map((glob) => `The ${field} glob ${glob} of perennial.yml matches nothing`);
	return [
		...subject.container || recordsModes ? [] : ["There is no image to compare with: another mode or owner of a packaged file cannot be seen"],
		...subject.lost ? [subject.lost] : [],
		...disagreementNotes([...subject.disagreements(), ...found.disagreements], found.decided),
		...incomplete.length > 0 ? [`${incomplete.length} paths could not be read`] : [],
		...unused(config.include, "include"),
		...unused(config.exclude, "exclude")
	];
}
// src/archive/find-secrets.ts
const LARGEST_SHADOW = 67108864;
/** Every system has these; they count only where somebody has a password. */
const SHADOW = ["/etc/shadow", "/etc/gshadow"];
/**
* Secrets that a bag holds in plain text, counted by kind: kept files, logical exports, effective settings, the build context,
* environment values, build arguments and the passwords of smoke tests. What they are is shown nowhere. Contents of kept files were
* looked at when they were archived; of an archive that does not know it only the shadow databases are, for whether there is a hash.
*/
async function findSecrets(bag) {
	const found = /* @__PURE__ */ new Map();
	const add = (kind, path) => {
		const paths = found.get(kind);
		if (paths) paths.push(path);
		else found.set(kind, [path]);
	};
	const shadows = [];
	for await (const entry of bag.readIndex()) {
		const kind = findSecretKind(entry);
		if (kind && SHADOW.includes(entry.path) && !entry.secret) shadows.push(entry.path);
		else if (kind) add(kind, entry.path);
	}
	for (const path of await withHashes(bag, shadows)) add("password hashes", path);
	for (const words of await wordsOf(bag)) add("tokens and passwords", words);
	for (const path of await ownFiles(bag)) {
		const kind = findSecretContent(await headOf(bag, path), path) ?? findBuildSecret(path);
		if (kind) add(kind, path);
	}
	return [...found].map(([kind, paths]) => ({
		kind,
		paths
	}));
}
async function withHashes(bag, paths) {
	const wanted = new Set(paths);
	const found = [];
	if (wanted.size === 0) return found;
	for await (const member of readTar(bag.openPayload())) {
		const path = `/${member.header.path}`;
		if (!wanted.delete(path) || member.header.size > LARGEST_SHADOW) continue;
		const chunks = [];
		for await (const chunk of member.body) chunks.push(chunk);
		if (holdsPasswordHash(Buffer.concat(chunks).toString("latin1"))) found.push(path);
		if (wanted.size === 0) break;
	}
	return found;
}
/** Files of the bag itself that may hold secrets: originals of edited configuration are as shipped, and tests are looked at by field. */
async function ownFiles(bag) {
	const paths = (await readdir(join(bag.dir, "data"), {
		recursive: true,
		withFileTypes: true
	})).filter((each) => each.isFile()).map((each) => relative(bag.dir, join(each.parentPath, each.name)).split(sep).join("/"));
	return [.../* @__PURE__ */ new Set([...paths, ...bag.packed.keys()])].filter((path) => /^data\/(dumps|settings|rebuild)\//.test(path)).sort();
}
/** A file of the build context has the same names as on the system that it is copied to. */
function findBuildSecret(path) {
	if (!path.startsWith("data/rebuild/")) return void 0;
	return findSecretKind({
		kind: "file",
		mode: "0644",
		size: 1,
		rule: "",
		disposition: "keep",
		path: path.slice(12)
	});
}
/** An export of accounts begins with them, or has them early. */
const EXPORT_HEAD = 1048576;
async function headOf(bag, path) {
	const pieces = [];
	let bytes = 0;
	for await (const piece of bag.read(path)) {
		pieces.push(piece);
		bytes += piece.length;
		if (bytes >= EXPORT_HEAD) break;
	}
	return Buffer.concat(pieces).subarray(0, EXPORT_HEAD);
}
/** Secrets that are no files of the service. */
async function wordsOf(bag) {
	const { service, rebuild } = bag.manifest;
	const tests = ((await findGolden(join(bag.dir, "data/smoke")))?.tests ?? []).filter((each) => "password" in each && each.password);
	return [
		...secretVariables(service.run.env).map((name) => `environment ${name}`),
		...secretVariables(rebuild?.buildArgs ?? {}).map((name) => `build argument ${name}`),
		...tests.map((each) => `smoke test "${each.name}"`)
	];
}
// src/archive/keep-bag.ts
/** What secrets are in a bag's folder. */
async function secretsOf(bagFolder) {
	return findSecrets(await openBag(bagFolder));
}
/**
* Packs a bag's folder into a file of `folder`, encrypted where there is a lock, and removes the bag's folder unless `keep` is set: the packed one
* is the same.
*/
async function packInto(folder, bag, options) {
	const name = bagFileName(bag.name, options.lock !== void 0);
	const file = join(folder, name);
	return {
		file,
		name,
		...await packBag(bag.dir, file, {
			lock: options.lock,
			consume: !options.keep
		}),
		service: options.lock ? "" : bag.service,
		created: bag.created
	};
}
/**
* Puts a packed bag into stores, one after the other. Before the first one it is made sure that no plain secrets go where others can read them.
* @throws PerennialError `bad-input` for such secrets, and what stores throw; the packed bag is still there then
*/
async function keepBag(packed, references, settings, rules) {
	for (const each of references) checkName(each, packed);
	const stores = await Promise.all(references.map((reference) => openStore(reference, settings)));
	for (const store of stores) await refusePlainSecrets(store, rules);
	const kept = [];
	for (const store of stores) {
		settings.progress.step(`Putting the bag into ${store.place}`);
		const started = performance.now();
		const one = await store.put(packed);
		kept.push({
			...one,
			place: store.place,
			seconds: Math.round((performance.now() - started) / 100) / 10
		});
	}
	return kept;
}
/** Sentences about stores that forget a bag sooner than it shall last. */
function shortRetentions(kept, keepForDays) {
	if (kept.filter((each) => findShortRetention(each, keepForDays) === void 0).length > 0) return [];
	return kept.map((each) => findShortRetention(each, keepForDays)).filter((each) => each !== void 0);
}
/** A bag is kept under its own name. */
function checkName(reference, packed) {
	if (!("name" in reference) || reference.name === "" || storedNames(reference.name).includes(packed.name)) return;
	throw new PerennialError("bad-input", `${formatReference(reference)} is another name than that of the bag, ${packed.name}`, { hint: "Leave it out of the reference, and name the bag with `artifact-name` (`--name` on the command line)." });
}
async function refusePlainSecrets(store, rules) {
	if (rules.encrypted || rules.secrets.length === 0 || rules.allowPlaintextSecrets) return;
	const readers = await store.readers();
	if (readers === "owner" || readers === "collaborators") return;
	const who = readers === "others" ? "can be read by others" : "may be read by others, it does not tell";
	throw new PerennialError("bad-input", `The archive is not put into ${store.place}, which ${who}: it holds secrets in plain text: ${secretWords(rules.secrets)}`, { hint: ENCRYPT_HINT });
}
const ENCRYPT_HINT = `Encrypt it with this line in the step (\`--recipient age1…\` on the command line):
  encrypt-to: age1…   # the public key that \`age-keygen -o key.txt\` prints; key.txt opens the archive, keep it safe
If others may read the secrets, set \`allow-plaintext-secrets: true\` (\`--allow-plaintext-secrets\`).`;
export { findSecrets as a, shortRetentions as i, packInto as n, archive as o, secretsOf as r, buildIndex as s, keepBag as t };
