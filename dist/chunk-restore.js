import { $ as array, At as PerennialError, B as parseAccounts, Ct as decodeBytes, D as imageTarget, Dt as interruption, F as endOfTar, I as memberPadding, L as rewriteMember, M as readTar, O as packageFiles, P as encodeTarMember, T as containerTarget, Tt as printable, U as useStream, Z as require_dist, _ as tarList, _t as safeParse, a as waitUntilReady, b as resolve$2, bt as string, dt as optional, g as probeFiles, ht as regex, jt as compileGlobs, k as readSystem, lt as number, m as TAR_CREATE, ot as minLength, p as scan, pt as pipe, rt as getDotPath, v as canonicalPaths, wt as encodeBytes, y as linkResolver, yt as strictObject, z as formatAccounts } from "./chunk-wait-ready.js";
import { A as readRunning, B as recogniseServices, E as findRelease, F as diffIndices, H as readRules, I as silentProgress, L as findGolden, M as runSmokeTests, N as compareAnswers, O as releasesBetween, P as diff3MergeRegions, S as withoutToken, T as defaultBase, V as knowledgeFolder, _ as rewriteText, a as READY_MARK, b as versionTokens, c as repeatableOptions, d as dockerfilePackages, f as rewriteDockerfile, g as mapPath, h as deriveSubstitutions, l as imageSettings, m as shellWords, n as openBag, o as waitingCommand, p as shellWord, r as verifyBag, s as namedVolumes, u as generateDockerfile, v as findVersionChange, w as readDistributions, x as withoutTimeT, y as versionPattern, z as readServices } from "./chunk-byte-text.js";
import { createReadStream, createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { createHash, randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { pipeline as pipeline$1 } from "node:stream/promises";
// src/report/plan-text.ts
/** The plan for a terminal: what will be done, in order, and why. */
function planText(plan) {
	return [
		`Plan: ${printable(plan.service)}, ${plan.from.prettyName} -> ${plan.to.prettyName} (${plan.base})`,
		...plan.steps.map((step, n) => `${String(n + 1).padStart(3)}. [${step.stage}] ${printable(step.what)}\n       ${printable(step.why)} (${step.rule})`),
		...plan.notes.length > 0 ? ["Notes:", ...plan.notes.map((note) => `  - ${printable(note)}`)] : [],
		...plan.dockerfile.diff ? ["Dockerfile:", plan.dockerfile.diff.trimEnd()] : []
	].join("\n");
}
// src/report/restore-summary.ts
/** The result of a restore for a terminal: what a person should look at, and the answers. */
function restoreSummary(result) {
	const { plan, journal, comparisons } = result;
	const look = journal.entries.filter((entry) => entry.level === "look");
	const same = comparisons.filter((each) => each.verdict === "same").length;
	return [
		`Restored ${printable(plan.service)} on ${plan.base} (${plan.to.prettyName}) in ${result.seconds} s`,
		...result.container ? [`  container ${result.container.name}, address ${result.container.address || "(none)"}, image ${result.image}`] : [],
		`  ${journal.entries.length - look.length} things done, ${look.length} to look at`,
		...look.map((entry) => `  ! ${printable(entry.what)}: ${printable(entry.why)} (${entry.rule})`),
		comparisons.length === 0 ? "  no smoke tests" : `  smoke tests: ${same} of ${comparisons.length} answers as before`,
		...comparisons.filter((each) => each.verdict !== "same").map((each) => `  ! ${printable(each.name)}: ${each.verdict}\n${printable(each.diff).replaceAll("\\x0a", "\n")}`)
	].join("\n");
}
// src/report/write-report.ts
/** Writes the report of a restore beside the Dockerfile and the program that the restore left there. */
async function writeRestoreReport(folder, result) {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, "summary.txt"), `${restoreSummary(result)}\n`);
}
// src/restore/ask-smoke-tests.ts
/** Asks the bag's smoke tests (or the user's) and holds the answers against the golden ones. */
async function askSmokeTests(options, bag, system) {
	const golden = await findGolden(join(bag.dir, "data/smoke"));
	const tests = options.smoke ?? golden?.tests ?? [];
	if (tests.length === 0) return [];
	const { name, address } = await options.engine.inspectContainer(system.container);
	const answers = await runSmokeTests(tests, {
		engine: options.engine,
		container: name,
		address,
		allowHost: options.smoke !== void 0
	}, options.progress);
	return compareAnswers(golden?.answers ?? [], answers);
}
// src/plan/vanished-packages.ts
/**
* Packages that another one succeeds under another name (`ntp` -> `ntpsec`) and whose configuration the owner had edited. The
* successor's scripts carry what they find of them, so it has to be there before the successor is installed.
* Another version number in the name (`php7.4-fpm`) is no such case: paths tell where those files go.
*/
function findVanished(old, resolutions) {
	return old.filter((each) => {
		const successor = resolutions.find((one) => one.old === each.name)?.new;
		if (!each.manual || successor === void 0 || successor === each.name) return false;
		return versionPattern(successor) !== versionPattern(each.name) && editedConffiles(each).length > 0;
	});
}
/** Edited ones; of init scripts the manifest has the names only. */
function editedConffiles(each) {
	return Object.keys(each.conffiles).filter((path) => !path.startsWith("/etc/init.d/"));
}
/**
* Whether a kept path is state of a vanished package: a file of its own, or one beside it that bears its name
* (/etc/ntp.keys, /var/lib/ntp/ntp.drift).
*/
function isStateOf(path, owner, vanished) {
	if (owner !== void 0) return vanished.includes(owner);
	const folder = /^\/(etc|var\/lib|var\/log)\/([^/]+)/.exec(path)?.[2];
	return folder !== void 0 && vanished.some((name) => name.length >= 3 && folder.startsWith(name));
}
/**
* Stanzas for /var/lib/dpkg/status that say "removed, configuration files kept" (deb-conffiles(5), dpkg(1) "config-files"): then dpkg
* and the scripts of successors know what the files at hand are.
*/
function configFilesStanzas(packages) {
	return packages.map((each) => [
		"",
		`Package: ${each.name}`,
		"Status: deinstall ok config-files",
		"Priority: optional",
		"Section: misc",
		"Maintainer: none <none@localhost>",
		`Architecture: ${each.architecture || "all"}`,
		`Version: ${each.version}`,
		`Config-Version: ${each.version}`,
		"Conffiles:",
		...Object.entries(each.conffiles).filter(([path, md5]) => /^[0-9a-f]{32}$/.test(md5) && /^\/\S+$/.test(path)).map(([path, md5]) => ` ${path} ${md5}`),
		`Description: ${each.name}, of the old system`,
		""
	].join("\n")).join("");
}
// src/restore/pre-state.ts
/** Name of the folder of a build context that holds the state of vanished packages. */
const PRE_STATE = "pre-state";
/**
* Writes the state of packages that another one succeeds into a folder of a build context: what of it is in the payload, and what
* dpkg is to know of it.
* @returns names of those packages; the folder is not made when there are none
*/
async function writePreState(bag, plan, context) {
	const vanished = findVanished(bag.manifest.system.packages, plan.resolutions);
	if (vanished.length === 0) return [];
	const names = vanished.map((each) => each.name);
	const paths = /* @__PURE__ */ new Set();
	for await (const entry of bag.readIndex()) if (entry.disposition === "keep" && isStateOf(entry.path, entry.package, names)) paths.add(entry.path);
	const folder = join(context, PRE_STATE);
	await mkdir(folder, { recursive: true });
	await pipeline$1(Readable.from(members(bag, paths)), createWriteStream(join(folder, "state.tar")));
	await writeFile(join(folder, "status"), configFilesStanzas(vanished));
	return names;
}
async function* members(bag, paths) {
	for await (const member of readTar(bag.openPayload())) {
		if (!paths.has(`/${member.header.path}`) || member.header.kind === "hardlink") continue;
		yield member.headerBlocks;
		yield* member.body;
		yield memberPadding(member.header.storedSize);
	}
	yield endOfTar;
}
/** Where the successor ships what its own script has just carried over, dpkg would ask; it must not, and keeps what is there. */
const KEEP_CARRIED = "/etc/dpkg/dpkg.cfg.d/perennial-old-state";
/** Lines of a Dockerfile that put it in place; the accounts have to be there already, since owners go by name. */
const PRE_STATE_LINES = [`COPY ${PRE_STATE} /tmp/perennial-${PRE_STATE}`, `RUN cd /tmp/perennial-${PRE_STATE} && tar --extract --file=state.tar --directory=/ --preserve-permissions --same-owner --keep-directory-symlink && cat status >> /var/lib/dpkg/status && mkdir -p /etc/dpkg/dpkg.cfg.d && printf 'force-confdef\\nforce-confold\\n' > ${KEEP_CARRIED} && rm -rf /tmp/perennial-${PRE_STATE}`];
// src/restore/build-image.ts
/** Name of the image that is the base with the accounts: the rewritten Dockerfile starts from it. */
const ACCOUNTS_BASE = "perennial-base";
const BUILD_LABEL = "org.perennial.restore";
/** Builds the service's image on the base with the old system accounts merged in. Returns the image id. */
async function buildImage(request) {
	const folder = await mkdtemp(join(tmpdir(), "perennial-restore-"));
	try {
		await buildAccountsBase(request, join(folder, "base"));
		const context = join(folder, "context");
		await mkdir(context, { recursive: true });
		if (request.context) await cp(request.context, context, {
			recursive: true,
			verbatimSymlinks: true
		});
		const dockerfile = join(folder, "Dockerfile");
		await writeFile(dockerfile, request.dockerfile);
		return await request.engine.build({
			context,
			dockerfile,
			tag: request.tag,
			buildArgs: request.buildArgs,
			noCache: !request.useCache,
			onLine: request.onLine
		});
	} catch (cause) {
		if (cause instanceof PerennialError && cause.code === "command-failed") throw new PerennialError("step-failed", `The image does not build on ${request.base}: ${cause.message}`, {
			cause,
			hint: "The report shows the rewritten Dockerfile. Mend the one in the bag (data/rebuild) or name another --base."
		});
		throw cause;
	} finally {
		await rm(folder, {
			recursive: true,
			force: true
		});
	}
}
async function buildAccountsBase(request, folder) {
	const files = formatAccounts(request.accounts);
	await mkdir(join(folder, "etc"), { recursive: true });
	for (const [name, content] of Object.entries(files)) if (content.length > 0) await writeFile(join(folder, "etc", name), content, { mode: name.endsWith("shadow") ? 416 : 420 });
	await mkdir(dirname(folder), { recursive: true });
	const hasPreState = await request.writePreState?.(folder) ?? false;
	const lines = [
		`FROM ${request.base}`,
		`LABEL ${BUILD_LABEL}=${request.label}`,
		"COPY etc /tmp/perennial-accounts",
		"RUN cd /tmp/perennial-accounts && for f in *; do [ -e \"/etc/$f\" ] && cat \"$f\" > \"/etc/$f\"; done; rm -rf /tmp/perennial-accounts",
		...hasPreState ? PRE_STATE_LINES : []
	];
	await writeFile(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
	await request.engine.build({
		context: folder,
		tag: accountsTag(request.tag),
		onLine: request.onLine
	});
}
/** The base image belongs to one restore: `perennial-base:<tag of the result>`. */
function accountsTag(tag) {
	return `${ACCOUNTS_BASE}:${tag.replace(/[^a-zA-Z0-9_.-]+/g, "-")}`;
}
// src/restore/journal.ts
/** Collects what a restore does, as it happens, and the shell text of it. */
var Journal = class {
	entries = [];
	seconds = {};
	#program = [];
	#progress;
	constructor(progress) {
		this.#progress = progress;
	}
	done(stage, what, why, rule, detail) {
		this.entries.push({
			stage,
			what,
			why,
			rule,
			level: "done",
			...detail ? { detail } : {}
		});
		this.#progress.detail(what);
	}
	look(stage, what, why, rule, detail) {
		this.entries.push({
			stage,
			what,
			why,
			rule,
			level: "look",
			...detail ? { detail } : {}
		});
		this.#progress.warn(`${what}: ${why}`);
	}
	/** Adds to the readable program: what a person would type to do the same. */
	script(comment, ...lines) {
		this.#program.push(`# ${comment.replaceAll("\n", " ")}`, ...lines, "");
	}
	program() {
		return [
			"#!/bin/sh",
			"# What this restore did, in order. Run inside the new container, as root.",
			"set -eu",
			"",
			...this.#program
		].join("\n");
	}
	/** Runs a stage and takes its time. */
	async stage(stage, title, run) {
		const started = performance.now();
		this.#progress.step(title);
		try {
			return await run();
		} finally {
			this.seconds[stage] = (this.seconds[stage] ?? 0) + Math.round(performance.now() - started) / 1e3;
		}
	}
};
// src/restore/new-system.ts
/** The new container while its state is put back: what is there, and a way to run programs in it. */
var NewSystem = class NewSystem {
	engine;
	container;
	target;
	/** Files that were mended after they had been put back: not expected to be as recorded. */
	mended = /* @__PURE__ */ new Set();
	/** Configuration files as today's packages had them, before the owner's took their places. */
	defaults = /* @__PURE__ */ new Map();
	#scan;
	#packages;
	#canonical;
	#resolves;
	#mounts;
	constructor(engine, container, mounts, seen) {
		this.engine = engine;
		this.container = container;
		this.target = containerTarget(engine, container);
		this.#mounts = mounts;
		this.#scan = seen;
		this.#canonical = canonicalPaths(seen.links);
		this.#resolves = linkResolver(seen.links, (path) => this.has(path));
		this.#packages = packageFiles(seen.system.files, seen.system.facts.packages, this.#canonical);
	}
	static async open(engine, container) {
		const { run } = await engine.inspectContainer(container);
		return new NewSystem(engine, container, run.mounts, await scan(containerTarget(engine, container), run.mounts));
	}
	/** Looks again after packages or files have come. */
	async refresh() {
		this.#scan = await scan(this.target, this.#mounts);
		this.#canonical = canonicalPaths(this.#scan.links);
		this.#resolves = linkResolver(this.#scan.links, (path) => this.has(path));
		this.#packages = packageFiles(this.#scan.system.files, this.#scan.system.facts.packages, this.#canonical);
	}
	get facts() {
		return this.#scan.system.facts;
	}
	get accounts() {
		return this.#scan.system.accounts;
	}
	get packages() {
		return this.#packages;
	}
	get links() {
		return this.#scan.links;
	}
	canonical(path) {
		return this.#canonical(path);
	}
	has(path) {
		return this.#scan.entries.has(path);
	}
	kindOf(path) {
		return this.#scan.entries.get(path)?.kind;
	}
	entries() {
		return this.#scan.entries;
	}
	/** Whether a link's target exists here, links followed. */
	resolves(link, target) {
		return this.#resolves(link, target);
	}
	installedVersion(name) {
		return this.facts.packages.find((each) => each.name === name && each.status !== "config-files")?.version;
	}
	/**
	* Runs a shell program of ours in the container; values go in as environment variables or on stdin, never into its text.
	* @throws PerennialError `step-failed` naming the step
	*/
	async script(step, text, options = {}) {
		const { code, stdout, stderr } = await this.target.exec([
			"sh",
			"-c",
			`set -eu\n${text}`
		], {
			...options,
			allowFailure: true
		});
		if (code === 0) return stdout.toString();
		const tail = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
		throw new PerennialError("step-failed", `${step} failed (exit code ${code}): ${tail}`, { hint: "The container is kept with --keep; what was done and what was not is in the report." });
	}
	/** Content of a file; undefined when there is none. */
	async read(path, options = {}) {
		const { code, stdout } = await this.target.exec([
			"cat",
			"--",
			path
		], {
			allowFailure: true,
			...options
		});
		return code === 0 ? stdout : void 0;
	}
};
// src/plan/accounts-made.ts
/** Commands that fail when the name exists; `adduser --system` and `addgroup --system` do not (adduser(8)). */
const MAKES = /(?:^|[\s;&|(])(?:\S*\/)?(useradd|groupadd|adduser|addgroup|newusers)\s/;
/**
* Which of `names` a Dockerfile (or script) makes itself with a command that would fail on an existing name. Takes the
* text of the file; a name counts when it stands as a word in such a command, so this errs to the side of leaving an
* account out, which only costs it its old number.
*/
function findAccountsMade(text, names) {
	const commands = text.replace(/\\\r?\n/g, " ").split(/\n|&&|\|\||;/).filter((command) => MAKES.test(command) && !/\s--system\b/.test(toleratedPart(command)));
	const words = new Set(commands.flatMap((command) => command.split(/[\s"'=,:]+/)));
	return new Set([...names].filter((name) => words.has(name)));
}
/** useradd knows --system too, but fails on an existing name all the same. */
function toleratedPart(command) {
	return /\b(useradd|groupadd)\s/.test(command) ? "" : command;
}
// src/plan/id-ranges.ts
/** Debian Policy 9.2.2 and adduser.conf(5). Ids 0..99 are static and belong to base-passwd. */
const debianRanges = {
	systemMin: 100,
	systemMax: 999,
	peopleMin: 1e3,
	peopleMax: 59999
};
/** Ids that the distribution gives out itself, on demand but globally the same (Debian Policy 9.2.2). */
const RESERVED = {
	min: 6e4,
	max: 65535
};
/** An id of a person's account or group: not the system's, not root's, not `nobody`, not one that Debian reserves. */
function isPersonId(id, ranges) {
	return id >= ranges.peopleMin && !(id >= RESERVED.min && id <= RESERVED.max);
}
/** An id that packages or `useradd --system` take on the fly, or that the distribution reserves for a package. */
function isSystemId(id, ranges) {
	return id >= ranges.systemMin && id < ranges.peopleMin || id >= RESERVED.min && id < 65534;
}
// src/plan/assign-ids.ts
/** The first entry of each name: what getpwnam(3) and getgrnam(3) find. */
function byName(entries) {
	const map = /* @__PURE__ */ new Map();
	for (const entry of entries) if (!map.has(entry.name)) map.set(entry.name, entry);
	return map;
}
/**
* Decides which id each old account has on the new system. A name that the new system has keeps the new system's id; others
* keep their old id when it is free, else get a free one of the same kind that nobody had on the old system either.
* Names that shared a number keep sharing one. A user and the group of the same name and number stay equal.
* `unnamed`: numbers that own files without having a name; one that now belongs to somebody moves out of the way.
* Throws `step-failed` when a range is used up.
*/
function assignIds(old, present, ranges, unnamed = {
	users: [],
	groups: []
}) {
	const users = new NumberPlan("user", idsOf(old.passwd, (user) => user.uid), idsOf(present.passwd, (user) => user.uid), unnamed.users, ranges);
	const groups = new NumberPlan("group", idsOf(old.group, (group) => group.gid), idsOf(present.group, (group) => group.gid), unnamed.groups, ranges);
	for (const [name, id] of users.old) if (groups.old.get(name) === id && users.isOpen(id) && groups.isOpen(id)) {
		const to = users.isFree(id) && groups.isFree(id) ? id : freeInBoth(users, groups, id);
		users.settle(id, to);
		groups.settle(id, to);
	}
	for (const plan of [users, groups]) plan.settleRest();
	return {
		users: users.result(),
		groups: groups.result(),
		gidOf: (gid) => groups.settled.get(gid) ?? gid,
		moves: [...users.moves(), ...groups.moves()]
	};
}
function idsOf(entries, id) {
	return new Map([...byName(entries)].map(([name, entry]) => [name, id(entry)]));
}
function freeInBoth(users, groups, like) {
	for (const id of users.candidates(like)) if (users.isSpare(id) && groups.isSpare(id)) return id;
	return users.usedUp();
}
/** The old numbers of one kind, and where each goes. Numbers move, not names: names that share a number stay together. */
var NumberPlan = class {
	kind;
	old;
	settled = /* @__PURE__ */ new Map();
	present;
	unnamed;
	ranges;
	taken;
	oldNumbers;
	constructor(kind, old, present, unnamed, ranges) {
		this.kind = kind;
		this.old = old;
		this.present = present;
		this.oldNumbers = /* @__PURE__ */ new Set([...old.values(), ...unnamed]);
		const named = new Set(old.values());
		this.unnamed = [...new Set(unnamed)].filter((id) => !named.has(id)).sort((a, b) => a - b);
		this.ranges = ranges;
		this.taken = new Set(present.values());
		for (const [name, id] of old) {
			const there = present.get(name);
			if (there !== void 0 && !this.settled.has(id)) this.settled.set(id, there);
		}
	}
	/** Not decided yet. */
	isOpen(id) {
		return !this.settled.has(id);
	}
	isFree(id) {
		return !this.taken.has(id);
	}
	/** Free, and nobody's on the old system: files of two owners never meet in one number. */
	isSpare(id) {
		return this.isFree(id) && !this.oldNumbers.has(id);
	}
	settle(from, to) {
		this.settled.set(from, to);
		this.taken.add(to);
	}
	settleRest() {
		for (const id of [...this.old.values(), ...this.unnamed]) if (this.isOpen(id)) this.settle(id, this.isFree(id) ? id : this.spare(id));
	}
	/** People count upwards as adduser does, system ids downwards as `useradd --system`, clear of adduser's next ones. */
	*candidates(like) {
		const { systemMin, systemMax, peopleMin, peopleMax } = this.ranges;
		if (isPersonId(like, this.ranges)) for (let id = peopleMin; id <= peopleMax; id++) yield id;
		else for (let id = systemMax; id >= systemMin; id--) yield id;
	}
	usedUp() {
		throw new PerennialError("step-failed", `No free ${this.kind} id is left on the new system`, { hint: "Remove accounts that nobody uses from the new base, or widen the ranges in /etc/login.defs." });
	}
	/** New id by old name; a name that the new system has keeps the new system's id, even where its old number is shared. */
	result() {
		return new Map([...this.old].map(([name, id]) => [name, this.present.get(name) ?? this.settled.get(id)]));
	}
	moves() {
		const named = [...this.result()].map(([name, to]) => ({
			kind: this.kind,
			name,
			from: this.old.get(name),
			to
		}));
		const bare = this.unnamed.map((from) => ({
			kind: this.kind,
			name: "",
			from,
			to: this.settled.get(from)
		}));
		return [...named, ...bare].filter((move) => move.from !== move.to);
	}
	spare(like) {
		for (const id of this.candidates(like)) if (this.isSpare(id)) return id;
		return this.usedUp();
	}
};
// src/plan/add-accounts.ts
/** The databases with users and groups added under their assigned ids; groups come without members. */
function addAccounts({ old, onto, ids, users, groups, shadowOf }) {
	const [oldShadow, oldGshadow] = [byName(old.shadow), byName(old.gshadow)];
	const shadow = users.map((user) => shadowOf(user.name, oldShadow.get(user.name) ?? ownPassword(user)));
	const gshadow = groups.map(({ name }) => ({
		name,
		fields: [
			oldGshadow.get(name)?.fields[0] ?? "!",
			"",
			""
		]
	}));
	const newUsers = users.map((user) => ({
		...user,
		password: "x",
		uid: ids.users.get(user.name),
		gid: ids.gidOf(user.gid)
	}));
	const newGroups = groups.map((group) => ({
		...group,
		password: "x",
		gid: ids.groups.get(group.name),
		members: []
	}));
	return {
		...onto,
		passwd: [...onto.passwd, ...newUsers],
		group: [...onto.group, ...newGroups],
		shadow: [...without(onto.shadow, shadow), ...shadow],
		gshadow: [...without(onto.gshadow, gshadow), ...gshadow]
	};
}
/** A line that was left behind by an account that is gone must not become the new account's. */
function without(entries, replaced) {
	const names = byName(replaced);
	return entries.filter((entry) => !names.has(entry.name));
}
/** The password of a system without a shadow file stands in passwd itself; it moves to shadow. */
function ownPassword(user) {
	if (user.password === "x") return void 0;
	return {
		name: user.name,
		fields: [
			user.password,
			"",
			"0",
			"99999",
			"7",
			"",
			"",
			""
		]
	};
}
/** gshadow(5) repeats the members of group(5); lines that already do stay as they are. */
function mirrorMembers(gshadow, group) {
	const groups = byName(group);
	return gshadow.map((entry) => {
		const members = groups.get(entry.name)?.members.join(",");
		if (members === void 0 || members === (entry.fields[2] ?? "")) return entry;
		return {
			name: entry.name,
			fields: [
				entry.fields[0] ?? "!",
				entry.fields[1] ?? "",
				members
			]
		};
	});
}
// src/plan/merge-passwords.ts
/** Positions in shadow(5) after the name. */
const PASSWORD = 0;
const LAST_CHANGE = 1;
const EXPIRE = 6;
/** A password field that nobody can log in with: `*`, `!`, `!!`, `!*`, `!$6$...`. An empty field is no lock. */
function isLocked(password) {
	return /^[!*]/.test(password);
}
/** The line for an account that is there but that nobody may log in to yet; no hash gets into an image layer. */
function lockedShadow(name, like) {
	const bare = like !== void 0 && /^[!*]+$/.test(like.fields[PASSWORD] ?? "");
	return {
		name,
		fields: like && bare ? like.fields : ["!", ...padded(like).slice(LAST_CHANGE)]
	};
}
/**
* The shadow(5) line of an account that both systems have and that is no person's (root, services).
* A field is the old one's when the owner changed it. Without the image, or for an account that came later, the old
* field wins only where it says more than the built one: a password where there is none, a lock, an expiry date.
* `doubtful`: two different passwords, and nothing tells which the owner meant; the built one stayed.
*/
function mergeShadow(name, sides) {
	const { old, built } = sides;
	if (!old) return {
		entry: built,
		doubtful: false
	};
	const [was, now] = [padded(old), padded(built)];
	const fields = sides.image ? changedFields(was, padded(sides.image), now) : sayingMore(was, now, sides.imageKnown);
	const doubtful = !sides.imageKnown && !isLocked(was[PASSWORD]) && !isLocked(now[PASSWORD]) && was[PASSWORD] !== now[PASSWORD];
	return {
		entry: {
			name,
			fields
		},
		doubtful
	};
}
function changedFields(was, image, now) {
	const changed = (at) => was[at] !== image[at];
	return now.map((field, at) => changed(at === LAST_CHANGE ? PASSWORD : at) ? was[at] : field);
}
/** `later`: the account came after the image was made, so a password on it can only be the owner's. */
function sayingMore(was, now, later) {
	const [oldPassword, newPassword] = [was[PASSWORD], now[PASSWORD]];
	const tellsMore = isLocked(newPassword) !== isLocked(oldPassword) || later && !isLocked(oldPassword);
	const fields = [...now];
	if (tellsMore) [fields[PASSWORD], fields[LAST_CHANGE]] = [oldPassword, was[LAST_CHANGE]];
	if (fields[EXPIRE] === "") fields[EXPIRE] = was[EXPIRE];
	return fields;
}
function padded(entry) {
	const fields = entry?.fields ?? ["!"];
	return [...fields, ...Array(Math.max(0, 8 - fields.length)).fill("")];
}
// src/plan/merged-accounts.ts
/** Tells of accounts that could not keep their number. */
function renumberNotes(moves) {
	return moves.map(({ kind, name, from, to }) => ({
		what: name ? `${kind} ${name} has id ${to}, was ${from}` : `${kind} id ${from}, which has no name, became ${to}`,
		why: `id ${from} belongs to another ${kind} on the new system`
	}));
}
// src/plan/merge-system-accounts.ts
/**
* The accounts for a new base, right after FROM: the old system users and groups (ids 100..999 and the distribution's
* reserved ones) that the base lacks, with their old ids where those are free, so that `adduser --system` in later
* maintainer scripts finds the name and keeps it. What the base has stays as it is; ids 0..99 are the base's own.
* Nobody can log in to what is added: passwords come after the build, with the people, and in no image layer.
*/
function mergeSystemAccounts(old, base, options = {}) {
	const ranges = options.ranges ?? debianRanges;
	const wanted = (name, id) => isSystemId(id, ranges) && !options.leaveOut?.has(name);
	const selected = selectSystem(old, base, wanted, options.leaveOut);
	const ids = assignIds(old, base, ranges);
	const accounts = withSystemMembers(parkOrphans(addAccounts({
		old,
		onto: base,
		ids,
		...selected,
		shadowOf: lockedShadow
	}), selected), old, selected);
	const chosen = ids.moves.filter((move) => has(selected, move));
	return {
		accounts,
		idMap: ids.moves.filter((move) => has(selected, move) || has({
			users: base.passwd,
			groups: base.group
		}, move)),
		notes: renumberNotes(chosen)
	};
}
function has(selection, move) {
	return {
		user: selection.users,
		group: selection.groups
	}[move.kind].some((entry) => entry.name === move.name);
}
/** Old system users and groups that the base lacks, with the primary groups that those users need. */
function selectSystem(old, base, wanted, leaveOut = /* @__PURE__ */ new Set()) {
	const [users, groups] = [byName(base.passwd), byName(base.group)];
	const newUsers = [...byName(old.passwd).values()].filter((user) => wanted(user.name, user.uid) && !users.has(user.name));
	const primary = new Set(newUsers.map((user) => user.gid));
	return {
		users: newUsers,
		groups: [...byName(old.group).values()].filter((group) => (wanted(group.name, group.gid) || primary.has(group.gid) && !leaveOut.has(group.name)) && !groups.has(group.name))
	};
}
/** A user whose primary group is still to come waits in nogroup, not in whatever group takes that number first. */
function parkOrphans(accounts, { users }) {
	const nogroup = accounts.group.find((group) => group.name === "nogroup")?.gid;
	if (nogroup === void 0) return accounts;
	const known = new Set(accounts.group.map((group) => group.gid));
	const added = byName(users);
	const park = (user) => added.has(user.name) && !known.has(user.gid) ? {
		...user,
		gid: nogroup
	} : user;
	return {
		...accounts,
		passwd: accounts.passwd.map(park)
	};
}
/** Memberships in which one side was added: the base's own users in the base's own groups wait for the people. */
function withSystemMembers(accounts, old, { users, groups }) {
	const oldGroups = byName(old.group);
	const [addedUsers, addedGroups, present] = [
		byName(users),
		byName(groups),
		byName(accounts.passwd)
	];
	const group = accounts.group.map((entry) => {
		const joining = (oldGroups.get(entry.name)?.members ?? []).filter((name) => present.has(name) && (addedUsers.has(name) || addedGroups.has(entry.name)));
		return {
			...entry,
			members: [.../* @__PURE__ */ new Set([...entry.members, ...joining])]
		};
	});
	return {
		...accounts,
		group,
		gshadow: mirrorMembers(accounts.gshadow, group)
	};
}
// src/plan/debian-version.ts
/**
* Compares two Debian version strings as dpkg does (Debian Policy 5.6.12, dpkg lib/dpkg/version.c).
* A missing epoch is 0, a missing revision equals `0`; any other text is compared as it stands, nothing is refused.
* @returns -1 when a is older than b, 1 when newer, 0 when dpkg calls them equal (`1.0` and `1.0-0`).
*/
function compareDebianVersions(a, b) {
	const left = splitDebianVersion(a);
	const right = splitDebianVersion(b);
	const order = left.epoch - right.epoch || compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision);
	return order < 0 ? -1 : order > 0 ? 1 : 0;
}
function splitDebianVersion(text) {
	const version = text.trim();
	const colon = version.indexOf(":");
	const epoch = colon > 0 ? Number(version.slice(0, colon)) || 0 : 0;
	const rest = version.slice(colon + 1);
	const dash = rest.lastIndexOf("-");
	return dash < 0 ? {
		epoch,
		upstream: rest,
		revision: ""
	} : {
		epoch,
		upstream: rest.slice(0, dash),
		revision: rest.slice(dash + 1)
	};
}
/** Alternating runs of non-digits and digits, each compared in its own way. */
function compareParts(a, b) {
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		while (i < a.length && !isDigit(a, i) || j < b.length && !isDigit(b, j)) {
			const order = weight(a, i) - weight(b, j);
			if (order !== 0) return order;
			if (i < a.length) i++;
			if (j < b.length) j++;
		}
		const left = digitsAt(a, i);
		const right = digitsAt(b, j);
		const order = compareDigits(left, right);
		if (order !== 0) return order;
		i += left.length;
		j += right.length;
	}
	return 0;
}
/** As text, because a date-like number may have more digits than a double holds. */
function compareDigits(a, b) {
	const left = a.replace(/^0+/, "");
	const right = b.replace(/^0+/, "");
	if (left.length !== right.length) return left.length - right.length;
	return left < right ? -1 : left > right ? 1 : 0;
}
/** `~` sorts before the end of the string, the end before letters, letters before everything else. */
function weight(text, at) {
	if (at >= text.length || isDigit(text, at)) return 0;
	const char = text[at];
	if (char === "~") return -1;
	return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}
function isDigit(text, at) {
	const code = text.charCodeAt(at);
	return code >= 48 && code <= 57;
}
function digitsAt(text, from) {
	let to = from;
	while (to < text.length && isDigit(text, to)) to++;
	return text.slice(from, to);
}
// src/plan/versioned-successor.ts
/**
* The package whose name differs from the subject's in one version number and which comes from the same family of sources
* (`postgresql-13-ip4r` -> `postgresql-17-ip4r`, both of `ip4r`; `php7.4-gd` of `php7.4` -> `php8.4-gd` of `php8.4`).
* Of several versions the release's default is taken (the one that a package without a version depends on), else the
* nearest newer one. A name that lost its number (`mariadb-server-10.5` -> `mariadb-server`) counts when there is none.
* Where the old system had a newer version beside it, that one is succeeded: Python 3.13 is no `python2.7`.
*/
function findVersionedSuccessor(subject, index, old) {
	if (hadNewerBeside(subject, old)) return void 0;
	const candidates = index.likeNames(subject.name).flatMap((name) => index.find(name) ?? []).filter((found) => findVersionChange(subject.name, found.name) && sameFamily(subject.source, found.source));
	if (candidates.length === 0) return findUnversioned(subject, index);
	return candidates.find((found) => isDefault$1(subject, found, index)) ?? nearest(subject, candidates);
}
function hadNewerBeside(subject, old) {
	if (!old.has(subject.name)) return false;
	return old.like(subject.name).some((other) => {
		const change = findVersionChange(subject.name, other.name);
		return change && compareDebianVersions(change.new, change.old) > 0 && sameFamily(subject.source, other.source);
	});
}
function findUnversioned(subject, index) {
	return versionTokens(subject.name).map((token) => ({
		token,
		found: index.find(withoutToken(subject.name, token))
	})).find(({ token, found }) => found && isUnversionedSource(subject.source, token, found.source))?.found;
}
/** Otherwise `libc6` would lead to any `libc`. */
function isUnversionedSource(old, token, now) {
	return old !== "" && (old === now || withoutToken(old, token) === now);
}
function sameFamily(old, now) {
	return old === "" || versionPattern(old) === versionPattern(now);
}
/** `php-fpm` 2:8.4+96 depends on `php8.4-fpm`: a package without the number in its name, but with it in its version. */
function isDefault$1(subject, found, index) {
	const number = findVersionChange(subject.name, found.name).new;
	return index.dependingOn(found.name).some(({ name, version }) => !versionTokens(name).includes(number) && versionTokens(version).some(startsWith(number)));
}
/** `1.21` of `2:1.21-76` is Java 21; `3.13.5` is Python 3.13. */
function startsWith(number) {
	return (token) => token === number || token.startsWith(`${number}.`) || token === `1.${number}`;
}
function nearest(subject, candidates) {
	const changes = candidates.map((found) => ({
		found,
		change: findVersionChange(subject.name, found.name)
	})).sort((a, b) => compareDebianVersions(a.change.new, b.change.new));
	return (changes.find(({ change }) => compareDebianVersions(change.new, change.old) > 0) ?? changes.at(-1)).found;
}
// src/plan/successor-rules.ts
const STRONG = [
	sameName,
	transitional,
	provided,
	versioned,
	ownVirtualName
];
const WEAK = [
	replacing,
	onlyOneOfSource,
	sharedVirtual
];
/** What one release has in place of a package; undefined when its lists do not tell. */
function findSuccessor(subject, index, context) {
	for (const rule of context.strength === "strong" ? STRONG : [...STRONG, ...WEAK]) {
		const found = rule(subject, index, context);
		if (found) return found;
	}
}
function sameName(subject, index) {
	const found = index.find(subject.name);
	return found && successors(found, index).length === 0 ? to(found, "same", `${found.name} is there`) : void 0;
}
function transitional(subject, index) {
	const dummy = index.find(subject.name);
	if (!dummy) return void 0;
	const [first, ...rest] = successors(dummy, index);
	const names = [first, ...rest].map((found) => found?.name).join(", ");
	if (!first) return void 0;
	return {
		...to(first, "transitional", `${dummy.name} is a transitional package for ${names}`),
		also: rest.map((f) => f.name)
	};
}
/**
* What a transitional package stands for, following one that leads to another; empty when it is a real one.
* Of several dependencies those of its own source are meant (`telnetd` -> `inetutils-telnetd`, not `update-inetd`).
*/
function successors(dummy, index, seen = /* @__PURE__ */ new Set()) {
	if (!dummy.transitional || seen.has(dummy.name)) return [];
	seen.add(dummy.name);
	const all = [...new Set(dummy.depends.map((group) => group[0]))].flatMap((name) => index.find(name) ?? []);
	const own = all.filter(({ source }) => source === dummy.source);
	return (all.length > 1 && own.length > 0 ? own : all).flatMap((target) => {
		const further = successors(target, index, seen);
		return further.length > 0 ? further : [target];
	});
}
function provided(subject, index, { prefer }) {
	const providers = index.providersOf(subject.name);
	const timeT = providers.find(({ name }) => withoutTimeT(name) === subject.name);
	if (timeT) return to(timeT, "time_t", `${timeT.name} is ${subject.name} with 64-bit time_t`);
	const [only, ...others] = providers;
	if (only && others.length === 0) return to(only, "provides", `only ${only.name} provides ${subject.name}`);
	const had = providers.find(({ name }) => prefer.has(name));
	return had && to(had, "provides", `${had.name}, which was installed, provides ${subject.name}`);
}
/**
* `php7.4-fpm` provided `php-fpm`; here `php-fpm` is a real package that depends on `php8.4-fpm`.
* Other virtual names (`mail-transport-agent`) are no evidence.
*/
function versioned(subject, index, { prefer }) {
	for (const virtual of subject.provides) {
		const match = index.find(virtual)?.depends.flat().find((name) => name !== subject.name && versionPattern(name) === versionPattern(subject.name));
		const found = match === void 0 ? void 0 : index.find(match);
		if (found) return to(found, "provides", `it provided ${virtual}, which now means ${found.name}`);
	}
	const found = findVersionedSuccessor(subject, index, prefer);
	return found && to(found, "versioned", `${found.name} is the version of ${subject.name} there`);
}
/** It provided the name under which the same source now ships it. */
function ownVirtualName(subject, index) {
	for (const virtual of subject.provides) {
		const found = index.find(virtual);
		if (found && subject.source !== "" && found.source === subject.source) return to(found, "provides", `it provided ${virtual}, which is a real package of the same source now`);
	}
}
/** Replaces alone means moved files; with Breaks or Conflicts and a related name or source it is a successor. */
function replacing(subject, index) {
	const [only, ...others] = index.replacing(subject.name).filter((found) => [...found.conflicts, ...found.breaks].includes(subject.name)).filter((found) => found.source === subject.source || found.name.startsWith(subject.name));
	return only && others.length === 0 ? to(only, "replaces", `${only.name} replaces ${subject.name}`) : void 0;
}
/** Not what the old system had beside it: `git` does not succeed `git-daemon-run`. */
function onlyOneOfSource(subject, index, { prefer }) {
	if (subject.source === "") return void 0;
	const [only, ...others] = index.bySource(subject.source).filter(({ name }) => !/-(doc|dev|dbg|dbgsym|common|data)$/.test(name));
	if (!only || others.length > 0 || prefer.has(only.name)) return void 0;
	return to(only, "source", `${only.name} is the only package of the same source (${subject.source})`);
}
function sharedVirtual(subject, index) {
	for (const virtual of subject.provides) {
		const [only, ...others] = index.providersOf(virtual);
		if (only && others.length === 0) return to(only, "shared-virtual", `only ${only.name} provides ${virtual} as ${subject.name} did`);
	}
}
function to(found, how, why) {
	return {
		identity: {
			name: found.name,
			source: found.source,
			provides: found.provides
		},
		also: [],
		how,
		why
	};
}
// src/plan/package-succession.ts
/** Follows names from the old system through the releases in between to the new base. */
var PackageSuccession = class {
	old;
	beside;
	between;
	target;
	constructor(old, between, target) {
		this.old = new Map(old.map((installed) => [installed.name, installed]));
		const alike = Map.groupBy(old, (installed) => versionPattern(installed.name));
		this.beside = {
			has: (name) => this.old.has(name),
			like: (name) => alike.get(versionPattern(name)) ?? []
		};
		this.between = between;
		this.target = target;
	}
	/** Strong evidence before weak; release by release (as a machine would have been upgraded) before one leap. */
	follow(name) {
		const start = this.identity(name);
		if (findSuccessor(start, this.target, {
			strength: "strong",
			prefer: this.beside
		})?.how === "same") return {
			names: [name],
			how: "same",
			why: `${this.target.label} has ${name}`
		};
		for (const strength of ["strong", "weak"]) for (const route of [[...this.between, this.target], [this.target]]) {
			const trail = this.walk(start, route, strength);
			if (trail) return trail;
		}
		return {
			names: [],
			how: "gone",
			why: this.whyGone(name)
		};
	}
	/** Virtual names that stand for what the package did: its own, and what it provided under nearly its own name. */
	virtualsOf(name) {
		const own = this.identity(name);
		const specific = own.provides.filter((virtual) => isSpecific(virtual, name));
		const versioned = this.target.likeNames(name).filter((virtual) => this.target.providersOf(virtual).some(({ source }) => versionPattern(source) === versionPattern(own.source)));
		return [.../* @__PURE__ */ new Set([
			name,
			...specific,
			...versioned
		])];
	}
	identity(name) {
		const installed = this.old.get(name);
		return {
			name,
			source: installed?.source ?? "",
			provides: installed?.provides ?? []
		};
	}
	/** A release that knows nothing of the package is passed over; the last one must know it. */
	walk(start, route, strength) {
		let current = start;
		let extra = [];
		let how = "same";
		const reasons = [];
		for (const [at, index] of route.entries()) {
			const found = findSuccessor(current, index, {
				strength,
				prefer: this.beside
			});
			if (!found) {
				if (at === route.length - 1) return void 0;
				continue;
			}
			if (found.how !== "same") reasons.push(`${index.label}: ${found.why}`);
			if (how === "same") how = found.how;
			current = found.identity;
			extra = [...extra.filter((name) => index.find(name)), ...found.also];
		}
		return {
			names: [.../* @__PURE__ */ new Set([current.name, ...extra])],
			how,
			why: reasons.join("; ")
		};
	}
	whyGone(name) {
		const label = this.target.label;
		const providers = this.virtualsOf(name).flatMap((virtual) => this.target.providersOf(virtual).map((p) => p.name));
		if (providers.length > 0) return `${label} has no ${name}; one of ${[...new Set(providers)].slice(0, 6).join(", ")} may do`;
		if (this.old.get(name)?.local) return `${name} came from no repository, and ${label} has no package of this name`;
		return `${label} has no ${name}, and no package that is known to succeed it`;
	}
};
/** `php-json` of `php7.4-json`, but not `httpd` of `nginx`: another web server is no substitute. */
function isSpecific(virtual, name) {
	const bare = (text) => text.replace(/[\d.]+/g, "").replace(/-+/g, "-").replace(/-$/, "");
	return bare(virtual) === bare(name);
}
// src/plan/resolve-packages.ts
/**
* Finds for every wanted name what to install on the new base, in the order of `wanted`, without duplicates.
* Every `new` (and `also`) is a real package of the index, so that apt does not refuse the line that they stand in.
* The strength of evidence decides: the same name, a knowledge entry, then what releases on the way say
* (transitional packages, Provides, version numbers), then weaker hints (Replaces, one package of the same source, a
* shared virtual name). Pure.
*/
function resolvePackages(request) {
	const succession = new PackageSuccession(request.old, request.between, request.index);
	const first = [...new Set(request.wanted)].map((name) => byKnowledge(name, request) ?? fromTrail(name, succession.follow(name), request));
	const installed = new Installed(request.index, first);
	return first.map((resolution) => settle(resolution, succession, installed));
}
function byKnowledge(name, { renames, index, old }) {
	const rename = renames.find((entry) => entry.from === name && (!entry.to || index.find(entry.to)));
	if (!rename) return void 0;
	const why = `${rename.why} (knowledge entry ${rename.entry})`;
	if (!rename.to) return {
		old: name,
		how: "gone",
		why
	};
	return {
		old: name,
		new: rename.to,
		how: "knowledge",
		why,
		...sourcesOf$1(name, rename.to, old, index)
	};
}
function fromTrail(name, trail, { index, old }) {
	const [target, ...also] = trail.names;
	const why = trail.why;
	if (!target) return {
		old: name,
		how: "gone",
		why
	};
	return {
		old: name,
		new: target,
		...also.length > 0 ? { also } : {},
		how: trail.how,
		why,
		...sourcesOf$1(name, target, old, index)
	};
}
function sourcesOf$1(name, target, old, index) {
	const before = old.find((installed) => installed.name === name)?.source;
	const after = index.find(target)?.source;
	return before && after ? { sources: {
		old: before,
		new: after
	} } : {};
}
/** The second pass: what nothing succeeded may be provided by what is installed anyhow; what conflicts is taken back. */
function settle(resolution, succession, installed) {
	const { old, how } = resolution;
	if (resolution.new && how !== "same") {
		const rival = installed.findConflict(resolution.new);
		return rival ? {
			old,
			how: "gone",
			why: `${resolution.new} would succeed it, but conflicts with ${rival}`
		} : resolution;
	}
	if (resolution.new || how !== "gone") return resolution;
	for (const virtual of succession.virtualsOf(old)) {
		const provider = installed.findProvider(virtual);
		if (provider) return {
			old,
			how: "provided",
			why: `${provider}, which will be installed, provides ${virtual}`
		};
	}
	return resolution;
}
/** What will be on the new system once the resolved names and their dependencies are installed. */
var Installed = class {
	packages = /* @__PURE__ */ new Map();
	kept;
	constructor(index, resolutions) {
		this.kept = resolutions.flatMap(({ new: name, how }) => name && how === "same" ? [index.find(name)] : []);
		const queue = resolutions.flatMap(({ new: name, also = [] }) => name ? [name, ...also] : also);
		for (let name = queue.pop(); name !== void 0; name = queue.pop()) {
			const found = this.packages.has(name) ? void 0 : index.find(name);
			if (!found) continue;
			this.packages.set(name, found);
			for (const [first] of found.depends) queue.push(first);
		}
	}
	findProvider(virtual) {
		return [...this.packages.values()].find((candidate) => candidate.provides.includes(virtual))?.name;
	}
	/** Name of a package that is kept under its old name and cannot be installed together with `name`. */
	findConflict(name) {
		const subject = this.packages.get(name);
		if (!subject) return void 0;
		return this.kept.find((other) => other.name !== name && (excludes(subject, other) || excludes(other, subject)))?.name;
	}
};
function excludes(one, other) {
	const conflicts = one.conflicts;
	return conflicts.length > 0 && [other.name, ...other.provides].some((name) => conflicts.includes(name));
}
// src/plan/select-differences.ts
/**
* The differences of recognised services that lie between the recorded versions and today's.
* @param newVersion version of a package on the new base, by old name; undefined when it is not offered
*/
function selectDifferences(services, old, newVersion) {
	return services.flatMap((service) => service.differences.filter((difference) => applies(difference, service, old, newVersion)).map((difference) => ({
		service: service.id,
		difference
	})));
}
function applies(difference, service, old, newVersion) {
	const test = compileGlobs(difference.package ? [difference.package] : service.recognise.packages);
	return old.filter((each) => each.status !== "config-files" && test(each.name)).some((each) => {
		const today = newVersion(each.name);
		const wasBefore = difference.before === void 0 || compareDebianVersions(each.version, difference.before) < 0;
		const isFrom = difference.from === void 0 || today === void 0 || compareDebianVersions(today, difference.from) >= 0;
		return wasBefore && isFrom;
	});
}
// src/plan/unified-diff.ts
/**
* A unified diff (as `diff -u` writes it, without times), empty when the texts are equal.
* @param context unchanged lines around a change.
*/
function unifiedDiff(before, after, options = {}) {
	if (before === after) return "";
	const { from = "a", to = "b", context = 3 } = options;
	const old = toLines(before);
	const now = toLines(after);
	return `--- ${from}\n+++ ${to}\n${groupChanges(diffIndices(old, now).map(({ buffer1, buffer2 }) => ({
		old: [buffer1[0], buffer1[0] + buffer1[1]],
		new: [buffer2[0], buffer2[0] + buffer2[1]]
	})), context).map((group) => formatHunk(group, old, now, context)).join("")}`;
}
/** A last line without a newline is another line than one with it. */
function toLines(text) {
	const lines = text.split("\n");
	const last = lines.pop();
	return last === "" ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}
function groupChanges(changes, context) {
	const groups = [];
	for (const change of changes) {
		const previous = groups.at(-1)?.at(-1);
		if (previous && change.old[0] - previous.old[1] <= 2 * context) groups.at(-1).push(change);
		else groups.push([change]);
	}
	return groups;
}
function formatHunk(group, old, now, context) {
	const first = group[0];
	const last = group.at(-1);
	const lead = Math.min(context, first.old[0]);
	const tail = Math.min(context, old.length - last.old[1]);
	const oldRange = [first.old[0] - lead, last.old[1] + tail];
	const newRange = [first.new[0] - lead, last.new[1] + tail];
	const lines = [];
	let at = oldRange[0];
	for (const change of group) {
		lines.push(...old.slice(at, change.old[0]).map((line) => ` ${line}`));
		lines.push(...old.slice(...change.old).map((line) => `-${line}`));
		lines.push(...now.slice(...change.new).map((line) => `+${line}`));
		at = change.old[1];
	}
	lines.push(...old.slice(at, oldRange[1]).map((line) => ` ${line}`));
	return `@@ -${range(oldRange)} +${range(newRange)} @@\n${lines.join("\n")}\n`;
}
/** `start,count`, 1-based; an empty range names the line before it. */
function range([start, end]) {
	const count = end - start;
	return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}
// src/plan/make-plan.ts
/** Old facts + today's facts + knowledge -> what to do. Pure. */
function makePlan(facts) {
	const { manifest, base } = facts;
	const services = recognisedToday(facts);
	const old = manifest.system.packages.filter((each) => each.status !== "config-files");
	const resolutions = resolve(facts, services, old, facts.dockerfile === void 0 ? [] : dockerfilePackages(facts.dockerfile, manifest.rebuild?.buildArgs ?? {}));
	const substitutions = deriveSubstitutions(resolutions);
	const byName = new Map(resolutions.map((each) => [each.old, each]));
	const differences = selectDifferences(services, old, (name) => facts.index?.find(byName.get(name)?.new ?? name)?.version);
	const dockerfile = planDockerfile(facts, resolutions, substitutions, old);
	const made = facts.dockerfile === void 0 ? void 0 : findAccountsMade(facts.dockerfile, accountNames(facts.accounts));
	const system = mergeSystemAccounts(facts.accounts, base.accounts, made ? { leaveOut: made } : {});
	const plan = {
		service: manifest.service.name,
		base: base.image,
		from: manifest.system.os,
		to: base.os,
		sameRelease: isSameRelease(manifest.system.os, base.os),
		resolutions,
		substitutions,
		install: wantedPackages(old, resolutions, differences, facts),
		demoted: demotedPackages(old, byName, facts),
		remove: manifest.system.removed,
		dockerfile,
		systemAccounts: system.accounts,
		services,
		differences,
		steps: [],
		notes: system.notes.map((note) => `${note.what}: ${note.why}`)
	};
	return {
		...plan,
		steps: planSteps(plan, manifest)
	};
}
/** Entries that recognised the service then, and those that know it today: most were written after the bag. */
function recognisedToday({ manifest, services }) {
	const found = recogniseServices(services, {
		packages: manifest.system.packages.filter((each) => each.status !== "config-files").map((each) => each.name),
		programs: manifest.service.processes.map(({ program }) => program.slice(program.lastIndexOf("/") + 1)),
		hasFile: () => false
	});
	return services.filter((each) => manifest.service.recognised.includes(each.id) || found.includes(each));
}
function isSameRelease(a, b) {
	return a.id === b.id && a.versionId === b.versionId;
}
function accountNames(accounts) {
	return [...accounts.passwd, ...accounts.group].map((each) => each.name);
}
function resolve(facts, services, old, words) {
	const wanted = [.../* @__PURE__ */ new Set([...words, ...old.map((each) => each.name)])];
	if (!facts.index) return wanted.map((name) => ({
		old: name,
		new: name,
		how: "same",
		why: "the release is the same"
	}));
	const renames = services.flatMap((service) => service.differences.flatMap((difference) => Object.entries(difference.renamePackage ?? {}).map(([from, to]) => ({
		from,
		...to ? { to } : {},
		entry: `${service.id}/${difference.id}`,
		why: difference.why
	}))));
	return resolvePackages({
		old,
		wanted,
		index: facts.index,
		between: facts.between,
		renames
	});
}
function planDockerfile(facts, resolutions, substitutions, old) {
	if (facts.dockerfile === void 0) {
		const packages = installable(old.filter(isChosen).map((each) => each.name), resolutions);
		return {
			text: generateDockerfile(packages, facts.base.image, imageSettings(facts.manifest.service.image)),
			generated: true,
			diff: "",
			buildArgs: {}
		};
	}
	const rewritten = rewriteDockerfile(facts.dockerfile, {
		base: facts.base.image,
		buildArgs: facts.manifest.rebuild?.buildArgs ?? {},
		resolutions,
		substitutions,
		...facts.manifest.system.os.codename && facts.base.os.codename ? { codenames: {
			old: facts.manifest.system.os.codename,
			new: facts.base.os.codename
		} } : {}
	});
	const diff = unifiedDiff(facts.dockerfile, rewritten.text, {
		from: "Dockerfile (then)",
		to: "Dockerfile (today)"
	});
	return {
		text: rewritten.text,
		generated: false,
		diff,
		buildArgs: rewritten.buildArgs
	};
}
/** Packages that somebody chose: not automatic, and not what every Debian has. */
function isChosen(each) {
	return each.manual && each.priority !== "required";
}
function installable(names, resolutions) {
	const byName = new Map(resolutions.map((each) => [each.old, each]));
	return [...new Set(names.flatMap((name) => [byName.get(name)?.new, ...byName.get(name)?.also ?? []]).filter((name) => name !== void 0))];
}
function wantedPackages(old, resolutions, differences, facts) {
	const added = differences.flatMap((each) => each.difference.addPackages ?? []).filter((name) => !facts.index || facts.index.find(name));
	return [.../* @__PURE__ */ new Set([...installable(old.filter(isChosen).map((each) => each.name), resolutions), ...added])];
}
/** Sections whose packages nobody uses by name: they come with whatever needs them. */
const DEPENDENCIES = /(^|\/)(libs|oldlibs|libdevel|perl|python|ruby|php|java|localization|kernel|debug|introspection)$/;
/** What a minimal Debian has for apt's and e2fsprogs' sake; bases differ in it, and no service needs it. */
const BASE_TOOLS = /* @__PURE__ */ new Set([
	"adduser",
	"debian-archive-keyring",
	"gpgv",
	"logsave",
	"runit-helper",
	"sensible-utils"
]);
/**
* Programs that came by a dependency which today's packages may not have any more (no /etc/services, no MIME types):
* the full list of installed packages matters, not only the chosen ones.
*/
function demotedPackages(old, byName, facts) {
	if (!facts.index) return [];
	return old.filter((each) => !each.manual && each.priority !== "required" && byName.get(each.name)?.how === "same").map((each) => each.name).filter((name) => {
		const section = facts.index?.find(name)?.section ?? "";
		return !DEPENDENCIES.test(section) && !/^lib/.test(name) && !BASE_TOOLS.has(name);
	});
}
function planSteps(plan, manifest) {
	const changed = plan.resolutions.filter((each) => each.how !== "same" && manifest.system.packages.some((old) => old.name === each.old && isChosen(old)));
	return [
		{
			stage: "base",
			what: `start from ${plan.base} (${plan.to.prettyName}), with the old system accounts merged in`,
			why: "packages then find their users and keep their ids",
			rule: "accounts/system"
		},
		{
			stage: "build",
			what: plan.dockerfile.generated ? "build from a Dockerfile made of the chosen packages" : "build from the recorded Dockerfile, rewritten for this base",
			why: plan.dockerfile.generated ? "the bag has no Dockerfile" : "the owner built it so",
			rule: "build/dockerfile"
		},
		...changed.map((each) => ({
			stage: "packages",
			what: `${each.old} -> ${each.new ?? "nothing"}`,
			why: each.why,
			rule: `packages/${each.how}`
		})),
		{
			stage: "packages",
			what: "install what was installed during operation",
			why: "packages are had again, they are not archived",
			rule: "packages/operation"
		},
		{
			stage: "accounts",
			what: "merge people, passwords and memberships by name",
			why: "accounts are records, not files",
			rule: "accounts/people"
		},
		{
			stage: "state",
			what: `put back ${manifest.counts.kept} paths by owner name`,
			why: "the Mutable data",
			rule: "payload"
		},
		...plan.substitutions.map((each) => ({
			stage: "state",
			what: `paths of ${each.stem} ${each.old} move to ${each.new}`,
			why: "the version stands in names and paths",
			rule: "paths/versioned"
		})),
		{
			stage: "overrides",
			what: "replay diversions, statoverrides and alternatives",
			why: "dpkg's own overrides are commands, not files",
			rule: "dpkg/override"
		},
		{
			stage: "deletions",
			what: `remove ${manifest.counts.deleted} paths that the owner had removed`,
			why: "deletions are state",
			rule: "owner/deleted"
		},
		{
			stage: "configuration",
			what: `merge configuration files, ${manifest.pristine.length} of them three ways`,
			why: "edits stay, today's defaults come in",
			rule: "config/merge"
		},
		...manifest.dumps.map((each) => ({
			stage: "exports",
			what: `load ${each.file}`,
			why: "a logical export, written by the old program",
			rule: `${each.service}/${each.export}`
		})),
		...plan.differences.map(({ service, difference }) => ({
			stage: "checks",
			what: difference.id,
			why: difference.why,
			rule: `${service}/${difference.id}`
		})),
		{
			stage: "start",
			what: "start the service as it was started",
			why: manifest.service.start ? "the command that the owner gave" : "the command of the container",
			rule: "start"
		}
	];
}
// src/plan/between-sources.ts
/**
* Sources of another release of the same distribution, from the base's own: the same mirrors and keys, another suite name.
* Sources of other suites (third parties, backports) are left out.
* @param from the base's release, @param to the release whose lists are wanted.
*/
function betweenSources(files, from, to) {
	const list = [];
	const stanzas = [];
	for (const { path, text } of files) if (path.endsWith(".sources")) stanzas.push(...text.split(/\n(?:[ \t]*\n)+/).flatMap((stanza) => moveStanza(stanza, from, to)));
	else list.push(...text.split("\n").flatMap((line) => moveLine(line, from, to)));
	return {
		list: list.map((line) => `${line}\n`).join(""),
		stanzas: stanzas.map((stanza) => `${stanza}\n\n`).join("")
	};
}
function moveLine(line, from, to) {
	const match = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(\S.*)$/.exec(line.replace(/#.*/, ""));
	const suite = match && moveSuite(match[3], from, to);
	if (!match || !suite) return [];
	return [`deb ${match[1] ?? ""}${match[2]} ${suite} ${match[4].trim()}`];
}
function moveStanza(stanza, from, to) {
	const text = stanza.replace(/^#.*\n?/gm, "").trim();
	if (!/^Types:.*\bdeb\b/im.test(text) || /^Enabled:\s*no/im.test(text)) return [];
	const moved = (/^Suites:(.*)$/im.exec(text)?.[1]?.trim().split(/\s+/) ?? []).flatMap((suite) => moveSuite(suite, from, to) ?? []);
	if (moved.length === 0) return [];
	return [text.replace(/^Suites:.*$/im, `Suites: ${moved.join(" ")}`).replace(/^Types:.*$/im, "Types: deb")];
}
function moveSuite(suite, from, to) {
	const [, name, part = ""] = /^([a-z]+)((?:-|\/)[a-z]+)?$/.exec(suite) ?? [];
	if (name !== from.codename && name !== "stable") return void 0;
	if (part === "" || part === "-updates") return `${to.codename}${part}`;
	return part === "-security" || part === "/updates" ? to.security ?? `${to.codename}-security` : void 0;
}
// src/plan/package-candidate.ts
/** Words that packagers use for a package which only pulls in its successor. */
const TRANSITIONAL = /\b(transitional|dummy)\b.*\bpackages?\b|[([-] ?(transitional|dummy)\b/i;
/**
* One package that a release offers. Relations stay text until they are asked for: an index has seventy thousand
* of these and a restore looks at a few hundred.
*/
var PackageCandidate = class {
	name;
	version;
	architecture;
	/** Source package name, without its version. */
	source;
	section;
	/** First line of the description. */
	description;
	essential;
	/** KiB, as dpkg counts; 0 when unknown. */
	installedSize;
	rawProvides;
	rawReplaces;
	rawBreaks;
	rawConflicts;
	rawDepends;
	constructor(fields) {
		this.name = fields.Package;
		this.version = fields.Version;
		this.architecture = fields.Architecture;
		this.source = fields.Source.replace(/ .*/s, "") || fields.Package;
		this.section = fields.Section;
		this.description = fields.Description;
		this.essential = fields.Essential === "yes";
		this.installedSize = Number(fields["Installed-Size"]) || 0;
		this.rawProvides = fields.Provides;
		this.rawReplaces = fields.Replaces;
		this.rawBreaks = fields.Breaks;
		this.rawConflicts = fields.Conflicts;
		this.rawDepends = [fields["Pre-Depends"], fields.Depends].filter(Boolean).join(", ");
	}
	/** Names that it provides, without versions. */
	get provides() {
		return parseRelation(this.rawProvides).flat();
	}
	get replaces() {
		return parseRelation(this.rawReplaces).flat();
	}
	get breaks() {
		return parseRelation(this.rawBreaks).flat();
	}
	/** Names that it cannot be installed with in any version; conflicts with old versions only are left out. */
	get conflicts() {
		return parseRelation(dropVersioned(this.rawConflicts)).flat();
	}
	/** Hard dependencies: one list of alternatives each, first choice first. */
	get depends() {
		return parseRelation(this.rawDepends);
	}
	/**
	* It exists to pull in its successor and has nothing of its own inside: the description says so, or it is a package of
	* section oldlibs with one dependency and hardly any size (oldlibs alone also holds real, obsolete libraries).
	*/
	get transitional() {
		if (TRANSITIONAL.test(this.description)) return true;
		return /(^|\/)oldlibs$/.test(this.section) && this.depends.length === 1 && this.installedSize < 100;
	}
};
/**
* Names of a relation field (Debian Policy 7.1): `a (>= 1) | b, c:any [amd64]` -> [['a', 'b'], ['c']].
* Version, architecture and profile restrictions are left out.
*/
function parseRelation(text) {
	if (text === "") return [];
	return text.split(",").map((group) => group.split("|").map(relationName).filter(Boolean)).filter((group) => group.length > 0);
}
function relationName(text) {
	return /^\s*([^\s:([<]+)/.exec(text)?.[1] ?? "";
}
function dropVersioned(text) {
	return text.split(",").filter((group) => !group.includes("(")).join(",");
}
// src/plan/package-index.ts
/** What a release offers, looked up by name, virtual name, source or replaced name. */
var PackageIndex = class {
	/** Which release it is, for explanations, e.g. `bookworm`. */
	label;
	byName = /* @__PURE__ */ new Map();
	virtuals = /* @__PURE__ */ new Map();
	replaced = /* @__PURE__ */ new Map();
	sources = /* @__PURE__ */ new Map();
	dependents;
	patterns;
	constructor(label = "the new release") {
		this.label = label;
	}
	/** Adds one candidate; several versions of one name may be added in any order. */
	add(candidate) {
		const known = this.byName.get(candidate.name);
		if (known) known.push(candidate);
		else this.byName.set(candidate.name, [candidate]);
		addTo(this.sources, candidate.source, candidate.name);
		for (const name of candidate.provides) addTo(this.virtuals, name, candidate.name);
		for (const name of candidate.replaces) addTo(this.replaced, name, candidate.name);
	}
	/** Number of package names. */
	get size() {
		return this.byName.size;
	}
	/** Names of real packages. */
	names() {
		return this.byName.keys();
	}
	/** Names, real or virtual, that are alike but for version numbers (`php7.4-gd`, `php8.4-gd`). Built at the first call. */
	likeNames(name) {
		this.patterns ??= this.namesByPattern();
		return this.patterns.get(versionPattern(name)) ?? [];
	}
	/** The newest version of a real package, undefined when there is none of this name (it may still be provided). */
	find(name) {
		return this.byName.get(name)?.reduce((best, next) => compareDebianVersions(next.version, best.version) > 0 ? next : best);
	}
	/** Real packages that provide a name, sorted by name. */
	providersOf(virtual) {
		return this.candidates(this.virtuals.get(virtual));
	}
	/** Real packages built from a source package, sorted by name. */
	bySource(source) {
		return this.candidates(this.sources.get(source));
	}
	/** Real packages whose Replaces names this one, sorted by name. */
	replacing(name) {
		return this.candidates(this.replaced.get(name));
	}
	/** Real packages that depend on a name, as first choice, sorted by name. Built at the first call. */
	dependingOn(name) {
		this.dependents ??= this.reverseDependencies();
		return this.candidates(this.dependents.get(name));
	}
	reverseDependencies() {
		const map = /* @__PURE__ */ new Map();
		for (const [name, [candidate]] of this.byName) for (const [first] of candidate.depends) addTo(map, first, name);
		return map;
	}
	namesByPattern() {
		const map = /* @__PURE__ */ new Map();
		for (const name of /* @__PURE__ */ new Set([...this.byName.keys(), ...this.virtuals.keys()])) if (/\d/.test(name)) addTo(map, versionPattern(name), name);
		return map;
	}
	candidates(names = []) {
		return [...new Set(names)].sort().map((name) => this.find(name));
	}
};
/** Arrays, not sets: of a hundred thousand keys nearly all have one value. */
function addTo(map, key, value) {
	const list = map.get(key);
	if (!list) map.set(key, [value]);
	else if (list.at(-1) !== value) list.push(value);
}
// src/plan/parse-packages.ts
const NEWLINE = 10;
/** Fields that are read; a longer list may be filtered to these before. */
const STANZA_FIELDS = [
	"Package",
	"Version",
	"Architecture",
	"Source",
	"Section",
	"Provides",
	"Replaces",
	"Breaks",
	"Conflicts",
	"Depends",
	"Pre-Depends",
	"Description",
	"Essential",
	"Installed-Size"
];
/** Field names by their first byte, so that most lines are passed over after one look. */
const BY_FIRST_BYTE = groupByFirstByte();
/**
* Reads a Debian `Packages` file, or what `apt-cache dumpavail` prints (deb822 stanzas, Debian Policy 5.1).
* Stanzas without a name or version are passed over.
* @param chunks the text in pieces of any size; bytes are taken as UTF-8.
* @param label which release it is, for explanations.
*/
async function parsePackages(chunks, label) {
	const reader = new StanzaReader(label);
	for await (const chunk of chunks) reader.push(typeof chunk === "string" ? Buffer.from(chunk) : toBuffer(chunk));
	return reader.finish();
}
/** Works on bytes: a string made of a whole file would keep all of it alive through every slice that is kept. */
var StanzaReader = class {
	index;
	rest = Buffer.alloc(0);
	fields = emptyFields();
	strings = /* @__PURE__ */ new Map();
	last;
	constructor(label) {
		this.index = new PackageIndex(label);
	}
	push(chunk) {
		const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
		let from = 0;
		for (let to = bytes.indexOf(NEWLINE, from); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
			this.line(bytes, from, to);
			from = to + 1;
		}
		this.rest = bytes.subarray(from);
	}
	finish() {
		if (this.rest.length > 0) this.line(this.rest, 0, this.rest.length);
		this.endStanza();
		return this.index;
	}
	line(bytes, from, to) {
		if (from === to) {
			this.endStanza();
			return;
		}
		const first = bytes[from];
		if (first === 32 || first === 9) {
			this.continuation(bytes, from, to);
			return;
		}
		this.last = findField(bytes, from, first);
		if (this.last) this.fields[this.last] = this.shared(bytes.toString("utf8", from + this.last.length + 1, to).trim());
	}
	/** Sections, architectures, sources and whole relations recur: one string each. */
	shared(text) {
		const known = this.strings.get(text);
		if (known !== void 0) return known;
		if (text.length < 80) this.strings.set(text, text);
		return text;
	}
	/** Relations may be folded; of a description only the first line is wanted. */
	continuation(bytes, from, to) {
		if (!this.last || this.last === "Description") return;
		this.fields[this.last] += ` ${bytes.toString("utf8", from, to).trim()}`;
	}
	endStanza() {
		if (this.fields.Package && this.fields.Version) this.index.add(new PackageCandidate(this.fields));
		this.fields = emptyFields();
		this.last = void 0;
	}
};
function findField(bytes, from, first) {
	return BY_FIRST_BYTE.get(first)?.find(({ label }) => bytes.compare(label, 0, label.length, from, from + label.length) === 0)?.field;
}
function groupByFirstByte() {
	return Map.groupBy(STANZA_FIELDS.map((field) => ({
		field,
		label: Buffer.from(`${field}:`)
	})), ({ label }) => label[0]);
}
function emptyFields() {
	return Object.fromEntries(STANZA_FIELDS.map((field) => [field, ""]));
}
function toBuffer(bytes) {
	return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
// src/plan/read-package-index.ts
/** A sources file, its name before it; both end with a NUL, so that any text can be between. */
const PRINT_SOURCES = "for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do if [ -f \"$f\" ]; then printf \"%s\\0\" \"$f\"; cat \"$f\"; printf \"\\0\"; fi; done";
/** Without translations; a source that cannot be had is an error (apt itself only warns). */
const APT_OPTIONS = [
	"-o",
	"Acquire::Languages=none",
	"-o",
	"APT::Update::Error-Mode=any",
	"-o",
	"Dir::State::status=/dev/null"
];
/** Half of a list is fields that nobody needs here; they need not pass through the engine. */
const KEPT_FIELDS = `LC_ALL=C grep -E '^(${STANZA_FIELDS.join("|")}):|^[[:space:]]|^$'`;
const PRINT_BASE = `apt-get update -qq "$@" >&2 && apt-cache dumpavail "$@" | ${KEPT_FIELDS}`;
/** $1 and $2: the sources in both formats. Old lists may be past their date: names are read from them, nothing is installed. */
const PRINT_BETWEEN = `set -e
dir=$(mktemp -d)
mkdir -p "$dir/parts" "$dir/lists/partial"
if [ -n "$1" ]; then printf '%s' "$1" > "$dir/parts/between.list"; fi
if [ -n "$2" ]; then printf '%s' "$2" > "$dir/parts/between.sources"; fi
shift 2
chmod -R go+rX "$dir"
set -- "$@" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$dir/parts" -o Dir::State::lists="$dir/lists" \\
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::Check-Valid-Until=false
apt-get update -qq "$@" >&2
apt-cache dumpavail "$@" | ${KEPT_FIELDS}
rm -rf "$dir"`;
/**
* What the base offers, and what each release between the old one and the base offered (oldest first). The lists come
* from the base's own mirrors. A release in between whose lists cannot be had is left out with a warning: resolving
* then leaps over it. Throws `step-failed` when the base's own lists cannot be had.
*/
async function readPackageIndexes(request) {
	const { run, base, progress = silentProgress } = request;
	const files = parseSourcesFiles(await readAll(run, [
		"sh",
		"-c",
		PRINT_SOURCES
	]));
	progress.step(`Reading the package lists of ${base.prettyName} and of the releases before it`);
	const between = Promise.all(steps(request).map((step) => findBetween(step, files, request)));
	return {
		index: await readIndex(run, [
			"sh",
			"-c",
			PRINT_BASE,
			"sh",
			...APT_OPTIONS
		], base.codename || base.prettyName).catch((cause) => {
			throw new PerennialError("step-failed", `The package lists of ${base.prettyName} cannot be had`, {
				hint: "Is the network there, and does the base image name a mirror that answers?",
				cause
			});
		}),
		between: (await between).filter((found) => found !== void 0)
	};
}
/** Undefined when the base has no source to derive it from, or (with a warning) when its lists cannot be had. */
async function findBetween({ from, to }, files, { run, progress = silentProgress }) {
	const { list, stanzas } = betweenSources(files, from, to);
	if (list === "" && stanzas === "") return void 0;
	try {
		return await readIndex(run, [
			"sh",
			"-c",
			PRINT_BETWEEN,
			"sh",
			list,
			stanzas,
			...APT_OPTIONS
		], to.codename);
	} catch (error) {
		progress.warn(`The package lists of ${to.codename} cannot be had: ${error.message}`);
		return;
	}
}
/** `from` is the base's release (its sources are there), `to` one before it. */
function steps({ old, base, distributions }) {
	const distribution = distributions.find(({ id }) => id === base.id && id === old.id);
	const first = distribution && findRelease(distribution, old);
	const last = distribution && findRelease(distribution, base);
	if (!first || !last) return [];
	return releasesBetween(distribution, first, last).map((to) => ({
		from: last,
		to
	}));
}
async function readIndex(run, argv, label) {
	const { stdout, done } = await run(argv);
	const [index] = await Promise.all([parsePackages(Buffer.isBuffer(stdout) ? [stdout] : stdout, label), done]);
	if (index.size === 0) throw new PerennialError("step-failed", `apt knows no package of ${label}`);
	return index;
}
async function readAll(run, argv) {
	const { stdout, done } = await run(argv);
	const [bytes] = await Promise.all([Buffer.isBuffer(stdout) ? stdout : collect$1(stdout), done]);
	return bytes;
}
async function collect$1(stream) {
	return Buffer.concat(await Array.fromAsync(stream));
}
/** What PRINT_SOURCES wrote. */
function parseSourcesFiles(output) {
	const parts = output.toString("utf8").split("\0");
	const files = [];
	for (let at = 0; at + 1 < parts.length; at += 2) files.push({
		path: parts[at],
		text: parts[at + 1]
	});
	return files;
}
// src/restore/base.ts
/**
* The image to rebuild on, pulled when it is not here.
* @throws PerennialError `base-unknown` when it cannot be had
*/
async function openBase(engine, reference) {
	const image = await engine.findImage(reference, { pull: true });
	if (image) return {
		image,
		reference,
		system: await readSystem(imageTarget(engine, image.id))
	};
	throw new PerennialError("base-unknown", `The base image "${reference}" is not here and cannot be pulled`, { hint: `\`${engine.name} pull ${reference}\` says why; or name another one with --base.` });
}
// src/restore/prepare-restore.ts
/** Opens and verifies a bag, resolves the base, and makes the plan. Changes nothing. The caller closes the bag. */
async function prepare$1(options) {
	const { engine, progress } = options;
	progress.step("Verifying the bag");
	const bag = await openBag(options.bag);
	try {
		await verifyBag(bag);
		const { system, rebuild } = bag.manifest;
		progress.step("Looking at the base image");
		const distributions = await readDistributions();
		const base = await openBase(engine, options.base ?? defaultBase(distributions, system.os, /* @__PURE__ */ new Date()));
		if (base.system.facts.packageManager !== "dpkg" || system.packageManager !== "dpkg") throw new PerennialError("base-unknown", `A restore from ${system.os.prettyName || "an unknown system"} to ${base.reference} is not possible yet`, { hint: "Both have to be Debian or a distribution made of it (dpkg)." });
		const accounts = parseAccounts(await readRecords(bag));
		return {
			bag,
			base,
			plan: await planWithIndex(engine, base, {
				manifest: bag.manifest,
				accounts,
				dockerfile: rebuild ? await readFile(bag.file(`data/rebuild/${rebuild.dockerfile}`), "utf8") : void 0,
				base: {
					image: base.reference,
					os: base.system.facts.os,
					accounts: base.system.accounts,
					packages: base.system.facts.packages
				},
				services: await readServices()
			}, distributions, progress),
			accounts,
			oldImageAccounts: await pristineAccounts(bag)
		};
	} catch (error) {
		await bag.close();
		throw error;
	}
}
/** The releases in between are asked only when today's base alone does not know a chosen package. */
async function planWithIndex(engine, base, facts, distributions, progress) {
	const then = facts.manifest.system.os;
	const now = base.system.facts.os;
	if (isSameRelease(then, now)) return makePlan({
		...facts,
		index: void 0,
		between: []
	});
	const run = (argv) => engine.runOnceStream({
		image: base.image.id,
		entrypoint: argv[0],
		command: argv.slice(1),
		user: "0"
	});
	const direct = await readPackageIndexes({
		run,
		old: now,
		base: now,
		distributions,
		progress
	});
	const plan = makePlan({
		...facts,
		...direct
	});
	if (plan.resolutions.every((each) => each.how === "same" || isQuiet(each.old, facts))) return plan;
	return makePlan({
		...facts,
		...await readPackageIndexes({
			run,
			old: then,
			base: now,
			distributions,
			progress
		})
	});
}
/** Libraries and other dependencies come by themselves: nobody has to know their names of today. */
function isQuiet(name, facts) {
	return facts.manifest.system.packages.some((each) => each.name === name && (!each.manual || each.priority !== void 0));
}
/** Account databases of the payload. */
async function readRecords(bag) {
	const files = {};
	for await (const member of readTar(bag.openPayload())) {
		const name = /^etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/.exec(member.header.path)?.[1];
		if (!name || member.header.kind !== "file") continue;
		const chunks = [];
		for await (const chunk of member.body) chunks.push(chunk);
		files[name] = Buffer.concat(chunks);
	}
	return files;
}
async function pristineAccounts(bag) {
	const files = {};
	for (const each of bag.manifest.pristine) {
		const name = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)$/.exec(each.path)?.[1];
		if (name) files[name] = await readFile(bag.file(`data/${each.file}`));
	}
	return files.passwd && files.group ? parseAccounts(files) : void 0;
}
// src/restore/apply-packages.ts
/** dpkg must not start daemons while the state is put back (invoke-rc.d(8), policy-rc.d), nor ask anything. */
const APT = [
	"apt-get",
	"-y",
	"-q",
	"--no-install-recommends",
	"-o",
	"Dpkg::Options::=--force-confdef",
	"-o",
	"Dpkg::Options::=--force-confold",
	"-o",
	"Dpkg::Use-Pty=0"
];
/** Keeps services from being started by maintainer scripts until `allowServiceStarts`. */
async function denyServiceStarts(system) {
	await system.script("Holding services back", "mkdir -p /var/lib/perennial\n[ -e /usr/sbin/policy-rc.d ] || { printf \"#!/bin/sh\\nexit 101\\n\" > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; : > /var/lib/perennial/policy-rc.d; }");
}
async function allowServiceStarts(system) {
	await system.script("Letting services start", "[ ! -e /var/lib/perennial/policy-rc.d ] || rm -f /usr/sbin/policy-rc.d /var/lib/perennial/policy-rc.d");
}
/** Debian Policy 5.6.1. Names come from a bag: nothing else may reach apt's command line. */
const PACKAGE_NAME = /^[a-z0-9][a-z0-9+.-]+$/;
/** Lists that the build left behind are fresh: apt-get update again would only cost time. */
const UPDATE = `
[ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mmin -60 2>/dev/null | head -n 1)" ] || apt-get -q update >/dev/null
`;
/** Installs what the plan wants and the image has not (added during operation, demoted dependencies), and removes what the owner had removed. */
async function installPackages(system, plan, journal) {
	const missing = (names) => names.filter((name) => PACKAGE_NAME.test(name) && system.installedVersion(name) === void 0);
	const wanted = missing(plan.install);
	const demoted = missing(plan.demoted).filter((name) => !wanted.includes(name));
	const groups = [{
		names: wanted,
		why: "installed during operation",
		rule: "packages/operation"
	}, {
		names: demoted,
		why: "a dependency then, not one of today's",
		rule: "packages/demoted"
	}].filter((group) => group.names.length > 0);
	if (groups.length > 0) {
		await system.script("Updating the package lists", UPDATE);
		await install(system, groups, journal);
		await system.refresh();
	}
	await removePackages(system, plan.remove, journal);
}
/** All at once; when apt refuses the line, one by one, so that one missing package does not cost the others. */
async function install(system, groups, journal) {
	const all = await apt(system, "install", groups.flatMap((group) => group.names));
	for (const { names, why, rule } of groups) {
		journal.script(`packages: ${why}`, `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${names.join(" ")}`);
		for (const name of names) {
			const one = all.code === 0 ? all : await apt(system, "install", [name]);
			if (one.code === 0) journal.done("packages", `${name} installed`, why, rule);
			else journal.look("packages", `${name} could not be installed`, lastError(one.stderr || one.stdout.toString()), rule);
		}
	}
}
async function apt(system, verb, names, options = []) {
	const env = {
		DEBIAN_FRONTEND: "noninteractive",
		DEBIAN_PRIORITY: "critical",
		LC_ALL: "C"
	};
	return system.target.exec([
		...APT,
		...options,
		verb,
		"--",
		...names
	], {
		env,
		allowFailure: true
	});
}
/** What the owner had removed and the build brought back goes again, unless something else would go with it. */
async function removePackages(system, names, journal) {
	const present = names.filter((name) => PACKAGE_NAME.test(name) && system.installedVersion(name) !== void 0);
	if (present.length === 0) return;
	const tried = await apt(system, "remove", present, ["--simulate"]);
	const also = [...tried.stdout.toString().matchAll(/^Remv (\S+)/gm)].map((match) => match[1]).filter((name) => !names.includes(name));
	if (tried.code !== 0 || also.length > 0) {
		journal.look("packages", `${present.join(", ")} had been removed and is there again`, `today ${also.join(", ") || "something"} needs it`, "packages/removed");
		return;
	}
	await apt(system, "remove", present);
	for (const name of present) journal.done("packages", `${name} removed`, "the owner had removed it", "packages/removed");
	await system.refresh();
}
function lastError(text) {
	const lines = text.trim().split("\n");
	return lines.findLast((line) => /^(E:|dpkg: error)/.test(line)) ?? lines.at(-1) ?? "";
}
// src/restore/lay-payload.ts
/** Extraction by the new system's GNU tar: owners by name, everything that the payload recorded. */
const TAR_EXTRACT = [
	"tar",
	"--extract",
	"--file=-",
	"--directory=/",
	"--preserve-permissions",
	"--same-owner",
	"--xattrs",
	"--xattrs-include=*",
	"--xattrs-exclude=system.posix_acl_*",
	"--acls",
	"--keep-directory-symlink",
	"--warning=no-timestamp"
];
/** Larger files are data, never merged. */
const LARGEST_MERGE = 4194304;
const LARGEST_WATCHED = 1048576;
/**
* Streams the payload into the new system: members that are laid go through untouched or renamed, the others are
* handed back. Constant memory apart from those.
*/
async function layPayload(payload, index, placements, system, watch = () => {}) {
	const laid = {
		captured: [],
		directories: [],
		paths: 0,
		bytes: 0
	};
	await useStream(extract(system), async (stream) => {
		for await (const member of readTar(payload)) await layMember(member, index, placements, stream.stdin, watch, laid);
		stream.stdin.end(endOfTar);
	});
	return laid;
}
function extract(system) {
	const stream = system.target.execStream(TAR_EXTRACT, { env: { LC_ALL: "C.UTF-8" } });
	stream.stdout.resume();
	return stream;
}
async function layMember(member, index, placements, out, watch, laid) {
	const path = `/${member.header.path}`;
	const entry = index.get(path);
	const placement = placements.get(path);
	if (!entry || !placement) throw new PerennialError("bag-invalid", `The payload has ${path}, the index has not`);
	if (placement.action === "skip") return;
	if (placement.action !== "lay" && isMergeable(member.header)) {
		laid.captured.push({
			entry,
			header: member.header,
			content: await collect(member.body),
			placement
		});
		return;
	}
	await passOn(member, placement, placements, out, watch);
	if (member.header.kind === "directory") laid.directories.push({
		...member.header,
		path: placement.path.slice(1)
	});
	laid.paths++;
	laid.bytes += member.header.size;
}
function isMergeable(header) {
	return header.kind === "file" && header.size <= LARGEST_MERGE && !header.sparse;
}
async function passOn(member, placement, placements, out, watch) {
	const { header } = member;
	const { path } = placement;
	const target = placement.action === "lay" ? placement.target : void 0;
	const linkTarget = header.kind === "hardlink" ? newName(header.linkTarget, placements) : target ?? header.linkTarget;
	await write(out, path !== `/${header.path}` || linkTarget !== header.linkTarget ? rewriteMember(member, {
		path: path.slice(1),
		linkTarget
	}) : member.headerBlocks);
	const watched = header.kind === "file" && header.size <= LARGEST_WATCHED ? [] : void 0;
	for await (const chunk of member.body) {
		watched?.push(chunk);
		await write(out, chunk);
	}
	await write(out, memberPadding(header.storedSize));
	if (watched) watch(path, Buffer.concat(watched));
}
function newName(target, placements) {
	const placement = placements.get(`/${target}`);
	return placement && placement.action !== "skip" ? placement.path.slice(1) : target;
}
/** Puts single files into the new system by tar, with all their attributes; `content` replaces what the header had. */
async function layFiles(system, files) {
	if (files.length === 0) return;
	await useStream(extract(system), async ({ stdin }) => {
		for (const { header, content } of files) {
			const size = header.kind === "file" ? content.length : 0;
			await write(stdin, encodeTarMember({
				...header,
				size,
				storedSize: size
			}));
			await write(stdin, content);
			await write(stdin, memberPadding(size));
		}
		stdin.end(endOfTar);
	});
}
async function write(out, chunk) {
	if (chunk.length === 0 || out.write(chunk) || out.destroyed) return;
	await new Promise((resolve) => {
		const go = () => {
			out.off("drain", go).off("close", go);
			resolve();
		};
		out.once("drain", go).once("close", go);
	});
}
async function collect(body) {
	const chunks = [];
	for await (const chunk of body) chunks.push(chunk);
	return Buffer.concat(chunks);
}
// src/restore/attributes.ts
/**
* Gives packaged files of the new system the mode, owner, extended attributes and ACLs that the owner had given the old ones.
* Each file goes out through tar and comes back with another header: nothing but tar is needed, and owner, setuid bits
* and capabilities are set in the right order by it.
*/
async function restoreAttributes(system, entries, place, journal) {
	const wanted = new Map(entries.map((entry) => [place(entry.path), entry]));
	const present = [...wanted.keys()].filter((path) => system.kindOf(path) === wanted.get(path).kind);
	for (const [path, entry] of wanted) if (!present.includes(path)) journal.look("attributes", `${printable(entry.path)} had attributes of its own`, "there is no such path on the new system", "package/attributes");
	if (present.length === 0) return;
	const stream = system.target.execStream([
		...TAR_CREATE.slice(0, -1),
		"--directory=/",
		"--files-from=-"
	], { allowFailure: true });
	stream.stdin.end(tarList(present));
	const files = [];
	for await (const member of readTar(stream.stdout)) {
		const entry = wanted.get(`/${member.header.path}`);
		const chunks = [];
		for await (const chunk of member.body) chunks.push(chunk);
		if (entry) files.push({
			header: withAttributes(member.header, entry),
			content: Buffer.concat(chunks)
		});
	}
	await stream.done;
	await layFiles(system, files);
	for (const path of present) journal.done("attributes", `${printable(path)}: mode, owner and attributes`, wanted.get(path).why, "package/attributes");
}
function withAttributes(header, entry) {
	const { aclAccess: _a, aclDefault: _d, ...rest } = header;
	return {
		...rest,
		mode: Number.parseInt(entry.mode, 8),
		uid: entry.uid,
		gid: entry.gid,
		user: entry.user,
		group: entry.group,
		xattrs: entry.xattrs ?? {},
		...entry.aclAccess === void 0 ? {} : { aclAccess: entry.aclAccess },
		...entry.aclDefault === void 0 ? {} : { aclDefault: entry.aclDefault }
	};
}
// src/knowledge/read-mends.ts
var import_dist = require_dist();
const mendSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	source: pipe(string(), minLength(5)),
	/** With the named groups `file` and `line`. */
	pattern: string(),
	/** Not when the line matches this too. */
	except: optional(string()),
	examples: pipe(array(strictObject({
		said: string(),
		file: string(),
		line: number()
	})), minLength(1))
});
/** Reads all entries. @throws PerennialError `config-invalid` naming file and field */
async function readMends(folder = knowledgeFolder()) {
	const directory = join(folder, "mends");
	const mends = [];
	for (const file of (await readdir(directory)).filter((name) => name.endsWith(".yml")).sort()) {
		const parsed = safeParse(array(mendSchema), (0, import_dist.parse)(await readFile(join(directory, file), "utf8")));
		if (!parsed.success) {
			const issue = parsed.issues[0];
			throw new PerennialError("config-invalid", `mends/${file}: ${getDotPath(issue) ?? ""} ${issue.message}`);
		}
		mends.push(...parsed.output);
	}
	return mends;
}
/** The place that a line of output points at, and the entry that read it; undefined when it refuses nothing. */
function findRefusedLine(said, mends) {
	for (const mend of mends) {
		if (mend.except !== void 0 && new RegExp(mend.except, "i").test(said)) continue;
		const groups = new RegExp(mend.pattern, "i").exec(said)?.groups;
		if (groups?.file && groups.line) return {
			file: groups.file,
			line: Number(groups.line),
			id: mend.id
		};
	}
}
// src/restore/last-lines.ts
/** The end of what a program said. */
function lastLines(text, count) {
	return text.trim().split("\n").slice(-count).join("\n");
}
// src/restore/load-exports.ts
/** A line of a load program that begins so goes into the report. */
const WARNING = "perennial-warning: ";
/** Loads the logical exports with the new programs, streaming, by the load program of the knowledge entry. */
async function loadExports(system, bag, plan, journal) {
	for (const dump of bag.manifest.dumps) {
		const service = plan.services.find((each) => each.id === dump.service);
		const how = service?.exports.find((each) => each.id === dump.export);
		if (!service || !how) {
			journal.look("exports", `${dump.file} was not loaded`, `there is no knowledge entry ${dump.service}/${dump.export} any more; load it by hand`, "exports");
			continue;
		}
		const stream = system.target.execStream([
			"sh",
			"-c",
			`set -eu\n${how.load}`
		], {
			...how.loadUser ? { user: how.loadUser } : {},
			env: loadEnvironment(plan),
			allowFailure: true
		});
		let said = "";
		stream.stdout.on("data", (chunk) => {
			if (said.length < 2e4) said += chunk;
		});
		await pipeline$1(createReadStream(bag.file(`data/dumps/${dump.file}`)), stream.stdin).catch(() => {});
		const { code, stderr } = await stream.done;
		if (code !== 0) throw new PerennialError("step-failed", `Loading ${dump.file} failed (exit code ${code}): ${(said + stderr).trim().split("\n").slice(-12).join("\n")}`, { hint: "The export itself is safe in the bag (data/dumps)." });
		for (const warning of warningsIn(said)) journal.look("exports", `${dump.file}: ${warning}`, "the new program said so while it loaded", `${service.id}/${how.id}`);
		journal.done("exports", `${dump.file} loaded (${dump.bytes} bytes)`, how.why, `${service.id}/${how.id}`);
		journal.script(`load ${dump.file}`, `# input: data/dumps/${dump.file}`, ...how.load.trimEnd().split("\n"));
	}
}
/** What a program of an entry wants a person to read: its lines that begin with `perennial-warning: `. */
function warningsIn(said) {
	return said.split("\n").flatMap((line) => line.startsWith(WARNING) ? [line.slice(19)] : []);
}
/** Version tokens that moved, for programs of knowledge entries: PERENNIAL_OLD_POSTGRESQL=13, PERENNIAL_NEW_POSTGRESQL=17. */
function loadEnvironment(plan) {
	return Object.fromEntries(plan.substitutions.flatMap(({ stem, old, new: now }) => {
		const name = stem.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
		return [[`PERENNIAL_OLD_${name}`, old], [`PERENNIAL_NEW_${name}`, now]];
	}));
}
// src/restore/differences.ts
/** Runs the programs of knowledge entries that belong to a moment of the restore. */
async function runDifferences(system, plan, at, journal) {
	for (const { service, difference } of plan.differences) {
		if (difference.run?.at !== at) continue;
		const options = {
			env: loadEnvironment(plan),
			...difference.run.user ? { user: difference.run.user } : {}
		};
		const said = await system.script(`${service}/${difference.id}`, difference.run.script, options);
		noteMended(system, said);
		for (const warning of warningsIn(said)) journal.look("checks", warning, difference.why, `${service}/${difference.id}`);
		journal.done("checks", difference.why, difference.source, `${service}/${difference.id}`, lastLines(said, 20));
		journal.script(`${service}/${difference.id}: ${difference.why}`, ...difference.run.script.trimEnd().split("\n"));
	}
}
/** A program of an entry says what it changed of the restored state: `perennial-mended: PATH`, with everything below. */
function noteMended(system, said) {
	const paths = [...said.matchAll(/^perennial-mended: (\/.+)$/gm)].map((line) => line[1]);
	if (paths.length === 0) return;
	for (const path of system.entries().keys()) if (paths.some((each) => path === each || path.startsWith(`${each}/`))) system.mended.add(path);
}
/** Says what knowledge entries warn of. */
function sayWarnings(plan, journal) {
	for (const { service, difference } of plan.differences) if (difference.warn) journal.look("checks", difference.warn, difference.why, `${service}/${difference.id}`);
}
/** Line-by-line rewrites of knowledge entries in the files that they name. */
async function rewriteFiles(system, plan, journal) {
	for (const { service, difference } of plan.differences) for (const rewrite of difference.rewrite ?? []) {
		const test = compileGlobs(rewrite.files);
		const files = [...system.entries().values()].filter((entry) => entry.kind === "file" && test(entry.path));
		for (const file of files) {
			const before = (await system.read(file.path))?.toString("latin1");
			const after = before?.split("\n").map((line) => line.replace(new RegExp(rewrite.pattern), rewrite.replace)).join("\n");
			if (before === void 0 || after === void 0 || before === after) continue;
			await writeInPlace(system, file.path, Buffer.from(after, "latin1"));
			const diff = unifiedDiff(before, after, {
				from: file.path,
				to: file.path
			});
			journal.done("checks", `${printable(file.path)} rewritten`, difference.why, `${service}/${difference.id}`, diff);
		}
	}
}
/** Replaces the content of a file; mode, owner and attributes stay. */
async function writeInPlace(system, path, content) {
	system.mended.add(path);
	await system.script(`Writing ${path}`, "cat > \"$TARGET\"", {
		env: { TARGET: path },
		input: content
	});
}
// src/restore/mend-refused-line.ts
/** A line that stands in more files than this is too common to be found by its text. */
const MOST_SOURCES = 3;
/**
* Comments out the first line of a configuration that a program says it refuses, by the forms of knowledge/mends.
* @param said what the program printed or logged
* @param stage where it is reported
* @returns whether a line was mended: then it is worth trying again
*/
async function mendRefusedLine(system, said, mends, stage, journal) {
	const spoken = said.split("\n");
	for (const [at, sentence] of spoken.entries()) {
		const both = `${sentence} ${spoken[at + 1]?.trim() ?? ""}`;
		const refused = findRefusedLine(sentence, mends) ?? findRefusedLine(both, mends);
		const places = refused ? await sourcesOf(system, refused) : [];
		for (const place of places) await commentOut(system, place);
		for (const { file, line, text } of places) journal.look(stage, `${printable(file)}: line ${line} "${printable(text.trim())}" is commented out`, `the program refuses it today: ${printable(both.trim())}`, `mends/${refused.id}`);
		if (places.length > 0) return true;
	}
	return false;
}
/** Prints `FILE:LINE` for each file of /etc that has this very line. */
const FIND_LINE = "grep -rsnFxI -- \"$LINE\" /etc | cut -d: -f1,2";
/** A file that a program made (update-exim4.conf, for one) is not the place to mend: its line is in a file of /etc. */
async function sourcesOf(system, { file, line }) {
	const text = (await system.read(file))?.toString("latin1").split("\n")[line - 1];
	if (text === void 0 || text.trim() === "" || /^\s*[#;]/.test(text) || /[{}]/.test(text)) return [];
	if (file.startsWith("/etc/")) return isDefault(system, file, text) ? [] : [{
		file,
		line,
		text
	}];
	const { stdout } = await system.target.exec([
		"sh",
		"-c",
		FIND_LINE
	], {
		env: { LINE: text },
		allowFailure: true
	});
	const found = [...stdout.toString().matchAll(/^(.+):(\d+)$/gm)].map((hit) => ({
		file: hit[1],
		line: Number(hit[2]),
		text
	}));
	return found.length <= MOST_SOURCES ? found : [];
}
/** Today's own default has this line: it is not obsolete, something else is missing, and more lines would follow. */
function isDefault(system, file, text) {
	return (system.defaults.get(file)?.split("\n") ?? []).some((line) => line.trim().replace(/\s+/g, " ") === text.trim().replace(/\s+/g, " "));
}
async function commentOut(system, { file, line, text }) {
	const lines = (await system.read(file)).toString("latin1").split("\n");
	lines[line - 1] = `# perennial: refused today: ${text}`;
	await writeInPlace(system, file, Buffer.from(lines.join("\n"), "latin1"));
}
// src/restore/check-service.ts
/** A checker names one line at a time: this many lines can be mended before it is given up. */
const ROUNDS$1 = 40;
/**
* Runs the checkers of the recognised services and mends what they refuse, as knowledge says; what cannot be
* mended is reported with the checker's own words. Exit status alone lies, so what it prints is read too.
*/
async function checkServices(system, plan, placed, at, journal) {
	for (const service of plan.services) for (const check of service.checks.filter((each) => each.at === at)) await runCheck(system, plan, service, check, placed, journal);
}
async function runCheck(system, plan, service, check, placed, journal) {
	if (check.when && (await system.target.exec([
		"sh",
		"-c",
		check.when
	], { allowFailure: true })).code !== 0) return;
	const rule = `${service.id}/${check.id}`;
	const reverted = /* @__PURE__ */ new Set();
	for (let round = 0; round < ROUNDS$1; round++) {
		const said = await ask(system, plan, check);
		if (said.ok) {
			journal.done("checks", `${service.title}: its own checker accepts the configuration`, check.run.trim().split("\n")[0], rule);
			return;
		}
		if (!(await mendByEntry(system, said, check, rule, journal) || await mendRefusedLine(system, said.lines.join("\n"), await readMends(), "checks", journal) || await useEdited(system, said, placed, reverted, rule, journal))) {
			journal.look("checks", `${service.title}: its own checker refuses the configuration`, lastLines(said.lines.join("\n"), 8), rule, said.lines.join("\n"));
			return;
		}
	}
}
async function ask(system, plan, check) {
	const { code, stdout, stderr } = await system.target.exec([
		"sh",
		"-c",
		check.run
	], {
		allowFailure: true,
		env: loadEnvironment(plan),
		...check.user ? { user: check.user } : {}
	});
	const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
	const bad = check.bad ? new RegExp(check.bad) : void 0;
	return {
		ok: code === 0 && !lines.some((line) => bad?.test(line)),
		lines
	};
}
/** Tries the mends of the entry on what the checker said; true when a file was changed. */
async function mendByEntry(system, said, check, rule, journal) {
	for (const line of said.lines) for (const mend of check.mends) {
		const groups = new RegExp(mend.pattern).exec(line)?.groups;
		if (!groups) continue;
		const places = await findLines(system, groups, mend.files ?? []);
		for (const { path, text, at } of places) {
			const lines = text.split("\n");
			const before = lines[at];
			lines[at] = mendLine(before, mend, groups);
			await writeInPlace(system, path, Buffer.from(lines.join("\n"), "latin1"));
			journal.done("checks", `${printable(path)}: "${printable(before.trim())}" is mended`, `${mend.why} (the checker said: ${printable(line.trim())})`, rule);
		}
		if (places.length > 0) return true;
	}
	return false;
}
function mendLine(line, mend, groups) {
	if (mend.action === "replace-line") return fill(mend.replace ?? "", groups);
	return (mend.action === "drop-statement" ? dropStatement(line, groups.directive ?? "") : void 0) ?? `# perennial: ${mend.why}\n# ${line}`;
}
/** `zone "x" { type master; auto-dnssec maintain; };` without its `auto-dnssec`; undefined when nothing else is in the line. */
function dropStatement(line, directive) {
	const name = directive.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	const rest = line.replace(new RegExp(`(^|[\\s{;])${name}\\b[^;{}]*(\\{[^{}]*\\}\\s*)?;`), "$1");
	return rest === line || rest.trim() === "" ? void 0 : rest;
}
function fill(text, groups) {
	return text.replace(/\$<(\w+)>/g, (_, name) => groups[name] ?? "");
}
/** Where the checker's words point: `file` and `line` when it names them, else active lines that begin with `directive`. */
async function findLines(system, groups, globs) {
	const named = groups.file?.startsWith("/") ? [groups.file] : [];
	const paths = named.length > 0 ? named : [...system.entries().values()].filter((each) => each.kind === "file" && compileGlobs(globs)(each.path)).map((each) => each.path);
	const found = [];
	for (const path of paths) {
		const text = (await system.read(path))?.toString("latin1");
		if (text === void 0) continue;
		const at = lineOf(text.split("\n"), groups);
		if (at >= 0) found.push({
			path,
			text,
			at
		});
	}
	return found;
}
function lineOf(lines, groups) {
	const directive = groups.directive?.toLowerCase();
	const isIt = (line) => {
		const trimmed = line?.trim().toLowerCase() ?? "";
		return trimmed !== "" && !/^[#;]/.test(trimmed) && (directive === void 0 || trimmed.startsWith(directive));
	};
	const numbered = Number(groups.line) - 1;
	if (groups.line && isIt(lines[numbered])) return numbered;
	return directive === void 0 ? -1 : lines.findIndex(isIt);
}
/** A merge without a conflict can still be wrong: the owner's own file takes its place, one file a round. */
async function useEdited(system, said, placed, reverted, rule, journal) {
	const candidates = placed.filter((each) => !reverted.has(each.path) && !each.edited.equals(each.content));
	const named = candidates.find((each) => said.lines.some((line) => line.includes(each.path)));
	const related = candidates.find((each) => said.lines.some((line) => line.includes(folderOf(each.path))));
	const chosen = named ?? related;
	if (!chosen) return false;
	reverted.add(chosen.path);
	await writeInPlace(system, chosen.path, chosen.edited);
	journal.look("checks", `${printable(chosen.path)}: the edited file is used without today's defaults`, `merged with them, the checker refuses it: ${printable(lastLines(said.lines.join("\n"), 2))}`, rule);
	return true;
}
/** `/etc/nginx` of `/etc/nginx/nginx.conf`: a checker often names a file that the merged one includes. */
function folderOf(path) {
	return path.split("/").slice(0, 3).join("/");
}
// src/plan/config-format.ts
/** Nested formats are never read by key, whatever they look like. */
const NESTED_NAME = /\.(ya?ml|toml|json|xml|html?|lua|py|pl|rb|php|js|c|h|cf|te|zone|rules|conf\.php)$/i;
const SHELL_NAME = /^\/etc\/(default\/[^/]+|environment|.*\/envvars|.*\/environment)$/;
const WORDS_NAME = /(^|\/)(sshd_config|sshd_config\.d\/[^/]+\.conf|login\.defs|redis(-\w+)?\.conf|valkey(-\w+)?\.conf)$/;
/** A new format is one entry; the first that supports a file reads it. */
const formats = [
	{
		id: "shell",
		mark: "#",
		comment: /^\s*#/,
		active: /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/,
		commented: /^\s*#\s?(?:export\s+)?([A-Za-z_]\w*)=(.*)$/,
		opaque: true,
		supports(path, text) {
			const lines = linesToRead(text, this.comment);
			return SHELL_NAME.test(path) && !lines.some((line) => line.includes("<<") || isContinued(line));
		}
	},
	{
		id: "words",
		mark: "#",
		comment: /^\s*#/,
		active: /^\s*([A-Za-z][\w-]*)(?:\s+|\s*=\s*)(\S.*)$/,
		commented: /^#([A-Za-z][\w-]*)[ \t]+(\S.*)$/,
		section: /^\s*(Match\s+\S.*)$/i,
		opaque: false,
		supports(path, text) {
			const lines = linesToRead(text, this.comment);
			return WORDS_NAME.test(path) && lines.every((line) => this.active.test(line) && !/\\$|[{}]\s*$/.test(line));
		}
	},
	{
		id: "ini",
		mark: ";",
		comment: /^\s*[;#]/,
		active: /^\s*([A-Za-z_][^=]*?)\s*(?:=(.*))?$/,
		commented: /^\s*[;#]\s?([A-Za-z_][^=]*?)\s*=(.*)$/,
		section: /^\s*\[([^\]]+)\]\s*(?:[;#].*)?$/,
		opaque: true,
		supports(path, text) {
			const lines = linesToRead(text, this.comment);
			const isOdd = (line) => /^\s*[<{}]|[{}\\]\s*$/.test(line) || /^\s+[^=]+$/.test(line);
			const isSetting = (line) => !this.section.test(line);
			const plain = (new Set(lines.filter(isSetting).map((line) => /^\s/.test(line))).size < 2 || /(^|\/)smb\.conf$/.test(path)) && !lines.some(isOdd) && lines.some((line) => line.includes("="));
			return !NESTED_NAME.test(path) && plain && lines.some((line) => this.section.test(line));
		}
	},
	{
		id: "equals",
		mark: "#",
		comment: /^\s*#/,
		active: /^([A-Za-z_][\w.-]*)\s*=(.*)$/,
		commented: /^#\s?([A-Za-z_][\w.-]*)\s*=(.*)$/,
		opaque: false,
		supports(path, text) {
			const lines = linesToRead(text, this.comment);
			const defaults = text.split("\n").filter((line) => this.commented.test(line)).length;
			const told = lines.length > 0 || defaults >= 3;
			return !NESTED_NAME.test(path) && told && lines.every((line) => this.active.test(line) && !isContinued(line));
		}
	}
];
/**
* The format in which all of `texts` (versions of one file) can be read key by key, or undefined. Conservative on purpose: blocks, nested
* formats, continued lines and lists of records are left to the merge by lines.
*/
function findConfigFormat(path, texts) {
	return formats.find((format) => texts.every((text) => format.supports(path, text)));
}
/**
* Name of a key for comparison: Samba ignores case and blanks in names (smb.conf(5)), sshd and PostgreSQL ignore case
* (sshd_config(5), "Parameter Names" in PostgreSQL's manual); elsewhere every letter counts.
*/
function comparableKey(path, key) {
	if (/(^|\/)smb\.conf$/.test(path)) return key.toLowerCase().replace(/\s+/g, "");
	return /(^|\/)(sshd_config|postgresql\.conf)/.test(path) ? key.toLowerCase().replace(/\s+/g, " ") : key;
}
/** Value for comparison: without the comment behind it in files where such comments exist (PostgreSQL, PHP). */
function comparableValue(path, value) {
	const mark = /postgres/.test(path) ? "#" : /php/.test(path) ? ";" : void 0;
	const end = mark === void 0 ? -1 : commentStart(value, mark);
	return (end < 0 ? value : value.slice(0, end)).trim();
}
function commentStart(value, mark) {
	let quote = "";
	for (let at = 0; at < value.length; at++) {
		const char = value[at];
		if (quote) quote = char === quote ? "" : quote;
		else if (char === "\"" || char === "'") quote = char;
		else if (char === mark && (at === 0 || /\s/.test(value[at - 1]))) return at;
	}
	return -1;
}
function linesToRead(text, comment) {
	return text.split("\n").map((line) => line.replace(/\r$/, "")).filter((line) => line.trim() !== "" && !comment.test(line));
}
/** The value goes on in the next line: a backslash, or a quote that does not close. */
function isContinued(line) {
	const bare = line.replace(/\\./g, "").replace(/"[^"]*"|'[^']*'/g, "").replace(/\s#.*$/, "");
	return line.endsWith("\\") || /["']/.test(bare);
}
// src/plan/config-file.ts
/** Splits a text that `format` supports into sections and lines. Nothing is lost: formatConfigFile gives the text back. */
function parseConfigFile(path, text, format) {
	const sections = [{
		name: "",
		header: void 0,
		lines: []
	}];
	for (const raw of text.replace(/\n$/, "").split("\n")) {
		const name = format.comment.test(raw) ? void 0 : format.section?.exec(raw)?.[1];
		if (name === void 0) sections.at(-1).lines.push(readLine(path, raw, format));
		else sections.push({
			name: sectionName(path, name.trim()),
			header: raw,
			lines: []
		});
	}
	return { sections };
}
/** The text again, with one newline at its end. */
function formatConfigFile(file) {
	return `${file.sections.flatMap(({ header, lines }) => [...header === void 0 ? [] : [header], ...lines.map((line) => line.raw)]).join("\n")}\n`;
}
/** Active lines of a section by key, in order; a key that stands twice has two. */
function activeLines(section) {
	const keys = /* @__PURE__ */ new Map();
	for (const line of section?.lines ?? []) if (line.kind === "active") keys.set(line.key, [...keys.get(line.key) ?? [], line]);
	return keys;
}
/** Every setting with all its values, in the order of the file. */
function settingsOf(file) {
	return file.sections.flatMap((section) => [...activeLines(section)].map(([key, lines]) => ({
		section: section.name,
		key,
		label: lines[0].label,
		values: lines.map((line) => line.value)
	})));
}
function findSection(file, name) {
	return file.sections.find((section) => section.name === name);
}
/** `[section] key`, or the key alone where there are no sections. */
function settingName(section, key) {
	return section === "" ? key : `[${section}] ${key}`;
}
/** Only Samba ignores case here; a `Match User Bob` is not bob's. */
function sectionName(path, name) {
	return /(^|\/)smb\.conf$/.test(path) ? comparableKey(path, name) : name;
}
function readLine(path, raw, format) {
	const text = raw.replace(/\r$/, "");
	const isComment = format.comment.test(text);
	const match = (isComment ? format.commented : format.active).exec(text);
	if (text.trim() === "") return {
		raw,
		kind: "blank",
		key: "",
		value: "",
		label: ""
	};
	if (!match) return {
		raw,
		kind: isComment ? "comment" : "opaque",
		key: "",
		value: "",
		label: ""
	};
	const label = match[1].trim();
	const value = comparableValue(path, match[2] ?? "");
	return {
		raw,
		kind: isComment ? "commented" : "active",
		key: comparableKey(path, label),
		value,
		label
	};
}
// src/plan/shown-value.ts
/** Words that make a setting a secret, in keys and in lines whose parts are not known. */
const SECRET = /pass(wd|word|phrase)?|secret|token(?!s)|credential|private|api[-_]?key|\bkey\b|auth/i;
/** Values that tell nothing, as in `PasswordAuthentication no`. */
const PLAIN = /^(\S+\s+)?(yes|no|on|off|true|false|none)\s*;?(\s*#.*)?$/i;
const LONGEST = 120;
/** A setting's value for a report: secrets hidden, control characters escaped, at most 120 characters. `key` may be a whole line. */
function shownValue(key, value) {
	if (value === "") return "";
	if (SECRET.test(key) && !PLAIN.test(value.trim())) return "<hidden>";
	const text = printable(value.trim()).replace(/(:\/\/[^\s:/@]*:)[^\s@]+@/g, "$1<hidden>@");
	return text.length > LONGEST ? `${text.slice(0, 119)}…` : text;
}
// src/plan/merge-lines.ts
/**
* Three-way merge by lines (diff3). Blanks at the ends of lines do not count. A region that both sides changed is still no
* conflict when one of them changed comments only: the other side's lines stand. A setting that comes out twice where
* every version had it at most once is a conflict too (nginx refuses a second `server_tokens`), and so is a list of rules
* that the default changed: where a directive stands several times its order counts (Squid's `http_access`, PAM).
*/
function mergeLines(texts) {
	const [edited, old, fresh] = [
		split(texts.edited),
		split(texts.old),
		split(texts.fresh)
	];
	const keys = (lines) => lines.map((line) => line.trimEnd());
	const conflicts = [];
	const merged = [];
	let comments = 0;
	for (const region of diff3MergeRegions(keys(edited), keys(old), keys(fresh))) {
		if (region.stable) {
			const source = {
				a: edited,
				o: old,
				b: fresh
			}[region.buffer];
			merged.push(...source.slice(region.bufferStart, region.bufferStart + region.bufferLength));
			continue;
		}
		const mine = edited.slice(region.aStart, region.aStart + region.aLength);
		const theirs = fresh.slice(region.bStart, region.bStart + region.bLength);
		const side = settled(region.aContent, region.oContent, region.bContent);
		if (side === "fresh" && !same$1(region.aContent, region.bContent)) comments++;
		if (side) merged.push(...side === "edited" ? mine : theirs);
		else conflicts.push(regionConflict(region.aStart + 1, mine, theirs));
	}
	const isMarkup = /^\s*</.test(texts.fresh);
	const doubled = conflicts.length === 0 && !isMarkup ? doubledSettings(merged, [
		edited,
		old,
		fresh
	]) : [];
	const notes = comments === 0 ? [] : [`${comments} changed comments of the edited file not carried over`];
	const lists = isMarkup ? [] : changedLists(edited, old, fresh);
	return {
		text: merged.join("\n"),
		conflicts: [
			...conflicts,
			...doubled,
			...lists
		],
		notes
	};
}
function split(text) {
	return text.split("\n");
}
/** Which side stands although both touched the region, if one can. */
function settled(edited, old, fresh) {
	if (same$1(edited, fresh)) return "fresh";
	const [a, o, b] = [
		edited,
		old,
		fresh
	].map(settingsOnly);
	if (same$1(o, b)) return "edited";
	if (same$1(o, a) || same$1(a, b)) return "fresh";
}
function same$1(a, b) {
	return a.length === b.length && a.every((line, at) => line === b[at]);
}
/** Without blank lines and `#` comments; `#include` and `#includedir` (sudoers) are no comments. */
function settingsOnly(lines) {
	return lines.map((line) => line.trimEnd()).filter((line) => line !== "" && (!/^\s*#/.test(line) || /^\s*#include/.test(line)));
}
function regionConflict(line, edited, fresh) {
	const show = (lines) => settingsOnly(lines).map((each) => shownValue(each, each)).join(" | ").slice(0, 400);
	return {
		where: `line ${line}`,
		edited: show(edited),
		fresh: show(fresh)
	};
}
function doubledSettings(merged, inputs) {
	const counts = inputs.map(countWords);
	return [...countWords(merged)].flatMap(([word, count]) => {
		const most = Math.max(...counts.map((each) => each.get(word) ?? 0));
		if (count < 2 || most > 1) return [];
		const find = (lines) => lines.find((line) => firstWord(line) === word)?.trim() ?? "";
		const [edited, , fresh] = inputs;
		const shown = [find(edited), find(fresh)].map((line) => shownValue(line, line));
		return [{
			where: word,
			edited: shown[0],
			fresh: shown[1]
		}];
	});
}
/** Directives that load something: their list is a set, and what today's other settings need must be in it. */
const LOADS = /^(load_?module|module_?load|load_?plugin)$/i;
/** Lists that the default changed and the owner's file has otherwise: inserting into somebody's rules changes what they say. */
function changedLists(edited, old, fresh) {
	const [mine, before, theirs] = [
		edited,
		old,
		fresh
	].map(linesByWord);
	return [...before].flatMap(([word, was]) => {
		const [now, then] = [mine.get(word) ?? [], theirs.get(word) ?? []];
		if (was.length < 2 || now.length < 2 || same$1(was, then) || same$1(now, then) || LOADS.test(word)) return [];
		const show = (lines, others) => lines.filter((line) => !others.includes(line)).map((line) => shownValue(line, line)).join(" | ").slice(0, 400);
		return [{
			where: `the list of ${word}`,
			edited: show(now, then),
			fresh: show(then, now)
		}];
	});
}
function linesByWord(lines) {
	const found = /* @__PURE__ */ new Map();
	for (const line of settingsOnly(lines)) {
		const word = firstWord(line);
		if (word) found.set(word, [...found.get(word) ?? [], line.trim()]);
	}
	return found;
}
function countWords(lines) {
	const counts = /* @__PURE__ */ new Map();
	for (const line of settingsOnly(lines)) {
		const word = firstWord(line);
		if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	return counts;
}
/** The directive of a line that is one: a word and a value, no block and no shell. */
function firstWord(line) {
	return /^\s*([A-Za-z_][\w.-]*)[\s=]+[^\s{][^{]*$/.exec(line)?.[1];
}
// src/plan/changed-defaults.ts
/**
* What the distribution changed in a default between two releases, one line each (`key: old -> new`), comments left out. It
* matters wherever the edited file is kept: an old default can reopen a hole that the new one closed.
*/
function listChangedDefaults(path, old, fresh) {
	const format = findConfigFormat(path, [old, fresh]);
	return format ? byKey(path, old, fresh, format) : byLine(old, fresh);
}
function byKey(path, old, fresh, format) {
	const read = (text) => {
		const settings = settingsOf(parseConfigFile(path, text, format));
		return new Map(settings.map((setting) => [`${setting.section}\n${setting.key}`, setting]));
	};
	const [before, after] = [read(old), read(fresh)];
	const show = (setting, name) => setting ? shownValue(name, setting.values.join(", ")) || "(empty)" : "(not set)";
	return [...new Map([...before, ...after])].flatMap(([id, { section, label }]) => {
		const [was, now] = [before.get(id), after.get(id)];
		if (was && now && was.values.join("\n") === now.values.join("\n")) return [];
		const name = settingName(section, label);
		return [`${name}: ${show(was, name)} -> ${show(now, name)}`];
	});
}
function byLine(old, fresh) {
	const read = (text) => settingsOnly(text.split("\n")).map((line) => line.trim().replace(/\s+/g, " "));
	const [before, after] = [read(old), read(fresh)];
	const [had, has] = [new Set(before), new Set(after)];
	return [...before.filter((line) => !has.has(line)).map((line) => `gone: ${shownValue(line, line)}`), ...after.filter((line) => !had.has(line)).map((line) => `new: ${shownValue(line, line)}`)];
}
// src/plan/key-changes.ts
/**
* What the owner changed between two versions of a file, or undefined when that cannot be said by key: a key that
* stands several times was changed, a section stands twice, or a line of no known kind came or went.
*/
function findKeyChanges(old, edited) {
	if ([old, edited].some(hasTwinSections) || opaqueLines(old) !== opaqueLines(edited)) return void 0;
	const changes = [];
	for (const section of edited.sections) {
		const before = findSection(old, section.name);
		const inside = before ? sectionChanges(before, section) : [{
			kind: "add-section",
			section
		}];
		if (!inside) return void 0;
		changes.push(...inside);
	}
	const removed = old.sections.filter((section) => !findSection(edited, section.name));
	return [...changes, ...removed.map((section) => ({
		kind: "remove-section",
		section
	}))];
}
/** Whether a section name stands twice: then its keys cannot be told apart. */
function hasTwinSections(file) {
	return new Set(file.sections.map((section) => section.name)).size < file.sections.length;
}
function opaqueLines(file) {
	return file.sections.flatMap((section) => section.lines.filter((line) => line.kind === "opaque")).map((line) => line.raw.trim()).join("\n");
}
function sectionChanges(old, edited) {
	const [before, after] = [activeLines(old), activeLines(edited)];
	const changes = [];
	for (const key of /* @__PURE__ */ new Set([...after.keys(), ...before.keys()])) {
		const [was, now] = [before.get(key) ?? [], after.get(key) ?? []];
		if (was.length === now.length && values(was) === values(now)) continue;
		if (was.length > 1 || now.length > 1) return void 0;
		if (now[0]) changes.push(setting(old, edited, now[0], was[0]?.value));
		else changes.push({
			kind: "unset",
			section: edited.name,
			key,
			label: was[0].label,
			was: was[0].value
		});
	}
	return changes;
}
function values(lines) {
	return lines.map((line) => line.value).join("\n");
}
function setting(old, edited, line, was) {
	const left = new Set(edited.lines.map((each) => each.raw));
	const gone = old.lines.filter((each) => each.kind === "commented" && each.key === line.key && !left.has(each.raw));
	const turned = new Set(gone.map((each) => each.raw));
	const commented = old.lines.filter((each) => each.kind === "commented" && each.key === line.key);
	const shown = new Set(commented.map((each) => each.value));
	return {
		kind: "set",
		section: edited.name,
		header: edited.header,
		key: line.key,
		line,
		was,
		comments: ownComments(old, edited, line),
		turned,
		shown
	};
}
function ownComments(old, edited, line) {
	const known = new Set(old.lines.map((each) => each.raw));
	const above = edited.lines.slice(0, edited.lines.indexOf(line));
	const last = above.findLastIndex((each) => each.kind !== "comment" || known.has(each.raw));
	return above.slice(last + 1);
}
// src/plan/merge-keys.ts
/**
* The new default with the owner's changes set in it, key by key: the active line is replaced, else the commented
* default is switched on, else the line goes to the end of its section. The owner's value wins a conflict, which is named.
* Undefined when the changes cannot be told or carried by key: then lines decide.
*/
function mergeKeys(path, texts, format) {
	const [old, edited, fresh] = [
		texts.old,
		texts.edited,
		texts.fresh
	].map((text) => parseConfigFile(path, text, format));
	const changes = hasTwinSections(fresh) ? void 0 : findKeyChanges(old, edited);
	if (!changes) return void 0;
	const merge = {
		fresh,
		format,
		conflicts: [],
		notes: []
	};
	for (const change of changes) if (!apply(change, merge)) return void 0;
	const text = formatConfigFile(merge.fresh);
	const expected = expectedSettings(parseConfigFile(path, texts.fresh, format), changes);
	if (!sameSettings(parseConfigFile(path, text, format), expected)) return void 0;
	return {
		text,
		conflicts: merge.conflicts,
		notes: [...merge.notes, ...droppedComments(old, edited, merge.fresh)]
	};
}
function apply(change, merge) {
	switch (change.kind) {
		case "set": return applySet(change, merge);
		case "unset": return applyUnset(change, merge);
		case "add-section": return applyNewSection(change.section, merge);
		case "remove-section":
			merge.fresh.sections = merge.fresh.sections.filter((section) => section.name !== change.section.name);
			return true;
	}
}
function applySet(change, merge) {
	const section = sectionFor(change, merge);
	const active = activeLines(section).get(change.key) ?? [];
	if (active.length > 1) return false;
	const name = settingName(change.section, change.line.label);
	const now = active[0]?.value;
	if (now !== void 0 && now !== change.was && now !== change.line.value && !isShown(change, now)) merge.conflicts.push(conflict(name, change.line.value, now));
	if (now === void 0 && change.was !== void 0) merge.notes.push(`${name} is no longer in the new default; kept`);
	const target = active[0] ?? commentedDefault(section, change);
	const own = [...change.comments, change.line];
	if (target) section.lines.splice(section.lines.indexOf(target), 1, ...own);
	else section.lines.splice(endOf(section, merge.format), 0, ...own);
	return true;
}
/** The new default only writes down what the old one said in a comment. */
function isShown(change, now) {
	return change.was === void 0 && change.shown.has(now);
}
function conflict(name, edited, fresh) {
	return {
		where: name,
		edited: shownValue(name, edited),
		fresh: shownValue(name, fresh)
	};
}
function applyUnset(change, merge) {
	const section = findSection(merge.fresh, change.section);
	const active = activeLines(section).get(change.key) ?? [];
	if (active.length > 1) return false;
	const line = active[0];
	if (!section || !line) return true;
	const name = settingName(change.section, change.label);
	if (line.value !== change.was) merge.conflicts.push(conflict(name, "(switched off)", line.value));
	section.lines.splice(section.lines.indexOf(line), 1, {
		...line,
		raw: merge.format.mark + line.raw,
		kind: "commented"
	});
	return true;
}
/** A whole section of the owner's; where the new default has one of that name, key by key into it. */
function applyNewSection(section, merge) {
	if (!findSection(merge.fresh, section.name)) {
		merge.fresh.sections.push({
			...section,
			lines: [...section.lines]
		});
		return true;
	}
	const set = (line) => ({
		was: void 0,
		comments: [],
		turned: /* @__PURE__ */ new Set(),
		shown: /* @__PURE__ */ new Set(),
		section: section.name,
		header: section.header,
		key: line.key,
		line
	});
	return [...activeLines(section).values()].every((lines) => lines.length === 1 && applySet({
		kind: "set",
		...set(lines[0])
	}, merge));
}
/** A section that the new default dropped comes back for the key that the owner set in it. */
function sectionFor({ section: name, header }, merge) {
	const found = findSection(merge.fresh, name);
	if (found) return found;
	const section = {
		name,
		header,
		lines: []
	};
	merge.fresh.sections.push(section);
	return section;
}
function commentedDefault(section, change) {
	const candidates = section.lines.filter((line) => line.kind === "commented" && line.key === change.key);
	return candidates.find((line) => change.turned.has(line.raw)) ?? candidates[0];
}
/** Behind the last line that is or could be a setting, so that a banner of the next section stays with it. */
function endOf(section, format) {
	const isContent = ({ kind }) => kind === "active" || kind === "opaque" || kind === "commented";
	return section.lines.findLastIndex(format.section ? isContent : (line) => line.kind !== "blank") + 1;
}
/** What must be in force after the merge: the check on everything above. */
function expectedSettings(fresh, changes) {
	const settings = new Map(settingsOf(fresh).map(({ section, key, values }) => [`${section}\n${key}`, values.join("\n")]));
	for (const change of changes) {
		if (change.kind === "set") settings.set(`${change.section}\n${change.key}`, change.line.value);
		if (change.kind === "unset") settings.delete(`${change.section}\n${change.key}`);
		if (change.kind === "add-section") for (const [key, lines] of activeLines(change.section)) settings.set(`${change.section.name}\n${key}`, lines.map((line) => line.value).join("\n"));
		if (change.kind === "remove-section") {
			for (const name of [...settings.keys()]) if (name.startsWith(`${change.section.name}\n`)) settings.delete(name);
		}
	}
	return settings;
}
function sameSettings(file, expected) {
	const found = settingsOf(file);
	return found.length === expected.size && found.every(({ section, key, values }) => expected.get(`${section}\n${key}`) === values.join("\n"));
}
/** The owner's comments that stand beside no changed key have no place in the new default. */
function droppedComments(old, edited, merged) {
	const comments = (file) => file.sections.flatMap((section) => section.lines.filter((line) => line.kind === "comment"));
	const known = new Set([...comments(old), ...comments(merged)].map((line) => line.raw.trim()));
	const dropped = comments(edited).filter((line) => !known.has(line.raw.trim())).length;
	return dropped === 0 ? [] : [`${dropped} comment ${dropped === 1 ? "line" : "lines"} of the edited file not carried over`];
}
// src/plan/merge-config.ts
/** dpkg's own name for the version that it did not install (dpkg(1), --force-confold). */
const BESIDE = ".dpkg-dist";
/** Larger texts are not merged: the search for common lines is quadratic in the worst case. */
const LARGEST_TEXT = 4194304;
const MOST_LINES = 2e4;
const MOST_CHANGED_DEFAULTS = 20;
/** Below this part of the old default's settings an edited file is a file of the owner's own. */
const REWRITTEN = .25;
/**
* Brings an edited configuration file to a new release: three ways between the old default, the edited file and the
* new default. Unedited: the new default. By key where the format is surely known, else by lines. A conflict by
* key keeps the owner's value, a conflict by lines the whole edited file; the new default goes beside it, and the report names both.
* Never throws: what cannot be merged is kept as edited.
*/
function mergeConfig(input) {
	const { pristineOld, edited, pristineNew } = input;
	if (pristineOld?.equals(edited) && pristineNew) return newDefault(input, pristineOld, pristineNew);
	if (![
		pristineOld,
		edited,
		pristineNew
	].every(isText)) return keepBinary(input);
	const { texts, notes } = rewritten(input);
	const kept = (how, fresh) => ({
		outcome: "edited-kept",
		how,
		content: encodeBytes(texts.edited),
		...fresh && !fresh.equals(encodeBytes(texts.edited)) ? { beside: {
			suffix: BESIDE,
			content: fresh
		} } : {},
		conflicts: [],
		notes,
		...defaults(input.path, texts.old, texts.fresh)
	});
	if (!pristineNew) return kept("whole");
	if (!pristineOld) return kept("whole", pristineNew);
	if (texts.old === texts.fresh) return kept("same-default");
	if (texts.edited === texts.fresh) return kept("whole");
	return mergeTexts(input.path, texts, kept);
}
function mergeTexts(path, texts, kept) {
	const fresh = encodeBytes(texts.fresh);
	const format = findConfigFormat(path, [
		texts.old,
		texts.edited,
		texts.fresh
	]);
	const whole = kept("whole", fresh);
	if (isTooLarge(texts)) return {
		...whole,
		notes: [...whole.notes, "too large to be merged"]
	};
	if (isRewritten(path, texts, format)) return {
		...whole,
		notes: [...whole.notes, "the owner wrote this file anew: next to nothing of the old default is left in it"]
	};
	const byKey = format && mergeKeys(path, texts, format);
	const { text, conflicts, notes } = byKey ?? mergeLines(texts);
	const failed = conflicts.length > 0;
	const { beside, ...rest } = whole;
	return {
		...rest,
		...failed && beside ? { beside } : {},
		outcome: failed ? "conflict" : "merged",
		how: byKey ? "keys" : "lines",
		content: byKey || !failed ? encodeBytes(text) : whole.content,
		conflicts,
		notes: [...whole.notes, ...notes]
	};
}
function newDefault(input, old, fresh) {
	const changes = isText(old) && isText(fresh) ? defaults(input.path, decodeBytes(old), decodeBytes(fresh)) : {
		defaultChanged: !old.equals(fresh),
		changedDefaults: []
	};
	return {
		outcome: "new-default",
		how: old.equals(fresh) ? "same-default" : "whole",
		content: fresh,
		conflicts: [],
		notes: [],
		...changes
	};
}
function keepBinary({ pristineOld, edited, pristineNew }) {
	const isSame = pristineNew === void 0 || pristineNew.equals(edited);
	return {
		outcome: "edited-kept",
		how: pristineOld && pristineNew?.equals(pristineOld) ? "same-default" : "whole",
		content: edited,
		...isSame || pristineOld?.equals(pristineNew) ? {} : { beside: {
			suffix: BESIDE,
			content: pristineNew
		} },
		conflicts: [],
		notes: ["not a text: kept as it was"],
		defaultChanged: pristineOld !== void 0 && pristineNew !== void 0 && !pristineOld.equals(pristineNew),
		changedDefaults: []
	};
}
/** The old texts as they read with the names and paths of the new system. */
function rewritten({ pristineOld, edited, pristineNew, substitutions = [] }) {
	const old = pristineOld && rewriteText(decodeBytes(pristineOld), substitutions).text;
	const { text, hits } = rewriteText(decodeBytes(edited), substitutions);
	const lines = hits.map((hit) => hit.line).join(", ");
	const notes = hits.length === 0 ? [] : [`names and paths of the new release written into line ${lines}`];
	return {
		texts: {
			old,
			edited: text,
			fresh: pristineNew && decodeBytes(pristineNew)
		},
		notes
	};
}
function defaults(path, old, fresh) {
	if (old === void 0 || fresh === void 0 || old === fresh) return {
		defaultChanged: false,
		changedDefaults: []
	};
	const changed = listChangedDefaults(path, old, fresh);
	const rest = changed.length - MOST_CHANGED_DEFAULTS;
	const shown = changed.slice(0, MOST_CHANGED_DEFAULTS);
	return {
		defaultChanged: changed.length > 0,
		changedDefaults: rest > 0 ? [...shown, `and ${rest} more`] : shown
	};
}
function isText(bytes) {
	return bytes === void 0 || !bytes.includes(0);
}
function isTooLarge({ old, edited, fresh }) {
	return [
		old,
		edited,
		fresh
	].some((text) => text.length > LARGEST_TEXT || text.split("\n").length > MOST_LINES);
}
/** Whether the owner put another file in place of the default, instead of editing it: then there is nothing to merge. */
function isRewritten(path, { old, edited }, format) {
	const read = (text) => {
		const keys = format ? settingsOf(parseConfigFile(path, text, format)) : [];
		return keys.length > 0 ? keys.map(({ section, key }) => `${section}\n${key}`) : settingsOnly(text.split("\n"));
	};
	const [before, after] = [read(old), new Set(read(edited))];
	return before.length >= 4 && before.filter((each) => after.has(each)).length < before.length * REWRITTEN;
}
// src/restore/configuration.ts
/** Merges every configuration file that both sides have: three ways where the version before the edits is known. */
async function restoreConfiguration(system, options, journal) {
	const placed = [];
	const files = [];
	for (const { entry, header, content: edited, placement } of options.captured) {
		if (placement.action === "skip") continue;
		if (placement.action === "beside") {
			files.push({
				header: renamed(header, `${placement.path}.perennial-old`),
				content: edited
			});
			journal.look("configuration", `${printable(placement.path)} is the new package's; the old one is beside it (.perennial-old)`, placement.why, "payload/beside");
			continue;
		}
		const fresh = await system.read(placement.path);
		if (fresh) system.defaults.set(placement.path, fresh.toString("latin1"));
		const pristineOld = await options.pristine(entry.path);
		const merged = mergeConfig({
			path: placement.path,
			edited,
			substitutions: options.substitutions,
			...pristineOld ? { pristineOld } : {},
			...fresh ? { pristineNew: fresh } : {}
		});
		files.push({
			header: renamed(header, placement.path),
			content: merged.content
		});
		if (merged.beside) files.push({
			header: { ...renamed(header, placement.path + merged.beside.suffix) },
			content: merged.beside.content
		});
		placed.push({
			path: placement.path,
			header: renamed(header, placement.path),
			content: merged.content,
			edited: renameIn(edited, options.substitutions)
		});
		report$2(journal, placement.path, merged, fresh);
	}
	await layFiles(system, files);
	return placed;
}
function report$2(journal, path, merged, fresh) {
	const name = printable(path);
	const diff = fresh ? unifiedDiff(fresh.toString(), merged.content.toString(), {
		from: `${name} (today's default)`,
		to: `${name} (restored)`
	}) : "";
	if (merged.outcome === "conflict") {
		const where = merged.conflicts.map((each) => printable(String(each.where))).join(", ");
		journal.look("configuration", `${name} conflicts with today's default: yours is kept, today's is beside it (${merged.beside?.suffix ?? ""})`, `edited in the same places: ${where}`, "config/conflict", diff);
		return;
	}
	const isFresh = fresh?.equals(merged.content) ?? false;
	const level = merged.defaultChanged && merged.outcome === "edited-kept" && !isFresh ? "look" : "done";
	const how = {
		"edited-kept": "the edited file",
		"new-default": "today's default (it was not edited)",
		merged: `merged by ${merged.how}`
	}[merged.outcome];
	journal[level]("configuration", `${name}: ${how}`, merged.notes.join("; ") || "configuration file on both sides", `config/${merged.how}`, diff);
}
/** Rewrites versioned names and paths in configuration that is laid as it is, and says where people's own code has them. */
function renameIn(content, substitutions) {
	if (substitutions.length === 0 || content.includes(0)) return content;
	const text = content.toString("latin1");
	const rewritten = rewriteText(text, substitutions);
	return rewritten.hits.length === 0 ? content : Buffer.from(rewritten.text, "latin1");
}
function renamed(header, path) {
	return {
		...header,
		path: path.slice(1)
	};
}
// src/plan/deletions.ts
/** The kernel's and the engine's: they are mounted or made anew with every container. */
const NOT_OURS = /^\/(proc|sys|dev|run)(\/|$)|^\/etc\/(hosts|hostname|resolv\.conf|mtab)$|^\/\.dockerenv$/;
/**
* Which of the owner's deletions to repeat on the new system. Takes index entries (only those with disposition `delete`
* count). A deletion never reaches through a symlink, into another tree, or into an Essential package outside
* /etc, and a directory goes only when nothing is left in it.
*/
function planDeletions(entries, context) {
	const plan = {
		deletions: [],
		skipped: []
	};
	const children = countChildren(context.existsInNew);
	const holders = new Set([...context.restored ?? []].flatMap(ancestorsOf));
	for (const entry of deepestFirst(entries.filter((each) => each.disposition === "delete"))) {
		const path = context.mapPath(entry.path);
		const objection = findObjection(path, context, (dir) => (children.get(dir) ?? 0) > 0 || holders.has(dir));
		if (objection) {
			plan.skipped.push({
				path: entry.path,
				...objection
			});
			continue;
		}
		const isDirectory = children.has(path) || (context.directoriesInNew?.has(path) ?? entry.kind === "directory");
		const why = path === entry.path ? entry.why : `${entry.why} (was ${entry.path})`;
		plan.deletions.push({
			path,
			action: isDirectory ? "rmdir" : "unlink",
			why
		});
		const parent = parentOf(path);
		children.set(parent, (children.get(parent) ?? 1) - 1);
	}
	return plan;
}
function findObjection(path, context, isFilled) {
	const stays = (why) => ({
		why,
		gone: false
	});
	if (!isPlain(path)) return stays("not a plain absolute path");
	if (path.lastIndexOf("/") === 0) return stays("a directory at the top of the system");
	if (NOT_OURS.test(path)) return stays("made by the kernel or the engine");
	const link = ancestorsOf(path).find((parent) => context.symlinksInNew?.has(parent));
	if (link) return stays(`${link} is a symlink on the new system`);
	if (!context.existsInNew.has(path)) return {
		why: "not on the new system",
		gone: true
	};
	if (context.restored?.has(path)) return stays("the restore brings this path");
	if (context.essential?.has(path) && !path.startsWith("/etc/")) return stays("belongs to an essential package");
	return isFilled(path) ? stays("a directory that is not empty on the new system") : void 0;
}
function isPlain(path) {
	return path.startsWith("/") && !path.includes("\0") && path.slice(1).split("/").every((part) => ![
		"",
		".",
		".."
	].includes(part));
}
function parentOf(path) {
	return path.slice(0, path.lastIndexOf("/")) || "/";
}
function ancestorsOf(path) {
	const parts = path.split("/").slice(1, -1);
	return parts.map((_, at) => `/${parts.slice(0, at + 1).join("/")}`);
}
function countChildren(paths) {
	const children = /* @__PURE__ */ new Map();
	for (const path of paths) {
		const parent = parentOf(path);
		if (path !== "/") children.set(parent, (children.get(parent) ?? 0) + 1);
	}
	return children;
}
function deepestFirst(entries) {
	const depth = ({ path }) => path.split("/").length;
	return entries.toSorted((a, b) => depth(b) - depth(a) || (a.path < b.path ? -1 : 1));
}
// src/restore/deletions.ts
/** Removes what the owner had removed, where the new system made it again: single files and empty folders, never a tree. */
async function repeatDeletions(system, deleted, place, restored, journal) {
	if (deleted.length === 0) return;
	const entries = system.entries();
	const plan = planDeletions(deleted, {
		existsInNew: new Set(entries.keys()),
		mapPath: place,
		symlinksInNew: new Set(system.links.keys()),
		directoriesInNew: new Set([...entries.values()].filter((each) => each.kind === "directory").map((each) => each.path)),
		essential: essentialFiles(system),
		restored
	});
	await remove(system, "unlink", [
		"rm",
		"-f",
		"--"
	], plan.deletions);
	await remove(system, "rmdir", [
		"rmdir",
		"--ignore-fail-on-non-empty",
		"--"
	], plan.deletions);
	for (const each of plan.deletions) journal.done("deletions", `removed ${printable(each.path)}`, each.why, "owner/deleted");
	for (const each of plan.skipped.filter((skipped) => !skipped.gone)) journal.look("deletions", `${printable(each.path)} stays`, each.why, "owner/deleted");
}
async function remove(system, action, argv, deletions) {
	const paths = deletions.filter((each) => each.action === action).flatMap((each) => [encodeBytes(each.path), Buffer.from([0])]);
	if (paths.length > 0) await system.target.exec([
		"xargs",
		"-0",
		"-r",
		...argv
	], { input: Buffer.concat(paths) });
}
function essentialFiles(system) {
	const essential = new Set(system.facts.packages.filter((each) => each.priority === "required").map((each) => each.name));
	return new Set([...system.packages].filter(([, file]) => essential.has(file.package)).map(([path]) => path));
}
// src/restore/make-room.ts
/**
* Makes way for files and links of the payload where the new system has a folder: tar replaces files, never folders.
* A folder that became a link to another place was moved there: so is today's. Any other folder goes, unless it has files
* of another release's packages in it: then the payload's path gives way, and that is reported. Changes `placements`.
*/
async function makeRoom(system, index, placements, sameRelease, journal) {
	for (const [old, placement] of placements) {
		const entry = index.get(old);
		if (placement.action !== "lay" || !entry || entry.kind === "directory") continue;
		if (system.kindOf(placement.path) !== "directory") continue;
		const folder = placement.path;
		const place = movedTo(system, index, entry, placement);
		if (isTop(folder) || !place && !sameRelease && holdsPackaged(system, folder)) {
			const why = "the new system has a folder there, with files of packages in it";
			placements.set(old, {
				action: "skip",
				why,
				report: true
			});
			journal.look("state", `${printable(old)} is not put back`, why, "payload/folder");
			continue;
		}
		await system.script(`Making room at ${printable(folder)}`, place ? MOVE : "rm -rf -- \"$FOLDER\"", { env: {
			FOLDER: folder,
			PLACE: place ?? ""
		} });
		const what = place ? `the folder ${printable(folder)} moved to ${printable(place)}` : `the folder ${printable(folder)} gave way`;
		journal.done("state", what, place ? "the owner had moved it" : "the owner had a file there", "payload/folder");
	}
}
const MOVE = "mkdir -p -- \"$PLACE\"; cp -a --no-clobber -- \"$FOLDER/.\" \"$PLACE/\"; rm -rf -- \"$FOLDER\"";
/** The folder that the owner's link leads to, where it is one on either side. */
function movedTo(system, index, entry, placement) {
	if (entry.kind !== "symlink") return void 0;
	const place = system.canonical(resolve$2(placement.path, placement.target ?? entry.target ?? ""));
	if (place === "" || `${place}/`.startsWith(`${placement.path}/`)) return void 0;
	return system.kindOf(place) === "directory" || index.get(place)?.kind === "directory" ? place : void 0;
}
/** `/usr`, `/etc` and the like are never removed, whatever a bag says. */
function isTop(path) {
	return path.split("/").length <= 2;
}
function holdsPackaged(system, folder) {
	for (const path of system.packages.keys()) if (path.startsWith(`${folder}/`) && system.kindOf(path) !== "directory") return true;
	return false;
}
// src/restore/old-names.ts
/** Folders of commands, in the order of PATH. */
const COMMANDS = [
	"/usr/local/sbin",
	"/usr/local/bin",
	"/usr/sbin",
	"/usr/bin"
];
/** Words of a line that may be names or paths. */
const WORD = /[\w.+@/-]+/g;
/**
* Names of the old system in people's own files (scripts, crontabs). Those files are theirs: they are not rewritten. Where a
* command of that name is meant and today's has another one, the old name is kept alive as a link; other names are reported.
*/
var OldNames = class {
	#substitutions;
	#found = /* @__PURE__ */ new Map();
	constructor(substitutions) {
		this.#substitutions = substitutions;
	}
	/** Looks through one file of the payload. */
	watch = (path, content) => {
		if (this.#substitutions.length === 0 || path.startsWith("/etc/") || path.startsWith("/var/log/") || content.includes(0)) return;
		for (const { before, after } of rewriteText(content.toString("latin1"), this.#substitutions).hits) {
			const [old, now] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
			if (old.length !== now.length) continue;
			for (const [n, word] of old.entries()) if (word !== now[n]) this.#add(word, now[n], path);
		}
	};
	#add(word, now, path) {
		const found = this.#found.get(word) ?? {
			now,
			where: /* @__PURE__ */ new Set()
		};
		found.where.add(path);
		this.#found.set(word, found);
	}
	/** Links old command names to today's commands, and reports the rest. */
	async keepCommands(system, start, journal) {
		this.watch("the start command", Buffer.from(start));
		const unknown = /* @__PURE__ */ new Map();
		const links = /* @__PURE__ */ new Map();
		for (const [word, { now, where }] of this.#found) {
			const files = [...where].map(printable).join(", ");
			const command = findCommand(system, now);
			if (command && !findCommand(system, word)) {
				const link = word.includes("/") ? word : `/usr/local/bin/${word}`;
				await system.script("Keeping an old command name", "mkdir -p \"${LINK%/*}\"; [ -e \"$LINK\" ] || ln -s \"$TARGET\" \"$LINK\"", { env: {
					LINK: link,
					TARGET: command
				} });
				journal.look("configuration", `${link} -> ${command}`, `${files} uses the old name ${word}`, "names/command");
			} else if (!command && !await keepFolder(system, word, now, links)) for (const file of where) unknown.set(file, [...unknown.get(file) ?? [], `${printable(word)} (${printable(now)})`]);
		}
		for (const [link, { target, words }] of links) {
			const why = `people's own files name ${words.map(printable).join(", ")}`;
			journal.look("configuration", `${link} -> ${target}`, why, "names/path");
		}
		for (const [file, words] of unknown) journal.look("configuration", `${printable(file)} names ${words.join(", ")}`, "today they probably have the names in brackets; people's own files are not rewritten", "names/old");
	}
};
/**
* Keeps an old path alive as a link to today's: `/usr/share/tomcat9` -> `tomcat10`. Only where the version is part of a name: a folder
* of bare numbers (`/etc/postgresql/13`) is a list of what is installed, and programs read it.
* @returns whether the old path leads somewhere now
*/
async function keepFolder(system, word, now, links) {
	if (!word.startsWith("/")) return false;
	const [old, today] = [word.split("/"), now.split("/")];
	const at = old.findIndex((part, n) => part !== today[n]);
	const [link, target] = [old.slice(0, at + 1).join("/"), today.slice(0, at + 1).join("/")];
	const known = links.get(link);
	if (known) known.words.push(word);
	if (known) return true;
	if (/^[\d.]+$/.test(old[at]) || old.length !== today.length || /^\/(run|tmp|proc|var\/run)\//.test(word) || !system.has(system.canonical(target))) return false;
	if (system.has(system.canonical(link))) return true;
	await system.script("Keeping an old path", "[ -e \"$LINK\" ] || ln -s \"$TARGET\" \"$LINK\"", { env: {
		LINK: link,
		TARGET: today[at]
	} });
	links.set(link, {
		target: today[at],
		words: [word]
	});
	return true;
}
function findCommand(system, word) {
	const path = (word.startsWith("/") ? [word] : word.includes("/") ? [] : COMMANDS.map((folder) => `${folder}/${word}`)).find((place) => system.has(system.canonical(place)));
	return path && /\/s?bin\/[^/]+$/.test(path) ? path : void 0;
}
// src/restore/overrides.ts
/** dpkg-divert, before the payload: the wrapper at the old place is the owner's and comes with the payload. */
async function replayDiversions(system, overrides, substitutions, journal) {
	for (const each of overrides.diversions.filter((diversion) => diversion.package === ":")) {
		const [path, to] = [mapPath(each.path, substitutions), mapPath(each.divertedTo, substitutions)];
		await run(system, [
			"dpkg-divert",
			"--quiet",
			"--local",
			"--rename",
			"--divert",
			to,
			"--add",
			path
		], `diversion of ${path}`, journal);
	}
}
/** Alternatives chosen by hand or added by the owner, statoverrides and holds, after the payload. */
async function replayOverrides(system, overrides, owner, substitutions, journal) {
	for (const each of overrides.statoverrides) {
		const path = mapPath(each.path, substitutions);
		await run(system, [
			"dpkg-statoverride",
			"--force-all",
			"--update",
			"--add",
			each.user,
			each.group,
			each.mode,
			path
		], `statoverride of ${path}`, journal);
	}
	for (const alternative of overrides.alternatives) await replayAlternative(system, alternative, owner, substitutions, journal);
	for (const name of overrides.holds) journal.look("overrides", `${name} was on hold`, "today its latest version is installed; hold it again when you mean to", "dpkg/hold");
}
async function replayAlternative(system, alternative, owner, substitutions, journal) {
	const has = (path) => system.has(system.canonical(path));
	const known = system.facts.overrides.alternatives.find((each) => each.name === alternative.name);
	for (const choice of alternative.choices) {
		const path = mapPath(choice.path, substitutions);
		if ((known?.choices.some((each) => each.path === path) ?? false) || !has(path) || (known ? owner.packaged(choice.path) : !owner.changed(alternative.name))) continue;
		const slaves = choice.slaves.flatMap((slave) => [
			"--slave",
			slave.link,
			slave.name,
			mapPath(slave.path, substitutions)
		]);
		await run(system, [
			"update-alternatives",
			"--quiet",
			"--install",
			alternative.link,
			alternative.name,
			path,
			String(choice.priority),
			...slaves
		], `alternative ${alternative.name}: ${path}`, journal);
	}
	if (alternative.mode === "manual" && alternative.value) {
		const value = mapPath(alternative.value, substitutions);
		if (has(value)) await run(system, [
			"update-alternatives",
			"--quiet",
			"--set",
			alternative.name,
			value
		], `alternative ${alternative.name} set to ${value}`, journal);
		else journal.look("overrides", `alternative ${alternative.name} was set to ${alternative.value}`, "that program does not exist today", "dpkg/alternative");
	}
}
async function run(system, argv, what, journal) {
	const { code, stderr } = await system.target.exec(argv, { allowFailure: true });
	if (code === 0) {
		journal.done("overrides", what, "the owner had told dpkg so", "dpkg/override");
		journal.script(what, shellWords(argv));
	} else journal.look("overrides", `${what} could not be replayed`, stderr.trim().split("\n").at(-1) ?? "", "dpkg/override");
}
// src/plan/people-merge.ts
/** Prepares the name tables of a merge. */
function peopleMerge(old, image, built, ranges) {
	return {
		old,
		image,
		built,
		oldUsers: byName(old.passwd),
		builtUsers: byName(built.passwd),
		ranges,
		notes: []
	};
}
/** A person of the old system, unless a service of the new one has the name; system accounts that were added count as people. */
function standingOf(name, merge) {
	const was = merge.oldUsers.get(name);
	const now = merge.builtUsers.get(name);
	if (!was) return "unknown";
	if (!now) return "person";
	return isPersonId(was.uid, merge.ranges) && isPersonId(now.uid, merge.ranges) ? "person" : "service";
}
/** A name that was a person's and is a service's now: nothing that lets the person log in goes to the service. */
function nameWasTaken(name, merge) {
	const [was, now] = [merge.oldUsers.get(name), merge.builtUsers.get(name)];
	if (!was || !now) return false;
	return isPersonId(was.uid, merge.ranges) && !isPersonId(now.uid, merge.ranges);
}
// src/plan/merge-memberships.ts
/**
* Members of one group: people are in it exactly when they were (nobody gets into a group that they were not in); services
* are when the new system puts them there or the owner did, unless the owner took them out; accounts that the old
* system never had stay as they are. `standing` is `undefined` for a name that has no account any more.
*/
function mergeMembers(sides, standing) {
	const was = new Set(sides.old?.members);
	const inImage = new Set(sides.image?.members);
	const now = new Set(sides.built?.members);
	const ownerAdded = (name) => was.has(name) && !(sides.imageKnown && inImage.has(name));
	const ownerRemoved = (name) => sides.old !== void 0 && inImage.has(name) && !was.has(name);
	const belongs = (name) => {
		const kind = standing(name);
		if (kind === "person" || kind === "service" && !sides.built) return was.has(name);
		if (kind === "service") return ownerAdded(name) || now.has(name) && !ownerRemoved(name);
		return kind === "unknown" && now.has(name);
	};
	return [.../* @__PURE__ */ new Set([...now, ...was])].filter(belongs);
}
/** All groups with their merged members, passwords and administrators, in group(5) and gshadow(5) alike. */
function mergeGroups(accounts, merge) {
	const [olds, images, builts] = [
		merge.old.group,
		merge.image?.group ?? [],
		merge.built.group
	].map(byName);
	const users = byName(accounts.passwd);
	const standing = (name) => users.has(name) ? standingOf(name, merge) : void 0;
	const imageKnown = merge.image !== void 0;
	const group = accounts.group.map((entry) => {
		const [old, image, built] = [
			olds.get(entry.name),
			images.get(entry.name),
			builts.get(entry.name)
		];
		return {
			...entry,
			members: mergeMembers({
				old,
				image,
				built,
				imageKnown
			}, standing)
		};
	});
	return {
		...accounts,
		group,
		gshadow: mirrorMembers(mergeGroupSecrets(accounts, merge), group)
	};
}
/** Group passwords and administrators (gpasswd(1)): the owner's where changed; administrators that still exist. */
function mergeGroupSecrets(accounts, merge) {
	const [olds, images] = [byName(merge.old.gshadow), byName(merge.image?.gshadow ?? [])];
	const [users, builtGroups] = [byName(accounts.passwd), byName(merge.built.group)];
	return accounts.gshadow.map((entry) => {
		const [was, before] = [olds.get(entry.name), images.get(entry.name)];
		if (!was || builtGroups.has(entry.name) && !before) return entry;
		const pick = (at) => (before && was.fields[at] === before.fields[at] ? entry.fields[at] : was.fields[at]) ?? "";
		const admins = pick(1).split(",").filter((name) => users.has(name));
		return {
			name: entry.name,
			fields: [
				pick(0),
				admins.join(","),
				entry.fields[2] ?? ""
			]
		};
	});
}
// src/plan/merge-passwd-fields.ts
/**
* Comment, home, shell and primary group of the accounts that both systems have: the old ones for people, and for services
* what the owner changed since the image. Ids stay.
*/
function mergePasswdFields(accounts, merge) {
	const images = byName(merge.image?.passwd ?? []);
	const primaryGroup = primaryGroups(accounts, merge);
	const passwd = accounts.passwd.map((now) => {
		const was = merge.oldUsers.get(now.name);
		if (!was || merge.builtUsers.get(now.name) !== now || nameWasTaken(now.name, merge)) return now;
		const before = images.get(now.name);
		const person = standingOf(now.name, merge) === "person";
		const pick = (field) => (before ? was[field] !== before[field] : person) ? was[field] : now[field];
		const gid = primaryGroup(now, was, before);
		return {
			...now,
			gecos: pick("gecos"),
			home: pick("home"),
			shell: pick("shell"),
			gid
		};
	});
	return {
		...accounts,
		passwd
	};
}
/** Finds the new number of a user's primary group, by the group's name. */
function primaryGroups(accounts, merge) {
	const [oldNames, newNames, imageNames] = [
		merge.old.group,
		accounts.group,
		merge.image?.group ?? []
	].map(namesById);
	const targets = byName(accounts.group);
	return (now, was, before) => {
		const oldName = oldNames.get(was.gid);
		const target = oldName === void 0 ? void 0 : targets.get(oldName)?.gid;
		if (target === void 0) return now.gid;
		const nowName = newNames.get(now.gid);
		const parked = nowName === void 0 || nowName === "nogroup";
		const ownerMoved = before !== void 0 && imageNames.get(before.gid) !== oldName;
		return parked || ownerMoved || standingOf(now.name, merge) === "person" ? target : now.gid;
	};
}
function namesById(groups) {
	const names = /* @__PURE__ */ new Map();
	for (const group of groups) if (!names.has(group.gid)) names.set(group.gid, group.name);
	return names;
}
// src/plan/merge-sub-ids.ts
/** First id that useradd gives out, and the step between ranges (login.defs(5), SUB_UID_MIN and SUB_UID_COUNT). */
const FIRST = 1e5;
/**
* Subordinate id ranges (subuid(5)): the old range, because files in rootless containers carry its numbers. A
* range that meets another account's on the new system moves behind all others and is named in `moved`.
* `people`: names whose ranges are taken from the old system; all other lines stay as built.
*/
function mergeSubIds(old, built, people, oldUsers) {
	const nameOf = new Map(oldUsers.map((user) => [`${user.uid}`, user.name]));
	const wanted = old.map((entry) => ({
		...entry,
		name: nameOf.get(entry.name) ?? entry.name
	})).filter((entry) => people.has(entry.name));
	const owners = new Set(wanted.map((entry) => entry.name));
	const entries = built.filter((entry) => !owners.has(entry.name));
	const moved = [];
	for (const entry of wanted) {
		if (entries.some((other) => same(other, entry))) continue;
		const clash = entries.some((other) => other.name !== entry.name && overlap(other, entry));
		entries.push(clash ? {
			...entry,
			start: behind([...entries, ...wanted])
		} : entry);
		if (clash) moved.push(entry.name);
	}
	return {
		entries,
		moved
	};
}
function same(a, b) {
	return a.name === b.name && a.start === b.start && a.count === b.count;
}
function overlap(a, b) {
	return a.start < b.start + b.count && b.start < a.start + a.count;
}
function behind(entries) {
	return Math.max(FIRST, ...entries.map((entry) => entry.start + entry.count));
}
// src/plan/merge-people-accounts.ts
/** Static accounts that base-passwd withdrew; not the owner's (base-passwd 3.6.0 removed gnats). */
const WITHDRAWN = /* @__PURE__ */ new Set(["gnats"]);
/**
* The accounts to write into the container after the build: the built ones, the old ones that they lack, and what the owner
* changed. People have their old passwords, shells, homes and memberships; accounts that both have keep the built ids.
* People that the owner deleted do not come back with a Dockerfile that makes them (known only with `oldImage`).
* Nobody gets into a group that they were not in. The result merged again is the same.
*/
function mergePeopleAccounts(old, built, options = {}) {
	const ranges = options.ranges ?? debianRanges;
	const image = options.oldImage;
	const onto = image ? withoutDeleted(old, image, built, ranges) : built;
	const selected = {
		users: missing(old.passwd, onto.passwd),
		groups: missing(old.group, onto.group)
	};
	const ids = assignIds(old, onto, ranges, options.unnamed);
	const shadowOf = (name, entry) => entry ?? lockedShadow(name, void 0);
	const added = addAccounts({
		old,
		onto,
		ids,
		...selected,
		shadowOf
	});
	const merge = peopleMerge(old, image, onto, ranges);
	const accounts = withSubIds(mergeGroups(withShadow(mergePasswdFields(added, merge), merge), merge), merge);
	const moved = renumberNotes(ids.moves.filter((move) => !isBuilt(move, onto)));
	return {
		accounts,
		idMap: ids.moves,
		notes: [
			...moved,
			...standingNotes(accounts, merge),
			...merge.notes
		]
	};
}
function missing(old, present) {
	const there = byName(present);
	return [...byName(old).values()].filter((entry) => !there.has(entry.name) && !WITHDRAWN.has(entry.name));
}
function isBuilt({ kind, name }, built) {
	return (kind === "user" ? built.passwd : built.group).some((entry) => entry.name === name);
}
/** Without the people and their groups that the image had and the owner deleted. */
function withoutDeleted(old, image, built, ranges) {
	const deletedUsers = deletedNames(old.passwd, image.passwd);
	const userGone = (name, uid) => isPersonId(uid, ranges) && deletedUsers.has(name);
	const passwd = built.passwd.filter((user) => !userGone(user.name, user.uid));
	const primary = new Set(passwd.map((user) => user.gid));
	const deletedGroups = deletedNames(old.group, image.group);
	const group = built.group.filter((entry) => !(isPersonId(entry.gid, ranges) && deletedGroups.has(entry.name)) || primary.has(entry.gid));
	const goneUsers = lost(built.passwd, passwd);
	const goneGroups = lost(built.group, group);
	const users = (entries) => entries.filter((entry) => !goneUsers.has(entry.name));
	return {
		passwd,
		group: group.map((entry) => ({
			...entry,
			members: entry.members.filter((name) => !goneUsers.has(name))
		})),
		shadow: users(built.shadow),
		gshadow: built.gshadow.filter((entry) => !goneGroups.has(entry.name)),
		subuid: users(built.subuid),
		subgid: users(built.subgid)
	};
}
function deletedNames(old, image) {
	const left = byName(old);
	return new Set(image.map((entry) => entry.name).filter((name) => !left.has(name)));
}
function lost(before, after) {
	const left = byName(after);
	return new Set(before.map((entry) => entry.name).filter((name) => !left.has(name)));
}
/** Password, age and expiry of accounts that both systems have. */
function withShadow(accounts, merge) {
	const [olds, images, lines] = [
		byName(merge.old.shadow),
		byName(merge.image?.shadow ?? []),
		byName(accounts.shadow)
	];
	const imageKnown = merge.image !== void 0;
	for (const { name } of merge.built.passwd) {
		const old = olds.get(name);
		if (!old || nameWasTaken(name, merge)) continue;
		const person = standingOf(name, merge) === "person";
		const sides = {
			old,
			image: images.get(name),
			imageKnown,
			built: lines.get(name)
		};
		const merged = person ? {
			entry: old,
			doubtful: false
		} : mergeShadow(name, sides);
		if (merged.entry) lines.set(name, merged.entry);
		if (merged.doubtful) merge.notes.push(doubtfulPassword(name));
	}
	return {
		...accounts,
		shadow: [...lines.values()]
	};
}
function doubtfulPassword(name) {
	return {
		what: `user ${name} keeps the password that the build gave it`,
		why: "the old one differs, and without the accounts of the old image nothing tells who changed it"
	};
}
function withSubIds(accounts, merge) {
	const names = accounts.passwd.map((user) => user.name);
	const people = new Set(names.filter((name) => merge.oldUsers.has(name) && !nameWasTaken(name, merge)));
	const mergeOne = (file) => {
		const { entries, moved } = mergeSubIds(merge.old[file], merge.built[file], people, merge.old.passwd);
		const why = "another account of the new system has a part of the old range";
		merge.notes.push(...moved.map((name) => ({
			what: `the ${file} range of ${name} moved`,
			why
		})));
		return entries;
	};
	return {
		...accounts,
		subuid: mergeOne("subuid"),
		subgid: mergeOne("subgid")
	};
}
/** Accounts that a person should look at, although nothing about them is new. */
function standingNotes(accounts, merge) {
	const shadows = byName(accounts.shadow);
	const mark = (name, what, why) => ({
		what: `user ${name} ${what}`,
		why
	});
	return accounts.passwd.flatMap(({ name, uid }) => {
		if (!merge.oldUsers.has(name)) return [];
		const empty = shadows.get(name)?.fields[0] === "";
		return [
			...uid === 0 && name !== "root" ? [mark(name, "has root's uid 0", "it had it on the old system")] : [],
			...empty ? [mark(name, "has an empty password", "it had none on the old system")] : [],
			...nameWasTaken(name, merge) ? [mark(name, "is a service of the new system", "it was a person's name: files follow it, password and shell do not")] : []
		];
	});
}
// src/restore/people.ts
/** Writes a file through its own inode's attributes: beside, then renamed. $1 is the path; the content comes on stdin. */
const REPLACE = `
f=$1
[ -e "$f" ] || { : > "$f"; case $f in *shadow) chmod 640 "$f"; chgrp shadow "$f" 2>/dev/null || :;; *) chmod 644 "$f";; esac; }
cp -p "$f" "$f.perennial"
cat > "$f.perennial"
mv "$f.perennial" "$f"
`;
/** Merges the people (and what the owner made of other accounts) into the new system's account databases. */
async function restorePeople(system, old, oldImage, journal) {
	const merged = mergePeopleAccounts(old, system.accounts, oldImage ? { oldImage } : {});
	const before = formatAccounts(system.accounts);
	const after = formatAccounts(merged.accounts);
	for (const [name, content] of Object.entries(after)) {
		if (before[name]?.equals(content)) continue;
		await system.script(`Writing /etc/${name}`, `set -- /etc/${name}\n${REPLACE}`, { input: content });
		journal.script(`accounts: /etc/${name} is merged by name (people and owners' changes)`, `cat stage/${name} > /etc/${name}`);
	}
	const known = new Set(system.accounts.passwd.map((each) => each.name));
	for (const user of merged.accounts.passwd.filter((each) => !known.has(each.name))) journal.done("accounts", `account ${user.name} (${user.uid})`, "made by the owner", "accounts/merge");
	for (const move of merged.idMap) journal.done("accounts", `${move.kind} ${move.name}: id ${move.from} -> ${move.to}`, "files follow by name", "accounts/renumber");
	for (const note of merged.notes) journal.done("accounts", note.what, note.why, "accounts/merge");
}
// src/restore/placement.ts
const CONFIGURATION = "/etc/";
/**
* Decides where one kept path goes. Pure; the reasons end up in the report.
* What the owner made has the last word, what packages and build steps make again is theirs, and where both have a
* configuration file the two are merged.
*/
function placeEntry(entry, context) {
	const reason = context.skipped(entry.path);
	if (reason) return {
		action: "skip",
		why: reason,
		report: true
	};
	const path = context.place(entry.path);
	const now = context.kindOf(path);
	if (entry.rule === "image/unowned") return placeImageMade(entry, path, now, context);
	if (entry.rule === "package/referenced" && now !== void 0) return {
		action: "skip",
		why: "it was not edited, and today's package ships it",
		report: false
	};
	if (entry.kind === "symlink") return placeLink(entry, path, now, context);
	if (entry.rule === "package/modified") return placeModified(entry, path, now, context);
	if (entry.kind === "file" && now === "file" && path.startsWith(CONFIGURATION) && !entry.rule.startsWith("image/secret")) return {
		action: "merge",
		path,
		why: "configuration file on both sides"
	};
	if (entry.kind === "file" && context.rewrites && !entry.rule.startsWith("image/secret") && path.startsWith(CONFIGURATION) && !entry.hardlink) return {
		action: "merge",
		path,
		why: "configuration file; names in it may have changed"
	};
	if (entry.kind === "file" && now === "file" && context.packaged(path) && !path.startsWith(CONFIGURATION)) return {
		action: "beside",
		path,
		why: "a package ships this path today; the old file is put beside it"
	};
	return {
		action: "lay",
		path,
		why: entry.why
	};
}
/** Maintainer scripts and build steps made it once and have run again, for today's versions. */
function placeImageMade(entry, path, now, context) {
	if (now !== void 0) return {
		action: "skip",
		why: "the new system made its own",
		report: false
	};
	if (context.rebuilt) return {
		action: "skip",
		why: "the build steps decide whether it exists",
		report: false
	};
	const target = entry.target ?? "";
	if (entry.kind === "symlink" && !context.resolves(path, target)) return {
		action: "skip",
		why: "its target does not exist any more",
		report: false
	};
	return {
		action: "lay",
		path,
		why: "the new system does not have it"
	};
}
/** A file of a package that was edited in place: right only where the package is the same. */
function placeModified(entry, path, now, context) {
	if (now === void 0) return {
		action: "lay",
		path,
		why: "no package ships it today"
	};
	if (context.sameVersion(path, entry.package ?? "")) return {
		action: "lay",
		path,
		why: "edited in place; same package version"
	};
	if (entry.kind === "file" && now === "file") return {
		action: "merge",
		path,
		why: "edited in place, and the package has changed"
	};
	return {
		action: "lay",
		path,
		why: "changed by the owner"
	};
}
/** A link that leads nowhere on the new system, and did lead somewhere, gives way to what is there today. */
function placeLink(entry, path, now, context) {
	const target = entry.target ?? "";
	if (entry.rule !== "package/modified" && context.packaged(path) && !path.startsWith(CONFIGURATION)) return {
		action: "skip",
		why: "a package ships this path today",
		report: !path.startsWith("/usr/")
	};
	if (entry.dangling || context.resolves(path, target)) return {
		action: "lay",
		path,
		why: entry.why
	};
	const today = context.retarget(target);
	if (context.resolves(path, today)) return {
		action: "lay",
		path,
		target: today,
		why: `${entry.why}; its target has moved`
	};
	const missing = `its target ${target} does not exist on the new system`;
	if (now !== void 0) return {
		action: "skip",
		why: `${missing}, which has a link of its own`,
		report: !path.startsWith("/usr/")
	};
	if (isProgramsOwn(path)) return {
		action: "skip",
		why: `${missing}: is a package missing or renamed?`,
		report: true
	};
	return {
		action: "lay",
		path,
		why: `${missing}; it is kept as it was`
	};
}
/** Places where a program follows every link, so that one that dangles does harm or says that a package is missing. */
function isProgramsOwn(path) {
	return /^\/etc\/(.*-enabled|rc[0-9S]\.d|.*\.wants|.*conf\.d)\/|^\/usr\/(?!local\/)/.test(path);
}
// src/restore/place-payload.ts
/** Where an old path lies on the new system: knowledge's moves first, then versioned names, then directory links. */
function placer(system, plan) {
	const moves = plan.differences.flatMap((each) => Object.entries(each.difference.move ?? {}));
	return (path) => {
		const move = moves.find(([from]) => path === from || path.startsWith(`${from}/`));
		const moved = move ? move[1] + path.slice(move[0].length) : path;
		return system.canonical(mapPath(moved, plan.substitutions));
	};
}
function placeAll(index, system, plan, manifest, place, journal) {
	const skips = plan.differences.flatMap((each) => each.difference.skip ? [{
		why: each.difference.why,
		test: compileGlobs(each.difference.skip)
	}] : []);
	const kept = [...index.values()].filter((each) => each.disposition === "keep" || each.disposition === "record");
	const newPaths = new Set(kept.filter((each) => each.disposition === "keep").map((each) => place(each.path)));
	const versionThen = new Map(manifest.system.packages.map((each) => [each.name, each.version]));
	const context = {
		rebuilt: manifest.rebuild !== null,
		sameRelease: plan.sameRelease,
		place,
		kindOf: (path) => system.kindOf(path),
		retarget: (target) => mapPath(target, plan.substitutions),
		rewrites: plan.substitutions.length > 0,
		resolves: (link, target) => system.resolves(link, target) || newPaths.has(system.canonical(absolute(link, target))),
		packaged: (path) => system.packages.has(path),
		sameVersion: (path, old) => {
			return system.packages.get(path)?.package === old && versionThen.get(old) !== void 0 && versionThen.get(old) === system.installedVersion(old);
		},
		skipped: (path) => skips.find((each) => each.test(path))?.why
	};
	const placements = /* @__PURE__ */ new Map();
	for (const entry of kept) {
		const placement = entry.disposition === "record" ? {
			action: "skip",
			why: "merged as records",
			report: false
		} : placeEntry(entry, context);
		placements.set(entry.path, placement);
		const above = placements.get(entry.path.slice(0, entry.path.lastIndexOf("/")));
		const isSaid = above?.action === "skip" && above.report;
		if (placement.action === "skip" && placement.report && !isSaid) journal.look("state", `${printable(entry.path)} is not put back`, placement.why, entry.rule);
		else if (placement.action === "lay" && placement.path !== entry.path) journal.done("state", `${printable(entry.path)} -> ${printable(placement.path)}`, "the path moved", "paths/moved");
	}
	return placements;
}
function absolute(link, target) {
	if (target.startsWith("/")) return target;
	const parts = link.split("/").slice(0, -1);
	for (const part of target.split("/")) if (part === "..") parts.pop();
	else if (part !== "." && part !== "") parts.push(part);
	return parts.join("/");
}
/** Paths of the new system that the payload fills. */
function restoredPaths(placements) {
	return new Set([...placements.values()].flatMap((each) => each.action === "skip" ? [] : [each.path]));
}
// src/restore/prove-state.ts
/** Contents are read back up to this many bytes in all; attributes always. */
const READ_BACK = 2147483648;
/**
* Reads back every path that was laid as it is and compares it with the index, attribute by attribute, before anything
* is started: whatever did not arrive is reported, nothing is lost silently.
*/
async function proveState(system, index, placements, changed, journal) {
	await system.refresh();
	const laid = [...placements].flatMap(([old, placement]) => placement.action === "lay" && !changed.has(placement.path) ? [{
		entry: index.get(old),
		placement
	}] : []);
	const probes = await readBack(system, laid.map((each) => ({
		path: each.placement.path,
		size: each.entry.size
	})));
	const names = {
		user: new Map([...system.accounts.passwd].reverse().map((each) => [each.uid, each.name])),
		group: new Map([...system.accounts.group].reverse().map((each) => [each.gid, each.name]))
	};
	const differences = laid.flatMap(({ entry, placement }) => compareState(withTarget(entry, placement), placement.path, system.entries().get(placement.path), probes.get(placement.path), names));
	report$1(differences, laid.length, probes.size, journal);
	return differences;
}
function withTarget(entry, placement) {
	return placement.action === "lay" && placement.target !== void 0 ? {
		...entry,
		target: placement.target
	} : entry;
}
async function readBack(system, files) {
	let left = READ_BACK;
	const paths = files.filter((file) => {
		left -= file.size;
		return left >= 0;
	});
	return probeFiles(system.target, paths.map((file) => file.path));
}
/** Compares one path with its line of the index, pure. Owners are compared by name where they had one. */
function compareState(entry, path, now, probe, names) {
	const differences = [];
	const expect = (attribute, was, is) => {
		if (was !== is) differences.push({
			path,
			attribute,
			was,
			is
		});
	};
	if (!now) return [{
		path,
		attribute: "presence",
		was: entry.kind,
		is: "missing"
	}];
	expect("kind", entry.kind, now.kind);
	if (entry.kind !== "symlink") expect("mode", bare(entry.mode), now.mode.toString(8));
	expect("owner", entry.user || String(entry.uid), entry.user ? names.user.get(now.uid) ?? String(now.uid) : String(now.uid));
	expect("group", entry.group || String(entry.gid), entry.group ? names.group.get(now.gid) ?? String(now.gid) : String(now.gid));
	if (entry.kind === "file") expect("size", String(entry.size), String(now.size));
	if (entry.kind === "symlink") expect("target", entry.target ?? "", now.target);
	expect("mtime", trimmed(entry.mtime), trimmed(now.mtime));
	if (probe) compareContent(entry, probe, expect);
	return differences;
}
function compareContent(entry, probe, expect) {
	if (entry.kind === "file" && entry.sha256 !== void 0) expect("content", entry.sha256, probe.sha256);
	if (entry.hardlink !== void 0) return;
	expect("xattrs", attributeText(entry.xattrs ?? {}), attributeText(probe.xattrs));
	expect("acl", `${entry.aclAccess ?? ""}${entry.aclDefault ?? ""}`, `${probe.aclAccess ?? ""}${probe.aclDefault ?? ""}`);
}
function attributeText(xattrs) {
	return Object.entries(xattrs).map(([name, value]) => `${name}=${value}`).sort().join(" ");
}
function bare(mode) {
	return mode.replace(/^0+(?=.)/, "");
}
function trimmed(time) {
	return time.includes(".") ? time.replace(/\.?0*$/, "") : time;
}
function report$1(differences, paths, read, journal) {
	if (differences.length === 0) {
		journal.done("state", `${paths} paths read back: owner, mode, times, links, attributes${read > 0 ? " and content" : ""} as recorded`, "proof before anything is started", "state/proof");
		return;
	}
	const lines = differences.slice(0, 50).map((each) => `${printable(each.path)}: ${each.attribute}: ${printable(each.was)} != ${printable(each.is)}`);
	journal.look("state", `${differences.length} attributes are not as recorded`, lines.slice(0, 5).join("; "), "state/proof", lines.join("\n"));
}
// src/restore/remake-generated.ts
/**
* Runs the programs that make left-out files again, where something that they are made of was restored: the other half of
* every rule that says "made again by ...".
*/
async function remakeGenerated(system, rules, restored, journal) {
	for (const rule of rules) {
		if (!rule.remake) continue;
		const isInput = compileGlobs(rule.remake.from);
		const input = [...restored].find(isInput);
		if (input === void 0) continue;
		const { code, stdout, stderr } = await system.target.exec([
			"sh",
			"-c",
			rule.remake.run
		], { allowFailure: true });
		if (code === 0) journal.done("configuration", rule.remake.run.trim(), `${input} was restored; ${rule.reason}`, rule.id);
		else journal.look("configuration", `${rule.remake.run.trim()} ended with exit code ${code}`, lastLines(stdout.toString() + stderr, 5), rule.id);
		journal.script(rule.reason, rule.remake.run.trim());
	}
}
// src/plan/unit-command.ts
/** Parses `ExecStart=` and its kin. `specifiers` stand for %n and the like, without the percent sign. */
function parseUnitCommand(text, specifiers) {
	const prefix = /^[-@:+!|]*/.exec(text)?.[0] ?? "";
	const plain = prefix.includes(":");
	const words = splitWords(text.slice(prefix.length)).map((word) => fillSpecifiers(word, specifiers));
	if (prefix.includes("@")) words.splice(1, 1);
	const [program = "true", ...rest] = words;
	return {
		program: shellWord(program),
		words: rest.map((word) => plain ? shellWord(word) : withVariables(word)),
		mayFail: prefix.includes("-"),
		privileged: /[+!]/.test(prefix)
	};
}
/** Words of a line with systemd's quotes and C-style escapes (systemd.syntax(7), "QUOTING"). */
function splitWords(text) {
	const words = [];
	let word;
	let quoted = "";
	for (let at = 0; at < text.length; at++) {
		const sign = text[at];
		if (sign === "\\" && at + 1 < text.length) word = (word ?? "") + (ESCAPES[text[++at]] ?? text[at]);
		else if (quoted !== "") {
			if (sign === quoted) quoted = "";
			else word += sign;
		} else if ((sign === "\"" || sign === "'") && word === void 0) {
			quoted = sign;
			word = "";
		} else if (/\s/.test(sign)) {
			if (word !== void 0) words.push(word);
			word = void 0;
		} else word = (word ?? "") + sign;
	}
	return word === void 0 ? words : [...words, word];
}
const ESCAPES = {
	n: "\n",
	t: "	",
	s: " "
};
function fillSpecifiers(text, specifiers) {
	return text.replace(/%(.)/g, (whole, letter) => letter === "%" ? "%" : specifiers[letter] ?? whole);
}
/** `$NAME` as a word of its own is split at blanks; `${NAME}` stays one word; `$$` is a dollar sign. */
function withVariables(word) {
	if (/^\$[A-Za-z_]\w*$/.test(word)) return word;
	const parts = word.split(/(\$\$|\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*)/);
	return parts.length === 1 ? shellWord(word) : parts.filter((part) => part !== "").map((part) => part === "$$" ? shellWord("$") : /^\$[{A-Za-z_]/.test(part) ? `"${part}"` : shellWord(part)).join("");
}
// src/plan/unit-file.ts
/**
* Parses a unit file of systemd (systemd.syntax(7)): sections, comments, lines continued by a backslash, lists that
* an empty assignment clears.
* @param texts the unit and its drop-ins, in the order in which they count
* @throws PerennialError `bad-input` for a line that is none of these
*/
function parseUnitFile(name, ...texts) {
	const sections = /* @__PURE__ */ new Map();
	for (const text of texts) {
		let section = /* @__PURE__ */ new Map();
		for (const line of joined(text)) {
			const header = /^\[([^\]]+)\]$/.exec(line)?.[1];
			if (header !== void 0) {
				section = sections.get(header) ?? /* @__PURE__ */ new Map();
				sections.set(header, section);
				continue;
			}
			const at = line.indexOf("=");
			if (at <= 0) throw new PerennialError("bad-input", `${name}: "${line}" is neither a section nor a setting`);
			const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
			section.set(key, value === "" ? [] : [...section.get(key) ?? [], value]);
		}
	}
	return sections;
}
/** Lines without comments; comments may stand between continued lines. */
function joined(text) {
	const lines = [];
	let open = "";
	for (const raw of text.split("\n")) {
		const line = raw.trim();
		if (/^[#;]/.test(line)) continue;
		if (line.endsWith("\\")) open += `${line.slice(0, -1)} `;
		else {
			if ((open + line).trim() !== "") lines.push((open + line).trim());
			open = "";
		}
	}
	return open.trim() === "" ? lines : [...lines, open.trim()];
}
/** The last value of a setting that takes one. */
function findSetting(section, key) {
	return section?.get(key)?.at(-1);
}
// src/plan/init-script.ts
/**
* Compiles a service unit to an init script (`/etc/init.d/NAME start|stop|restart|reload|status`), for systems that no
* systemd runs on: containers, and start scripts from the time when the package had an init script of its own.
* Sandboxing, limits and ordering are left out: they do not change what the daemon is. systemd.service(5), systemd.exec(5).
* @returns undefined for a unit that starts nothing by itself
*/
function compileInitScript(name, unit, source) {
	const service = unit.get("Service");
	const specifiers = specifiersOf(name);
	const commands = (key) => (service?.get(key) ?? []).map((text) => parseUnitCommand(text, specifiers));
	const main = commands("ExecStart");
	if (!service || main.length === 0) return void 0;
	const type = findSetting(service, "Type") ?? "simple";
	const ownPidFile = findSetting(service, "PIDFile");
	const pidFile = fillSpecifiers(ownPidFile ?? `perennial-${name}.pid`, specifiers).replace(/^(?!\/)/, "/run/");
	const user = fillSpecifiers(findSetting(service, "User") ?? (findSetting(service, "DynamicUser") === "yes" ? name : ""), specifiers);
	const stop = commands("ExecStop");
	const reload = commands("ExecReload");
	const start = [
		...prepare(service, user, specifiers),
		...commands("ExecStartPre").map(runLine),
		...type === "oneshot" || type === "forking" ? main.map(runLine) : main.map(backgroundLine),
		...commands("ExecStartPost").map((each) => runLine({
			...each,
			mayFail: true
		}))
	];
	if (type === "forking" && ownPidFile === void 0) start.push(`pidof -s ${main[0].program} > "$pidfile" || :`);
	const oneshot = type === "oneshot";
	return [
		...header(name, source, pidFile, user, findSetting(service, "Group") ?? ""),
		...service.get("AmbientCapabilities") ? [`capabilities=${shellWord(capabilities(service))}`] : [],
		LIBRARY,
		"start() {",
		...oneshot ? [] : ["  running && return 0"],
		...start.map((line) => `  ${line}`),
		...oneshot ? [] : ["  sleep 0.3", "  settled"],
		"}",
		"stop() {",
		...oneshot ? [] : ["  running || return 0"],
		...stop.length > 0 ? stop.map((each) => `  ${runLine({
			...each,
			mayFail: true
		})}`) : [],
		...oneshot ? ["  :"] : ["  end"],
		"}",
		"reload() {",
		...reload.length > 0 ? ["  running || return 1", ...reload.map((each) => `  ${runLine(each)}`)] : ["  hup"],
		"}",
		ACTIONS
	].join("\n");
}
/** systemd.unit(5), "SPECIFIERS", for a service of the system that is no template's. */
function specifiersOf(name) {
	return {
		n: `${name}.service`,
		N: name,
		p: name,
		i: "",
		I: "",
		t: "/run",
		S: "/var/lib",
		C: "/var/cache",
		L: "/var/log",
		E: "/etc",
		T: "/tmp",
		V: "/var/tmp",
		h: "/root",
		u: "root",
		U: "0"
	};
}
function header(name, source, pidFile, user, group) {
	return [
		"#!/bin/sh",
		"### BEGIN INIT INFO",
		`# Provides:          ${name}`,
		"# Required-Start:    $remote_fs $syslog",
		"# Required-Stop:     $remote_fs $syslog",
		"# Default-Start:     2 3 4 5",
		"# Default-Stop:      0 1 6",
		`# Short-Description: ${name}`,
		"### END INIT INFO",
		`# Made by Perennial from ${source}: today's package has no init script any more.`,
		"set -f",
		"export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		`name=${shellWord(name)}`,
		`pidfile=${shellWord(pidFile)}`,
		`user=${shellWord(user)}`,
		`group=${shellWord(group)}`,
		"capabilities=''"
	];
}
/** `CAP_NET_BIND_SERVICE CAP_SYS_TIME` -> `+net_bind_service,+sys_time` (setpriv(1)). */
function capabilities(section) {
	return (section.get("AmbientCapabilities") ?? []).join(" ").split(/\s+/).filter((each) => /^CAP_\w+$/.test(each)).map((each) => `+${each.slice(4).toLowerCase()}`).join(",");
}
/** Folders of `RuntimeDirectory=` and the like, with their settings of mode. */
const FOLDERS = [
	["RuntimeDirectory", "/run"],
	["StateDirectory", "/var/lib"],
	["CacheDirectory", "/var/cache"],
	["LogsDirectory", "/var/log"]
];
/** What systemd does before the first command: folders, environment, mask, working directory. */
function prepare(service, user, specifiers) {
	const fill = (text) => fillSpecifiers(text, specifiers);
	const lines = findSetting(service, "DynamicUser") === "yes" ? ["make_user"] : [];
	for (const [key, root] of FOLDERS) {
		const mode = findSetting(service, `${key}Mode`) ?? "0755";
		for (const folder of (service.get(key) ?? []).flatMap(splitWords)) lines.push(`folder ${shellWord(mode)} ${shellWord(`${root}/${fill(folder).split(":")[0]}`)}`);
	}
	for (const setting of (service.get("Environment") ?? []).flatMap(splitWords)) {
		const at = setting.indexOf("=");
		if (/^[A-Za-z_]\w*$/.test(setting.slice(0, at))) lines.push(`export ${setting.slice(0, at)}=${shellWord(fill(setting.slice(at + 1)))}`);
	}
	for (const file of service.get("EnvironmentFile") ?? []) lines.push(`read_environment ${shellWord(fill(file.replace(/^-/, "")))}${file.startsWith("-") ? " || :" : ""}`);
	const mask = findSetting(service, "UMask");
	if (mask !== void 0 && /^[0-7]+$/.test(mask)) lines.push(`umask ${mask}`);
	const folder = findSetting(service, "WorkingDirectory");
	const home = user === "" ? "/root" : "\"$(getent passwd \"$user\" | cut -d: -f6)\"";
	lines.push(folder === void 0 ? "cd /" : `cd ${folder.endsWith("~") ? home : shellWord(fill(folder.replace(/^-/, "")))}`);
	return lines;
}
function runLine({ program, words, mayFail, privileged }) {
	return `${[
		privileged ? "run" : "as_user",
		program,
		...words
	].join(" ")} || ${mayFail ? ":" : "return 1"}`;
}
function backgroundLine({ program, words, privileged }) {
	return `background ${privileged ? "run" : "as_user"} ${[program, ...words].join(" ")} || return 1`;
}
/** What every such script needs; programs of packages that each Debian has (dpkg, util-linux, coreutils). */
const LIBRARY = `
# A file of NAME=VALUE lines: read, never run.
read_environment() {
  [ -r "$1" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in [A-Za-z_]*=*) ;; *) continue ;; esac
    key=\${line%%=*}
    value=\${line#*=}
    case $key in *[!A-Za-z0-9_]*) continue ;; esac
    case $value in '"'*'"') value=\${value#'"'}; value=\${value%'"'} ;; "'"*"'") value=\${value#"'"}; value=\${value%"'"} ;; esac
    export "$key=$value"
  done < "$1"
}
folder() {
  [ -d "$2" ] || install -d -m "$1" \${user:+-o "$user" -g "\${group:-$(id -gn "$user")}"} "$2"
}
make_user() {
  getent passwd "$user" > /dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$user"
}
run() { "$@"; }
as_user() {
  if [ -z "$user$group" ]; then "$@"; return; fi
  setpriv \${user:+--reuid "$user" --init-groups} --regid "\${group:-$(id -gn "$user")}" \\
    \${capabilities:+--inh-caps "$capabilities" --ambient-caps "$capabilities"} -- "$@"
}
# Words: how to run it (run or as_user), then the program and its arguments.
background() {
  how=$1
  shift
  if [ "$how" = as_user ] && [ -n "$user$group" ]; then
    set -- setpriv \${user:+--reuid "$user" --init-groups} --regid "\${group:-$(id -gn "$user")}" \\
      \${capabilities:+--inh-caps "$capabilities" --ambient-caps "$capabilities"} -- "$@"
  fi
  mkdir -p "\${pidfile%/*}"
  setsid "$@" > "/var/log/$name.out" 2>&1 < /dev/null &
  echo $! > "$pidfile"
}
running() { MAINPID=$(cat "$pidfile" 2> /dev/null) && [ -n "$MAINPID" ] && kill -0 "$MAINPID" 2> /dev/null && export MAINPID; }
settled() { [ ! -e "$pidfile" ] || running; }
hup() { running && kill -HUP "$MAINPID"; }
end() {
  running && kill -TERM "$MAINPID"
  for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do running || break; sleep 0.5; done
  ! running || kill -KILL "$MAINPID"
  rm -f "$pidfile"
}`;
const ACTIONS = `said() { code=$?; if [ $code = 0 ]; then echo "$1 $name: done."; else echo "$1 $name: failed!"; tail -n 5 "/var/log/$name.out" 2> /dev/null; fi; exit $code; }
case \${1:-} in
  start) start; said Starting ;;
  stop) stop; said Stopping ;;
  restart | force-reload) stop; start; said Restarting ;;
  try-restart | condrestart) ! running || { stop; start; }; said Restarting ;;
  reload) reload; said Reloading ;;
  status) if running; then echo "$name is running."; else echo "$name is not running."; exit 3; fi ;;
  *) echo "Usage: $0 start|stop|restart|reload|force-reload|try-restart|status" >&2; exit 2 ;;
esac
`;
// src/plan/unit-of-process.ts
/** By these a program goes into the background by itself; others are put there. */
const DETACHES = /^--(detach|daemon|daemonize|background|fork)(=(yes|true|1))?$/;
/**
* A service unit (systemd.service(5)) that starts a program as it was seen running: the same words, the same user.
* @returns undefined where the words would need quoting: a bag is untrusted, and a title like `sshd: [listener]` is no command
*/
function unitOfProcess(process) {
	const words = [process.program, ...process.argv.slice(1)];
	if (!process.program.startsWith("/") || !words.every((word) => /^[\w@+=:,./-]+$/.test(word))) return void 0;
	const changes = process.user === "root" || words.some((word) => word.split(/[=:]/).includes(process.user));
	const service = new Map([
		["Type", [words.some((word) => DETACHES.test(word)) ? "forking" : "simple"]],
		["ExecStart", [words.join(" ")]],
		...changes || !/^[a-z_][\w-]*$/i.test(process.user) ? [] : [["User", [process.user]]]
	]);
	return /* @__PURE__ */ new Map([["Service", service]]);
}
// src/restore/service-names.ts
const SCRIPTS = "/etc/init.d/";
const UNITS = "/usr/lib/systemd/system/";
/**
* Keeps the names alive under which the old system's services were started (`service NAME start`): where today's package has
* no such init script, the one that it has instead is linked, or one is made from its service unit, or from how the
* program of that name ran before the end. Start scripts are people's own and are not rewritten.
*/
async function keepServiceNames(system, plan, { packages: old, processes, deleted }, journal) {
	const known = new Set(old.flatMap((each) => Object.keys(each.conffiles)));
	for (const each of old.filter((one) => one.status !== "config-files")) {
		const paths = Object.keys(each.conffiles).filter((path) => isDirectlyIn(SCRIPTS, path) && !deleted.has(path));
		if (paths.length === 0) continue;
		const today = new Set(namesToday(plan, each.name));
		for (const path of paths) {
			const name = path.slice(12);
			if (system.has(path) && !(today.size === 0 && await isLeftOver(system, path, each))) continue;
			if (!await keepName(system, name, each, today, known, journal)) await repeatProcess(system, name, processes, journal);
		}
	}
}
/** The unedited script of a package that is gone looks for that package's files, and does nothing without them. */
async function isLeftOver(system, path, old) {
	if (system.packages.has(path)) return false;
	const text = await system.read(path);
	return text !== void 0 && createHash("md5").update(text).digest("hex") === old.conffiles[path];
}
function namesToday(plan, name) {
	const resolution = plan.resolutions.find((each) => each.old === name);
	return resolution ? [resolution.new, ...resolution.also ?? []].filter((each) => each !== void 0) : [name];
}
function isDirectlyIn(folder, path) {
	return path.startsWith(folder) && !path.slice(folder.length).includes("/");
}
async function keepName(system, name, old, today, known, journal) {
	const shipped = [...system.packages].filter(([, file]) => today.has(file.package)).map(([path]) => path);
	const scripts = shipped.filter((path) => isDirectlyIn(SCRIPTS, path) && !known.has(path) && system.has(path));
	const script = scripts[0];
	if (script && scripts.length === 1) {
		await system.script("Keeping the name of a service", "ln -s \"$TARGET\" \"$LINK\"", { env: {
			TARGET: script.slice(12),
			LINK: SCRIPTS + name
		} });
		journal.done("configuration", `service ${name} is ${script.slice(12)} today`, whyLinked(old, today), "names/service");
		return true;
	}
	const unit = findUnit(system, name, shipped, today);
	const text = unit && (await system.read(unit))?.toString();
	const made = unit && text ? compileInitScript(name, parseUnitFile(unit, text), unit) : void 0;
	if (!unit || !made) return false;
	await writeScript(system, name, made);
	journal.done("configuration", `${SCRIPTS}${name} is made from ${unit}`, "today's package has no init script any more, and no systemd runs here", "names/unit", made);
	return true;
}
/** No package of today knows the service, but its program is there: it is started as it ran before the end. */
async function repeatProcess(system, name, processes, journal) {
	const process = processes.find(({ program }) => program.endsWith(`/${name}`) && system.has(system.canonical(program)));
	const unit = process && unitOfProcess(process);
	const script = unit && compileInitScript(name, unit, `the process ${process.pid} of the old system`);
	if (!script) return;
	await writeScript(system, name, script);
	journal.look("configuration", `${SCRIPTS}${name} starts ${printable(process.argv.join(" "))}`, "no package has this service any more: its program is started as it ran before the end", "names/process", script);
}
function whyLinked(old, today) {
	return `the init script of ${old.name} has another name in ${[...today].join(", ")}; the old one is a link`;
}
/** The unit of that name, a link of that name to a unit, or the one that is called as its package. */
function findUnit(system, name, shipped, today) {
	const own = system.canonical(`${UNITS}${name}.service`);
	if (system.kindOf(own) === "file") return own;
	const units = shipped.filter((path) => isDirectlyIn(UNITS, path) && /^[^@]+\.service$/.test(path) && system.kindOf(path) === "file");
	const aliased = system.links.get(own);
	const isPackages = (path) => today.has(path.slice(24, -8));
	return units.find((path) => aliased?.endsWith(path.slice(24))) ?? units.find(isPackages);
}
async function writeScript(system, name, script) {
	await system.script("Making an init script", "cat > \"$TARGET\"; chmod 755 \"$TARGET\"", {
		env: { TARGET: SCRIPTS + name },
		input: script
	});
}
// src/restore/put-back.ts
/** Everything between the started, waiting container and the start of the service. */
async function putBack(system, { bag, plan, accounts, oldImageAccounts }, journal) {
	const { manifest } = bag;
	const index = /* @__PURE__ */ new Map();
	for await (const entry of bag.readIndex()) index.set(entry.path, entry);
	const owner = {
		packaged: (path) => packagedThen(index, path),
		changed: (name) => index.get(`/var/lib/dpkg/alternatives/${name}`)?.origin === "operation"
	};
	await denyServiceStarts(system);
	await system.script("Letting dpkg ask again", `rm -f ${KEEP_CARRIED}`);
	await journal.stage("packages", "Installing what the service had beside its image", () => installPackages(system, plan, journal));
	await journal.stage("accounts", "Merging accounts", () => restorePeople(system, accounts, oldImageAccounts, journal));
	await runDifferences(system, plan, "before-state", journal);
	await replayDiversions(system, manifest.system.overrides, plan.substitutions, journal);
	await system.refresh();
	const place = placer(system, plan);
	const placements = placeAll(index, system, plan, manifest, place, journal);
	await makeRoom(system, index, placements, plan.sameRelease, journal);
	const oldNames = new OldNames(plan.substitutions);
	const laid = await journal.stage("state", "Putting the Mutable data back", () => layPayload(bag.openPayload(), index, placements, system, oldNames.watch));
	journal.done("state", `${laid.paths} paths, ${laid.bytes} bytes`, "by owner name, with modes, times, ACLs and attributes", "payload");
	await system.refresh();
	await replayOverrides(system, manifest.system.overrides, owner, plan.substitutions, journal);
	const entries = [...index.values()];
	await journal.stage("deletions", "Repeating deletions", () => repeatDeletions(system, entries.filter((each) => each.disposition === "delete"), place, restoredPaths(placements), journal));
	const placed = await journal.stage("configuration", "Merging configuration", () => restoreConfiguration(system, {
		captured: laid.captured,
		substitutions: plan.substitutions,
		pristine: (path) => readPristine(bag, path)
	}, journal));
	await system.refresh();
	await oldNames.keepCommands(system, manifest.service.start, journal);
	const deleted = new Set(entries.filter((each) => each.disposition === "delete").map((each) => each.path));
	await keepServiceNames(system, plan, {
		packages: manifest.system.packages,
		processes: manifest.service.processes,
		deleted
	}, journal);
	await remakeGenerated(system, await readRules(), restoredPaths(placements), journal);
	await rewriteFiles(system, plan, journal);
	await restoreAttributes(system, entries.filter((each) => each.disposition === "attributes"), place, journal);
	await runDifferences(system, plan, "after-state", journal);
	const setDirectoryTimes = () => layFiles(system, laid.directories.map((header) => ({
		header,
		content: Buffer.alloc(0)
	})));
	await journal.stage("checks", "Asking the service's own checkers", () => checkServices(system, plan, placed, "before-load", journal));
	await setDirectoryTimes();
	await journal.stage("state", "Reading back what was put back", () => proveState(system, index, placements, system.mended, journal));
	await journal.stage("exports", "Loading logical exports", () => loadExports(system, bag, plan, journal));
	await runDifferences(system, plan, "after-load", journal);
	await journal.stage("checks", "Asking the service's own checkers again", () => checkServices(system, plan, placed, "after-load", journal));
	sayWarnings(plan, journal);
	await setDirectoryTimes();
	await allowServiceStarts(system);
}
function packagedThen(index, path) {
	const entry = index.get(path);
	return entry === void 0 || entry.package !== void 0;
}
async function readPristine(bag, path) {
	const pristine = bag.manifest.pristine.find((each) => each.path === path);
	return pristine ? readFile(bag.file(`data/${pristine.file}`)) : void 0;
}
// src/restore/start-container.ts
/**
* Starts the new container with the old one's options. Volumes are made anew; nothing that exists is reused.
* @throws PerennialError `output-exists` when the name is taken
*/
async function startContainer(request) {
	const { engine, name, run } = request;
	await refuseTaken(engine, name);
	const mounts = namedVolumes(name, request.mountPoints.map((point) => mapPath(point, request.substitutions)));
	const taken = [];
	for (const mount of mounts) if (await engine.volumeExists(mount.source)) taken.push(mount.source);
	if (taken.length > 0) throw new PerennialError("output-exists", `The volume ${taken[0]} exists already`, { hint: `Choose another --name, or remove it: \`${engine.name} volume rm ${taken.join(" ")}\`` });
	const notes = [];
	const options = repeatableOptions(run, mounts, notes, request.allowPrivileged);
	const command = mainCommand(request);
	try {
		for (const mount of mounts) await engine.createVolume(mount.source, { "org.perennial.service": name });
		const start = (published) => engine.run({
			name,
			image: request.image.id,
			run: {
				...options,
				published
			},
			entrypoint: "/bin/sh",
			command: waitingCommand(command)
		});
		return {
			container: await start(request.publish ? run.published : []).catch(async (error) => {
				if (!request.publish || run.published.length === 0 || !/port is already allocated|address already in use/i.test(String(error))) throw error;
				notes.push("A published port of the old container is taken on this machine: the new one runs without published ports");
				return start([]);
			}),
			volumes: mounts.map((mount) => mount.source),
			notes
		};
	} catch (error) {
		for (const mount of mounts) await engine.removeVolume(mount.source);
		throw error;
	}
}
/** @throws PerennialError `output-exists` when there is a container of this name */
async function refuseTaken(engine, name) {
	if (await engine.inspectContainer(name).then(() => true, (error) => {
		if (error instanceof PerennialError && error.code === "no-such-container") return false;
		throw error;
	})) throw new PerennialError("output-exists", `There is a container "${name}" already`, { hint: `Choose another --name, or remove it: \`${engine.name} rm -f ${name}\`` });
}
/** The old command; where it was the image's own, the rebuilt image's is used, which has today's names. */
function mainCommand({ run, oldImage, image, substitutions }) {
	const same = (a, b) => b !== void 0 && a.length === b.length && a.every((word, n) => word === b[n]);
	const today = (word) => rewriteText(word, substitutions).text;
	const entrypoint = same(run.entrypoint, oldImage?.entrypoint) ? image.entrypoint : run.entrypoint.map(today);
	const command = same(run.command, oldImage?.command) ? image.command : run.command.map(today);
	return [...entrypoint, ...command];
}
// src/restore/start-service.ts
/** A program names one refused line at a time: this many are mended before it is given up. */
const ROUNDS = 15;
/** Seconds that daemons get to listen after their start command has returned. */
const PATIENCE = 15;
/** Linux hands out ports from here on by itself (ip_local_port_range): nobody listens there on purpose. */
const EPHEMERAL = 32768;
/** A daemon may go on without what it calls fatal: ProFTPD leaves out the whole file that the line is in. */
const FATAL = /\b(fatal|emerg)\b/i;
/**
* Lets the main process go, runs the owner's start command, and waits until every port listens that listened before the end.
* Where a program refuses a line of its configuration and says which, the line is commented out and it is tried again.
* @returns whether the start command succeeded and every port listens again
*/
async function startService(options, manifest, plan, system, journal) {
	const command = mapPath(manifest.service.start, plan.substitutions);
	const expected = manifest.service.sockets.filter((each) => each.port < EPHEMERAL);
	const mends = await readMends();
	if (command) await letMainStart(options, system);
	for (let round = 0;; round++) {
		const attempt = command ? await tryCommand(system, command, expected) : await tryMainProcess(options, system, expected);
		const well = attempt.code === 0 && attempt.missing.length === 0;
		const complaints = well ? attempt.said.split("\n").filter((line) => FATAL.test(line)) : [attempt.said];
		if (round < ROUNDS && await mendRefusedLine(system, complaints.join("\n"), mends, "start", journal)) {
			if (!attempt.waits) await restart(options, system);
			continue;
		}
		if (!command) await writeMark(system, "");
		report(attempt, command, expected.length, journal);
		return well;
	}
}
/** Its health check, if the image has one, asks for a service that is not started yet. */
function runs(engine, container) {
	return async () => (await engine.inspectContainer(container)).running ? void 0 : "it has ended";
}
async function letMainStart({ engine, name }, system) {
	await writeMark(system, "");
	await waitUntilReady({
		describe: `the container ${name} to run its command`,
		timeoutSeconds: 10,
		check: runs(engine, system.container)
	});
}
/** Empty: the container's process starts now and ever after. With a word in it: it starts once, whoever it runs as. */
async function writeMark(system, word) {
	const env = {
		WORD: word,
		MARK: READY_MARK,
		FOLDER: READY_MARK.slice(0, READY_MARK.lastIndexOf("/"))
	};
	const write = `mkdir -p "$FOLDER"; chmod ${word === "" ? "755" : "777"} "$FOLDER"; printf %s "$WORD" > "$MARK"`;
	await system.script("Letting the main process start", write, { env });
}
/** What the command prints goes to a file: a daemon that keeps its output open must not keep us waiting. */
const START = "sh -c \"$COMMAND\" > /var/lib/perennial/start.log 2>&1 < /dev/null";
const START_LOG = "cat /var/lib/perennial/start.log 2>/dev/null; exit 0";
/** The ends of logs that were written just now; binary ones (wtmp) and the package tools' own are left out. */
const RECENT_LOGS = "find /var/log -type f -mmin -2 ! -name \"[wbl]*t*p\" ! -path \"*/apt/*\" ! -name \"dpkg.log*\" ! -name \"alternatives.log*\" -exec tail -n 30 {} + 2>/dev/null; exit 0";
/** Whatever the last attempt started would hold its ports; the container's own process sleeps and starts again. */
async function restart({ engine, name }, system) {
	await engine.stop(system.container, 1);
	await engine.start(system.container);
	await waitUntilReady({
		describe: `the container ${name} to start again`,
		timeoutSeconds: 10,
		check: runs(engine, system.container)
	});
}
async function tryCommand(system, command, expected) {
	const env = { COMMAND: command };
	const { code } = await system.target.exec([
		"sh",
		"-c",
		START
	], {
		env,
		allowFailure: true
	});
	const missing = await awaitSockets(system, expected, code === 0 ? PATIENCE : 2);
	const printed = await read(system, START_LOG);
	return {
		code,
		printed,
		said: code === 0 && missing.length === 0 ? printed : `${printed}\n${await read(system, RECENT_LOGS)}`,
		missing
	};
}
/** The container's own process is the service: where it ends at once, the container is started again, and waits. */
async function tryMainProcess({ engine }, system, expected) {
	await writeMark(system, "once");
	const missing = await awaitSockets(system, expected, PATIENCE).catch(() => expected);
	const ended = await hasEnded(engine, system.container, expected.length === 0 || missing.length > 0 ? 2 : 0);
	const printed = await engine.logs(system.container, 50);
	if (ended) await engine.start(system.container);
	else if (missing.length === 0) return {
		code: 0,
		printed,
		said: printed,
		missing
	};
	const said = `${printed}\n${await read(system, RECENT_LOGS)}`;
	return {
		code: ended ? 1 : 0,
		printed,
		said,
		missing,
		waits: ended
	};
}
async function hasEnded(engine, container, seconds) {
	const until = Date.now() + seconds * 1e3;
	while ((await engine.inspectContainer(container)).running) {
		if (Date.now() > until) return false;
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
	return true;
}
async function read(system, script) {
	return (await system.target.exec([
		"sh",
		"-c",
		script
	], { allowFailure: true })).stdout.toString("latin1");
}
/** Sockets of the old service that nobody listens on here; waits for them. Addresses may differ, ports may not. */
async function awaitSockets(system, expected, seconds) {
	const until = Date.now() + seconds * 1e3;
	while (true) {
		const { sockets } = await readRunning(system.target, String, () => "");
		const missing = expected.filter((each) => !sockets.some((now) => now.protocol === each.protocol && now.port === each.port));
		if (missing.length === 0 || Date.now() > until) return missing;
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
}
function report(attempt, command, expected, journal) {
	const what = command || "the container's own command";
	const tail = lastLines(attempt.said, 12);
	if (attempt.code !== 0) journal.look("start", command ? `the start command ended with exit code ${attempt.code}` : "the container's own process ended", printable(lastLines(attempt.printed.trim() || attempt.said, 3)) || "it said nothing", "start", tail);
	else journal.done("start", what, command ? "the command that the owner gave" : "as the container was started", "start");
	for (const each of attempt.missing) journal.look("start", `nobody listens on ${each.protocol} port ${each.port}`, `${each.program || "a program"} did before the end`, "start/ports", tail);
	if (attempt.missing.length === 0 && expected > 0) journal.done("start", `${expected} sockets listen as before`, "every port that listened listens again", "start/ports");
}
// src/restore/restore.ts
/**
* Rebuilds a service from its bag on today's base, puts its state back, starts it and holds its answers against the golden
* ones. Whatever fails, what was made is removed again unless `keep` is set.
*/
async function restore(options) {
	const started = performance.now();
	const journal = new Journal(options.progress);
	checkName(options.name);
	if (options.report) await makeReportFolder(options.report);
	const prepared = await prepare$1(options);
	const { bag, plan } = prepared;
	const made = {
		volumes: [],
		label: options.useCache ? CACHED : randomBytes(8).toString("hex")
	};
	let succeeded = false;
	try {
		options.onPlan?.(plan);
		await refuseTaken(options.engine, options.name);
		const result = await carryOut(options, prepared, journal, made);
		succeeded = true;
		return {
			...result,
			manifest: bag.manifest,
			plan,
			journal,
			seconds: Math.round(performance.now() - started) / 1e3
		};
	} finally {
		if (!options.keep || interruption.signal) await removeMade(options.engine, made);
		else if (!succeeded && made.container) options.progress.warn(`The unfinished container ${options.name} is kept`);
		else if (!succeeded) await removeMade(options.engine, made);
		await options.engine.removeImage(accountsTag(imageTag(options.name)));
		await bag.close();
		if (options.report) await writeProgram(options.report, plan, journal);
	}
}
/** Layers that are to be used again cannot have a label of their own. */
const CACHED = "cached";
function imageTag(name) {
	return `perennial/${name.toLowerCase().replace(/[^a-z0-9_.-]+/g, "-")}:restored`;
}
async function removeMade(engine, made) {
	if (made.container) await engine.removeContainer(made.container);
	for (const volume of made.volumes) await engine.removeVolume(volume);
	if (made.label === CACHED && made.image) await engine.removeImage(made.image);
	else if (made.label !== CACHED) await engine.removeImagesWithLabel(BUILD_LABEL, made.label);
}
/** Both engines take these names for containers, and volumes and images are named after them. */
function checkName(name) {
	if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return;
	throw new PerennialError("bad-input", `"${printable(name)}" is no name for a container`, { hint: "Use two or more letters, digits, \"_\", \".\" and \"-\", the first a letter or digit." });
}
async function makeReportFolder(folder) {
	await mkdir(folder, { recursive: true }).catch((cause) => {
		throw new PerennialError("bad-input", `The report cannot be written to ${folder}: ${cause.message}`, {
			cause,
			hint: "Name a folder that exists or can be made with --report."
		});
	});
}
async function writeProgram(folder, plan, journal) {
	await writeFile(join(folder, "Dockerfile"), plan.dockerfile.text);
	await writeFile(join(folder, "restore-program.sh"), journal.program());
	await writeFile(join(folder, "journal.json"), `${JSON.stringify({
		entries: journal.entries,
		seconds: journal.seconds
	}, null, 1)}\n`);
}
async function carryOut(options, prepared, journal, made) {
	const { engine } = options;
	const { bag, plan } = prepared;
	const { manifest } = bag;
	const tag = imageTag(options.name);
	const imageId = await journal.stage("build", `Building the image on ${plan.base}`, () => build(options, prepared, tag, made.label, journal));
	made.image = tag;
	journal.done("build", `built on ${plan.base}`, plan.dockerfile.generated ? "from the chosen packages" : "from the recorded Dockerfile", "build/dockerfile", plan.dockerfile.diff);
	const image = await engine.inspectImage(imageId);
	const startedContainer = await startContainer({
		engine,
		name: options.name,
		image,
		run: manifest.service.run,
		oldImage: manifest.service.image,
		substitutions: plan.substitutions,
		mountPoints: await mountPoints(bag),
		publish: options.publish ?? true,
		allowPrivileged: options.allowPrivileged ?? false
	});
	made.container = startedContainer.container;
	made.volumes = startedContainer.volumes;
	for (const note of startedContainer.notes) journal.look("start", note, "it cannot be repeated here", "start/options");
	const system = await NewSystem.open(engine, startedContainer.container);
	await putBack(system, prepared, journal);
	const alive = await journal.stage("start", "Starting the service", () => startService(options, manifest, plan, system, journal));
	const comparisons = await journal.stage("smoke", "Asking the smoke tests", () => askSmokeTests(options, bag, system));
	for (const each of comparisons) if (each.verdict === "same") journal.done("smoke", `${each.name}: same answer`, "as before the end", "smoke");
	else journal.look("smoke", `${each.name}: ${each.verdict}`, "not as before the end", "smoke", each.diff);
	const same = alive && comparisons.every((each) => each.verdict !== "differs" && each.verdict !== "missing");
	return {
		container: options.keep ? await engine.inspectContainer(startedContainer.container) : void 0,
		image: tag,
		comparisons,
		same
	};
}
async function build(options, { bag, plan, base }, tag, label, journal) {
	const { text: dockerfile } = rewriteDockerfile(plan.dockerfile.text, {
		base: accountsTag(tag),
		oldBase: base.reference,
		buildArgs: plan.dockerfile.buildArgs,
		resolutions: []
	});
	const request = {
		engine: options.engine,
		base: base.reference,
		accounts: plan.systemAccounts,
		dockerfile,
		context: bag.manifest.rebuild ? join(bag.dir, "data/rebuild") : void 0,
		buildArgs: plan.dockerfile.buildArgs,
		tag,
		label,
		useCache: options.useCache ?? false,
		onLine: (line) => options.progress.detail(printable(line))
	};
	const carried = [];
	const writeState = async (context) => carried.push(...await writePreState(bag, plan, context)) > 0;
	const image = await buildImage({
		...request,
		writePreState: writeState
	}).catch((error) => {
		if (carried.length === 0) throw error;
		journal.look("build", `the image does not build on the state of ${carried.join(", ")}`, String(error), "packages/vanished");
		return buildImage(request);
	});
	for (const name of carried) journal.done("packages", `the state of ${name} was there before its successor`, "the successor's own scripts carry it over", "packages/vanished");
	return image;
}
/** Mounts that get a volume again: those that were kept and are folders. A mounted file is put back as a file. */
async function mountPoints(bag) {
	const points = new Set(bag.manifest.mounts.filter((each) => each.kept).map((each) => each.destination));
	for await (const entry of bag.readIndex()) if (points.has(entry.path) && entry.kind !== "directory") points.delete(entry.path);
	return [...points];
}
export { planText as a, restoreSummary as i, prepare$1 as n, writeRestoreReport as r, restore as t };
