import { $ as array, At as PerennialError, Dt as interruption, F as endOfTar, G as syncDirectory, I as memberPadding, J as parseSmokeTests, K as writeDurably, M as readTar, Mt as compileRule, N as contentSha256, Nt as __commonJSMin, P as encodeTarMember, R as ByteSource, Tt as printable, W as orStoreFailed, Z as require_dist, _t as safeParse, at as literal, bt as string, c as require_main, ct as nullable, dt as optional, et as boolean, ft as picklist, gt as safeInteger, ht as regex, it as isoDate, jt as compileGlobs, lt as number, mt as record, n as containerEnded, nt as exactOptional, o as isOnLocalNetwork, ot as minLength, pt as pipe, rt as getDotPath, s as openConnection, st as minValue, tt as check, ut as object, vt as startsWith, wt as encodeBytes, xt as transform, yt as strictObject } from "./chunk-wait-ready.js";
import { spawn } from "node:child_process";
import { createReadStream, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { isIP } from "node:net";
import { request } from "node:http";
import { Readable, pipeline } from "node:stream";
import { isUtf8 } from "node:buffer";
import { isDeepStrictEqual, promisify } from "node:util";
import { connect as connect$1 } from "node:tls";
import { constants as constants$1, createZstdDecompress, zstdCompress } from "node:zlib";
import { createHash, randomBytes } from "node:crypto";
import { basename, delimiter, dirname, join, resolve, sep } from "node:path";
import { access, constants as constants$2, lstat, mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { Script, createContext } from "node:vm";
// src/bag/bagit.ts
/** bagit.txt (2.1.1) */
const BAGIT_TXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/**
* True for a relative path without empty, `.` or `..` parts, NUL, backslash or bytes that are no UTF-8: safe below any folder, and
* sayable in a manifest, which is UTF-8.
*/
function isBagPath(path) {
	return path.isWellFormed() && !/[\0\\]/.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= 255);
}
/** A payload or tag manifest (2.1.3, 2.2.1): a line each file, sorted by path. */
function formatDigests(files) {
	return [...files].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(([path, { sha256 }]) => `${sha256}  ${encodePath(path)}\n`).join("");
}
/** The inverse of formatDigests: path -> hex digest. Throws `bag-invalid` for malformed lines, unsafe or double paths. */
function parseDigests(text, name) {
	const digests = /* @__PURE__ */ new Map();
	for (const line of text.split(/\r\n|\r|\n/)) {
		if (line === "") continue;
		const [, digest, written] = /^([0-9a-fA-F]{64})[ \t]+\*?(.+)$/.exec(line) ?? [];
		if (!digest || !written) throw invalidTag(name, `the line ${JSON.stringify(line)} is no digest and path`);
		const path = decodePath(written);
		if (!isBagPath(path)) throw invalidTag(name, `the path ${JSON.stringify(path)} is not safe`);
		if (digests.has(path)) throw invalidTag(name, `the path ${JSON.stringify(path)} is listed twice`);
		digests.set(path, digest.toLowerCase());
	}
	return digests;
}
/** bag-info.txt (2.2.2). Line breaks in values become blanks. */
function formatBagInfo(fields) {
	return Object.entries(fields).map(([label, value]) => `${label}: ${value.replace(/\s*[\r\n]+\s*/g, " ").trim()}\n`).join("");
}
/** The fields of bag-info.txt; a label that repeats gives its last value. Continuation lines are joined. */
function parseBagInfo(text) {
	const fields = text.replace(/\r?\n[ \t]+/g, " ").matchAll(/^([^:\r\n]+):[ \t]*(.*)$/gm);
	return Object.fromEntries([...fields].map(([, label, value]) => [label.trim(), value.trim()]));
}
/** Payload-Oxum (2.2.2): octets and number of the files below data/. */
function payloadOxum(files) {
	const payload = [...files].filter(([path]) => path.startsWith("data/"));
	return `${payload.reduce((sum, [, { bytes }]) => sum + bytes, 0)}.${payload.length}`;
}
/** Only line breaks and the percent sign are encoded (2.1.3). */
function encodePath(path) {
	return path.replace(/[%\r\n]/g, (char) => char === "%" ? "%25" : char === "\n" ? "%0A" : "%0D");
}
function decodePath(written) {
	return written.replace(/%(25|0[aA]|0[dD])/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
function invalidTag(name, what) {
	return new PerennialError("bag-invalid", `${name}: ${what}`, { hint: "This is not a sound BagIt bag (RFC 8493); fetch it again from where it is kept." });
}
// src/bag/readme-text.ts
/** README.md of a bag: for a stranger who finds it years later and has Docker, but neither Perennial nor its documentation. */
function readmeText(manifest, files) {
	return `${[
		intro(manifest),
		files.has("restore.sh") ? bringBack(manifest) : "",
		LOOK_INSIDE,
		contents(manifest),
		notes(manifest)
	].filter(Boolean).join("\n\n")}\n`;
}
function intro({ service, system, counts, created, tool }) {
	const image = service.image?.tags[0] ? `, image ${plain(service.image.tags[0])}` : "";
	return `# ${plain(service.name)}

This folder is what is left of a service that was shut down: the data that cannot be had again (configuration, accounts,
user data, state), without the operating system and packages, which can.

| | |
|---|---|
| Archived | ${created} by ${tool.name} ${tool.version} |
| Ran on | ${plain(system.os.prettyName)}, ${plain(system.architecture)}${image} |
| Kept | ${counts.kept} of ${counts.paths} paths, ${counts.keptBytes} bytes |
| Packages | ${system.packages.length}, listed in data/manifest.json and sbom.cdx.json, not included |

**Keep it private**: it may hold password hashes, private keys and user data.`;
}
function bringBack({ service }) {
	return `## Bring it back

With Docker or Podman, a network for the packages, and this folder:

    sh restore.sh ${service.name.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[^A-Za-z0-9]+|-$/g, "") || "service"}

A container of that name then answers as the old one did. The program is plain shell: its first lines say what it can do,
restore/apply.sh is what it does inside the container. When the old release is no longer served, or for a current one,
\`sh restore.sh NAME BASE-IMAGE\` does what it can; \`perennial restore FOLDER --name NAME\` also mends the differences.`;
}
const LOOK_INSIDE = `## Look inside

    sha256sum --check manifest-sha256.txt       # is it undamaged? (a BagIt bag, RFC 8493)
    zstd -dc data/files.ndjson.zst              # every path: what was done with it, and why
    zstd -dc data/payload.tar.zst | tar -tv     # the data, as GNU tar wrote it
    cat data/manifest.json                      # the service, system, packages, how it was started

Extract it as root with \`tar -xp --xattrs --xattrs-include='*' --acls --numeric-owner\` to get it exactly as it was.`;
function contents({ service, dumps, rebuild, pristine }) {
	const lines = [
		...dumps.map((dump) => `- \`data/dumps/${plain(dump.file)}\`: export of ${plain(dump.service)} (${plain(dump.export)})`),
		...pristine.length > 0 ? ["- `data/pristine/`: edited configuration files as they were before the edits"] : [],
		...rebuild ? ["- `data/rebuild/`: the Dockerfile and files that the image was built from"] : [],
		...service.start ? [`- started with: \`${plain(service.start)}\``] : [],
		...service.sockets.map((one) => `- listened on ${one.protocol} ${plain(one.address)}:${one.port} (${plain(one.program)})`)
	];
	return lines.length > 0 ? `## What else there is\n\n${lines.join("\n")}` : "";
}
function notes({ notes }) {
	return notes.length > 0 ? `## Notes of the archive run\n\n${notes.map((note) => `- ${plain(note)}`).join("\n")}` : "";
}
/** Text of the archived system, which may be hostile: one line, no Markdown or HTML of its own. */
function plain(text) {
	return printable(text).replace(/[`|<>[\]]/g, (char) => `&#${char.charCodeAt(0)};`);
}
// src/bag/ro-crate.ts
const DESCRIBED = {
	"data/payload.tar.zst": ["Mutable files of the service, GNU tar (pax)", "application/zstd"],
	"data/files.ndjson.zst": ["Every path and why it was kept or left", "application/zstd"],
	"data/manifest.json": ["Service, system, packages", "application/json"],
	"README.md": ["How to bring the service back", "text/markdown"],
	"restore.sh": ["Restores the service with Docker alone", "application/x-sh"],
	Dockerfile: ["Builds the image that the data is laid over", "text/plain"],
	"sbom.cdx.json": ["The packages that are not included, CycloneDX", "application/vnd.cyclonedx+json"]
};
/** ro-crate-metadata.json (RO-Crate 1.1, https://w3id.org/ro/crate/1.1). */
function roCrate(manifest, files) {
	const written = /* @__PURE__ */ new Set([
		...files.keys(),
		"README.md",
		"sbom.cdx.json"
	]);
	const parts = Object.entries(DESCRIBED).filter(([path]) => written.has(path));
	const software = softwareEntities(manifest);
	return {
		"@context": "https://w3id.org/ro/crate/1.1/context",
		"@graph": [
			{
				"@id": "ro-crate-metadata.json",
				"@type": "CreativeWork",
				about: { "@id": "./" },
				conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" }
			},
			rootEntity(manifest, parts.map(([path]) => path), software),
			{
				"@id": "#licence",
				"@type": "CreativeWork",
				name: "None stated",
				description: "Private data of its owner."
			},
			...parts.map(([path, [name, encodingFormat]]) => ({
				"@id": path,
				"@type": "File",
				name,
				encodingFormat
			})),
			...software
		]
	};
}
function rootEntity({ service, system, created }, parts, software) {
	return {
		"@id": "./",
		"@type": "Dataset",
		name: `Mutable data of ${service.name}`,
		description: `What cannot be had again of the service ${service.name}, which ran on ${system.os.prettyName}.`,
		datePublished: created,
		license: { "@id": "#licence" },
		hasPart: parts.map((id) => ({ "@id": id })),
		mentions: software.map((entity) => ({ "@id": entity["@id"] }))
	};
}
/** The archiver, the operating system and the packages whose programs ran. */
function softwareEntities({ tool, system, service }) {
	const running = new Set(service.processes.map((process) => process.package));
	const entity = (type, name, version) => ({
		"@id": `#${encodeURIComponent(name)}`,
		"@type": type,
		name,
		version
	});
	return [
		entity("SoftwareApplication", tool.name, tool.version),
		entity("OperatingSystem", system.os.prettyName, system.os.versionId),
		...system.packages.filter((one) => running.has(one.name)).map((one) => entity("SoftwareApplication", one.name, one.version))
	];
}
// node_modules/packageurl-js/src/error.js
var require_error = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	function formatPurlErrorMessage(message = "") {
		const { length } = message;
		let formatted = "";
		if (length) {
			const code0 = message.charCodeAt(0);
			formatted = code0 >= 65 || code0 <= 90 ? `${message[0].toLowerCase()}${message.slice(1)}` : message;
			if (length > 1 && message.charCodeAt(length - 1) === 46 && message.charCodeAt(length - 2) !== 46) formatted = formatted.slice(0, -1);
		}
		return `Invalid purl: ${formatted}`;
	}
	var PurlError = class extends Error {
		constructor(message) {
			super(formatPurlErrorMessage(message));
		}
	};
	module.exports = {
		formatPurlErrorMessage,
		PurlError
	};
}));
// node_modules/packageurl-js/src/decode.js
var require_decode = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { PurlError } = require_error();
	const { decodeURIComponent } = globalThis;
	function decodePurlComponent(comp, encodedURIComponent) {
		try {
			return decodeURIComponent(encodedURIComponent);
		} catch {}
		throw new PurlError(`unable to decode "${comp}" component`);
	}
	module.exports = { decodePurlComponent };
}));
// node_modules/packageurl-js/src/constants.js
var require_constants = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = {
		LOOP_SENTINEL: 1e6,
		REUSED_SEARCH_PARAMS: new URLSearchParams(),
		REUSED_SEARCH_PARAMS_KEY: "_",
		REUSED_SEARCH_PARAMS_OFFSET: 2
	};
}));
// node_modules/packageurl-js/src/objects.js
var require_objects = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { LOOP_SENTINEL } = require_constants();
	function isObject(value) {
		return value !== null && typeof value === "object";
	}
	function recursiveFreeze(value_) {
		if (value_ === null || !(typeof value_ === "object" || typeof value_ === "function") || Object.isFrozen(value_)) return value_;
		const queue = [value_];
		let { length: queueLength } = queue;
		let pos = 0;
		while (pos < queueLength) {
			if (pos === LOOP_SENTINEL) throw new Error("Detected infinite loop in object crawl of recursiveFreeze");
			const obj = queue[pos++];
			Object.freeze(obj);
			if (Array.isArray(obj)) for (let i = 0, { length } = obj; i < length; i += 1) {
				const item = obj[i];
				if (item !== null && (typeof item === "object" || typeof item === "function") && !Object.isFrozen(item)) queue[queueLength++] = item;
			}
			else {
				const keys = Reflect.ownKeys(obj);
				for (let i = 0, { length } = keys; i < length; i += 1) {
					const propValue = obj[keys[i]];
					if (propValue !== null && (typeof propValue === "object" || typeof propValue === "function") && !Object.isFrozen(propValue)) queue[queueLength++] = propValue;
				}
			}
		}
		return value_;
	}
	module.exports = {
		isObject,
		recursiveFreeze
	};
}));
// node_modules/packageurl-js/src/strings.js
var require_strings = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { compare: localeCompare } = new Intl.Collator();
	const regexSemverNumberedGroups = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;
	function isBlank(str) {
		for (let i = 0, { length } = str; i < length; i += 1) {
			const code = str.charCodeAt(i);
			if (!(code === 32 || code === 9 || code === 10 || code === 11 || code === 12 || code === 13 || code === 160 || code === 5760 || code === 8192 || code === 8193 || code === 8194 || code === 8195 || code === 8196 || code === 8197 || code === 8198 || code === 8199 || code === 8200 || code === 8201 || code === 8202 || code === 8232 || code === 8233 || code === 8239 || code === 8287 || code === 12288 || code === 65279)) return false;
		}
		return true;
	}
	function isNonEmptyString(value) {
		return typeof value === "string" && value.length > 0;
	}
	function isSemverString(value) {
		return typeof value === "string" && regexSemverNumberedGroups.test(value);
	}
	function lowerName(purl) {
		purl.name = purl.name.toLowerCase();
	}
	function lowerNamespace(purl) {
		const { namespace } = purl;
		if (typeof namespace === "string") purl.namespace = namespace.toLowerCase();
	}
	function lowerVersion(purl) {
		const { version } = purl;
		if (typeof version === "string") purl.version = version.toLowerCase();
	}
	function replaceDashesWithUnderscores(str) {
		let result = "";
		let fromIndex = 0;
		let index = 0;
		while ((index = str.indexOf("-", fromIndex)) !== -1) {
			result = result + str.slice(fromIndex, index) + "_";
			fromIndex = index + 1;
		}
		return fromIndex ? result + str.slice(fromIndex) : str;
	}
	function replaceUnderscoresWithDashes(str) {
		let result = "";
		let fromIndex = 0;
		let index = 0;
		while ((index = str.indexOf("_", fromIndex)) !== -1) {
			result = result + str.slice(fromIndex, index) + "-";
			fromIndex = index + 1;
		}
		return fromIndex ? result + str.slice(fromIndex) : str;
	}
	function trimLeadingSlashes(str) {
		let start = 0;
		while (str.charCodeAt(start) === 47) start += 1;
		return start === 0 ? str : str.slice(start);
	}
	module.exports = {
		isBlank,
		isNonEmptyString,
		isSemverString,
		localeCompare,
		lowerName,
		lowerNamespace,
		lowerVersion,
		replaceDashesWithUnderscores,
		replaceUnderscoresWithDashes,
		trimLeadingSlashes
	};
}));
// node_modules/packageurl-js/src/encode.js
var require_encode = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { REUSED_SEARCH_PARAMS, REUSED_SEARCH_PARAMS_KEY, REUSED_SEARCH_PARAMS_OFFSET } = require_constants();
	const { isObject } = require_objects();
	const { isNonEmptyString } = require_strings();
	const { encodeURIComponent } = globalThis;
	function encodeNamespace(namespace) {
		return isNonEmptyString(namespace) ? encodeURIComponent(namespace).replace(/%3A/g, ":").replace(/%2F/g, "/") : "";
	}
	function encodeQualifierParam(param) {
		if (isNonEmptyString(param)) {
			REUSED_SEARCH_PARAMS.set(REUSED_SEARCH_PARAMS_KEY, param);
			return replacePlusSignWithPercentEncodedSpace(REUSED_SEARCH_PARAMS.toString().slice(REUSED_SEARCH_PARAMS_OFFSET));
		}
		return "";
	}
	function encodeQualifiers(qualifiers) {
		if (isObject(qualifiers)) {
			const qualifiersKeys = Object.keys(qualifiers).sort();
			const searchParams = new URLSearchParams();
			for (let i = 0, { length } = qualifiersKeys; i < length; i += 1) {
				const key = qualifiersKeys[i];
				searchParams.set(key, qualifiers[key]);
			}
			return replacePlusSignWithPercentEncodedSpace(searchParams.toString());
		}
		return "";
	}
	function encodeSubpath(subpath) {
		return isNonEmptyString(subpath) ? encodeURIComponent(subpath).replace(/%2F/g, "/") : "";
	}
	function encodeVersion(version) {
		return isNonEmptyString(version) ? encodeURIComponent(version).replace(/%3A/g, ":").replace(/%2B/g, "+") : "";
	}
	function replacePlusSignWithPercentEncodedSpace(str) {
		return str.replace(/\+/g, "%20");
	}
	module.exports = {
		encodeNamespace,
		encodeVersion,
		encodeQualifiers,
		encodeQualifierParam,
		encodeSubpath,
		encodeURIComponent
	};
}));
// node_modules/packageurl-js/src/helpers.js
var require_helpers = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	function createHelpersNamespaceObject(helpers, options_ = {}) {
		const { comparator, ...defaults } = {
			__proto__: null,
			...options_
		};
		const helperNames = Object.keys(helpers).sort();
		const propNames = [...new Set([...Object.values(helpers)].map(Object.keys).flat())].sort(comparator);
		const nsObject = Object.create(null);
		for (let i = 0, { length } = propNames; i < length; i += 1) {
			const propName = propNames[i];
			const helpersForProp = Object.create(null);
			for (let j = 0, { length: length_j } = helperNames; j < length_j; j += 1) {
				const helperName = helperNames[j];
				const helperValue = helpers[helperName][propName] ?? defaults[helperName];
				if (helperValue !== void 0) helpersForProp[helperName] = helperValue;
			}
			nsObject[propName] = helpersForProp;
		}
		return nsObject;
	}
	module.exports = { createHelpersNamespaceObject };
}));
// node_modules/packageurl-js/src/normalize.js
var require_normalize = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { isObject } = require_objects();
	const { isBlank } = require_strings();
	function normalizeName(rawName) {
		return typeof rawName === "string" ? rawName.trim() : void 0;
	}
	function normalizeNamespace(rawNamespace) {
		return typeof rawNamespace === "string" ? normalizePath(rawNamespace) : void 0;
	}
	function normalizePath(pathname, callback) {
		let collapsed = "";
		let start = 0;
		while (pathname.charCodeAt(start) === 47) start += 1;
		let nextIndex = pathname.indexOf("/", start);
		if (nextIndex === -1) return pathname.slice(start);
		while (nextIndex !== -1) {
			const segment = pathname.slice(start, nextIndex);
			if (callback === void 0 || callback(segment)) collapsed = collapsed + (collapsed.length === 0 ? "" : "/") + segment;
			start = nextIndex + 1;
			while (pathname.charCodeAt(start) === 47) start += 1;
			nextIndex = pathname.indexOf("/", start);
		}
		const lastSegment = pathname.slice(start);
		if (lastSegment.length !== 0 && (callback === void 0 || callback(lastSegment))) collapsed = collapsed + "/" + lastSegment;
		return collapsed;
	}
	function normalizeQualifiers(rawQualifiers) {
		let qualifiers;
		for (const { 0: key, 1: value } of qualifiersToEntries(rawQualifiers)) {
			const trimmed = (typeof value === "string" ? value : String(value)).trim();
			if (trimmed.length === 0) continue;
			if (qualifiers === void 0) qualifiers = { __proto__: null };
			qualifiers[key.toLowerCase()] = trimmed;
		}
		return qualifiers;
	}
	function normalizeSubpath(rawSubpath) {
		return typeof rawSubpath === "string" ? normalizePath(rawSubpath, subpathFilter) : void 0;
	}
	function normalizeType(rawType) {
		return typeof rawType === "string" ? rawType.trim().toLowerCase() : void 0;
	}
	function normalizeVersion(rawVersion) {
		return typeof rawVersion === "string" ? rawVersion.trim() : void 0;
	}
	function qualifiersToEntries(rawQualifiers) {
		if (isObject(rawQualifiers)) return rawQualifiers instanceof URLSearchParams ? rawQualifiers.entries() : Object.entries(rawQualifiers);
		return typeof rawQualifiers === "string" ? new URLSearchParams(rawQualifiers).entries() : Object.entries({});
	}
	function subpathFilter(segment) {
		const { length } = segment;
		if (length === 1 && segment.charCodeAt(0) === 46) return false;
		if (length === 2 && segment.charCodeAt(0) === 46 && segment.charCodeAt(1) === 46) return false;
		return !isBlank(segment);
	}
	module.exports = {
		normalizeName,
		normalizeNamespace,
		normalizePath,
		normalizeQualifiers,
		normalizeSubpath,
		normalizeType,
		normalizeVersion
	};
}));
// node_modules/packageurl-js/src/lang.js
var require_lang = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	function isNullishOrEmptyString(value) {
		return value === null || value === void 0 || typeof value === "string" && value.length === 0;
	}
	module.exports = { isNullishOrEmptyString };
}));
// node_modules/packageurl-js/src/validate.js
var require_validate = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { PurlError } = require_error();
	const { isNullishOrEmptyString } = require_lang();
	const { isNonEmptyString } = require_strings();
	function validateEmptyByType(type, name, value, throws) {
		if (!isNullishOrEmptyString(value)) {
			if (throws) throw new PurlError(`${type} "${name}" component must be empty`);
			return false;
		}
		return true;
	}
	function validateName(name, throws) {
		return validateRequired("name", name, throws) && validateStrings("name", name, throws);
	}
	function validateNamespace(namespace, throws) {
		return validateStrings("namespace", namespace, throws);
	}
	function validateQualifiers(qualifiers, throws) {
		if (qualifiers === null || qualifiers === void 0) return true;
		if (typeof qualifiers !== "object") {
			if (throws) throw new PurlError("\"qualifiers\" must be an object");
			return false;
		}
		const keysIterable = typeof qualifiers.keys === "function" ? qualifiers.keys() : Object.keys(qualifiers);
		for (const key of keysIterable) if (!validateQualifierKey(key, throws)) return false;
		return true;
	}
	function validateQualifierKey(key, throws) {
		if (!validateStartsWithoutNumber("qualifier", key, throws)) return false;
		for (let i = 0, { length } = key; i < length; i += 1) {
			const code = key.charCodeAt(i);
			if (!(code >= 48 && code <= 57 || code >= 65 && code <= 90 || code >= 97 && code <= 122 || code === 46 || code === 45 || code === 95)) {
				if (throws) throw new PurlError(`qualifier "${key}" contains an illegal character`);
				return false;
			}
		}
		return true;
	}
	function validateRequired(name, value, throws) {
		if (isNullishOrEmptyString(value)) {
			if (throws) throw new PurlError(`"${name}" is a required component`);
			return false;
		}
		return true;
	}
	function validateRequiredByType(type, name, value, throws) {
		if (isNullishOrEmptyString(value)) {
			if (throws) throw new PurlError(`${type} requires a "${name}" component`);
			return false;
		}
		return true;
	}
	function validateStartsWithoutNumber(name, value, throws) {
		if (isNonEmptyString(value)) {
			const code = value.charCodeAt(0);
			if (code >= 48 && code <= 57) {
				if (throws) throw new PurlError(`${name} "${value}" cannot start with a number`);
				return false;
			}
		}
		return true;
	}
	function validateStrings(name, value, throws) {
		if (value === null || value === void 0 || typeof value === "string") return true;
		if (throws) throw new PurlError(`"'${name}" must be a string`);
		return false;
	}
	function validateSubpath(subpath, throws) {
		return validateStrings("subpath", subpath, throws);
	}
	function validateType(type, throws) {
		if (!validateRequired("type", type, throws) || !validateStrings("type", type, throws) || !validateStartsWithoutNumber("type", type, throws)) return false;
		for (let i = 0, { length } = type; i < length; i += 1) {
			const code = type.charCodeAt(i);
			if (!(code >= 48 && code <= 57 || code >= 65 && code <= 90 || code >= 97 && code <= 122 || code === 46 || code === 43 || code === 45)) {
				if (throws) throw new PurlError(`type "${type}" contains an illegal character`);
				return false;
			}
		}
		return true;
	}
	function validateVersion(version, throws) {
		return validateStrings("version", version, throws);
	}
	module.exports = {
		validateEmptyByType,
		validateName,
		validateNamespace,
		validateQualifiers,
		validateQualifierKey,
		validateRequired,
		validateRequiredByType,
		validateStartsWithoutNumber,
		validateStrings,
		validateSubpath,
		validateType,
		validateVersion
	};
}));
// node_modules/packageurl-js/src/purl-component.js
var require_purl_component = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { encodeNamespace, encodeVersion, encodeQualifiers, encodeQualifierParam, encodeSubpath, encodeURIComponent } = require_encode();
	const { createHelpersNamespaceObject } = require_helpers();
	const { normalizeType, normalizeNamespace, normalizeName, normalizeVersion, normalizeQualifiers, normalizeSubpath } = require_normalize();
	const { localeCompare, isNonEmptyString } = require_strings();
	const { validateType, validateNamespace, validateName, validateVersion, validateQualifiers, validateQualifierKey, validateSubpath } = require_validate();
	const PurlComponentEncoder = (comp) => isNonEmptyString(comp) ? encodeURIComponent(comp) : "";
	const PurlComponentStringNormalizer = (comp) => typeof comp === "string" ? comp : void 0;
	const PurlComponentValidator = (_comp, _throws) => true;
	const componentSortOrderLookup = {
		__proto__: null,
		type: 0,
		namespace: 1,
		name: 2,
		version: 3,
		qualifiers: 4,
		qualifierKey: 5,
		qualifierValue: 6,
		subpath: 7
	};
	function componentSortOrder(comp) {
		return componentSortOrderLookup[comp] ?? comp;
	}
	function componentComparator(compA, compB) {
		return localeCompare(componentSortOrder(compA), componentSortOrder(compB));
	}
	module.exports = { PurlComponent: createHelpersNamespaceObject({
		encode: {
			namespace: encodeNamespace,
			version: encodeVersion,
			qualifiers: encodeQualifiers,
			qualifierKey: encodeQualifierParam,
			qualifierValue: encodeQualifierParam,
			subpath: encodeSubpath
		},
		normalize: {
			type: normalizeType,
			namespace: normalizeNamespace,
			name: normalizeName,
			version: normalizeVersion,
			qualifiers: normalizeQualifiers,
			subpath: normalizeSubpath
		},
		validate: {
			type: validateType,
			namespace: validateNamespace,
			name: validateName,
			version: validateVersion,
			qualifierKey: validateQualifierKey,
			qualifiers: validateQualifiers,
			subpath: validateSubpath
		}
	}, {
		comparator: componentComparator,
		encode: PurlComponentEncoder,
		normalize: PurlComponentStringNormalizer,
		validate: PurlComponentValidator
	}) };
}));
// node_modules/packageurl-js/src/purl-qualifier-names.js
var require_purl_qualifier_names = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = { PurlQualifierNames: {
		__proto__: null,
		RepositoryUrl: "repository_url",
		DownloadUrl: "download_url",
		VcsUrl: "vcs_url",
		FileName: "file_name",
		Checksum: "checksum"
	} };
}));
// node_modules/packageurl-js/src/purl-type.js
var require_purl_type = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { isNullishOrEmptyString } = require_lang();
	const { createHelpersNamespaceObject } = require_helpers();
	const { isSemverString, lowerName, lowerNamespace, lowerVersion, replaceDashesWithUnderscores, replaceUnderscoresWithDashes } = require_strings();
	const { validateEmptyByType, validateRequiredByType } = require_validate();
	const { PurlError } = require_error();
	const PurlTypNormalizer = (purl) => purl;
	const PurlTypeValidator = (_purl, _throws) => true;
	module.exports = { PurlType: createHelpersNamespaceObject({
		normalize: {
			alpm(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			apk(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			bitbucket(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			bitnami(purl) {
				lowerName(purl);
				return purl;
			},
			composer(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			deb(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			gitlab(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			github(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			hex(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			huggingface(purl) {
				lowerVersion(purl);
				return purl;
			},
			mlflow(purl) {
				if (purl.qualifiers?.repository_url?.includes("databricks")) lowerName(purl);
				return purl;
			},
			npm(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				return purl;
			},
			luarocks(purl) {
				lowerVersion(purl);
				return purl;
			},
			oci(purl) {
				lowerName(purl);
				return purl;
			},
			pub(purl) {
				lowerName(purl);
				purl.name = replaceDashesWithUnderscores(purl.name);
				return purl;
			},
			pypi(purl) {
				lowerNamespace(purl);
				lowerName(purl);
				purl.name = replaceUnderscoresWithDashes(purl.name);
				return purl;
			},
			qpkg(purl) {
				lowerNamespace(purl);
				return purl;
			},
			rpm(purl) {
				lowerNamespace(purl);
				return purl;
			}
		},
		validate: {
			conan(purl, throws) {
				if (isNullishOrEmptyString(purl.namespace)) {
					if (purl.qualifiers?.channel) {
						if (throws) throw new PurlError("conan requires a \"namespace\" component when a \"channel\" qualifier is present");
						return false;
					}
				} else if (isNullishOrEmptyString(purl.qualifiers)) {
					if (throws) throw new PurlError("conan requires a \"qualifiers\" component when a namespace is present");
					return false;
				}
				return true;
			},
			cran(purl, throws) {
				return validateRequiredByType("cran", "version", purl.version, throws);
			},
			golang(purl) {
				const { version } = purl;
				if ((typeof version === "string" ? version.length : 0) && version.charCodeAt(0) === 118 && !isSemverString(version.slice(1))) {
					if (throws) throw new PurlError("golang \"version\" component starting with a \"v\" must be followed by a valid semver version");
					return false;
				}
				return true;
			},
			maven(purl, throws) {
				return validateRequiredByType("maven", "namespace", purl.namespace, throws);
			},
			mlflow(purl, throws) {
				return validateEmptyByType("mlflow", "namespace", purl.namespace, throws);
			},
			oci(purl, throws) {
				return validateEmptyByType("oci", "namespace", purl.namespace, throws);
			},
			pub(purl, throws) {
				const { name } = purl;
				for (let i = 0, { length } = name; i < length; i += 1) {
					const code = name.charCodeAt(i);
					if (!(code >= 48 && code <= 57 || code >= 97 && code <= 122 || code === 95)) {
						if (throws) throw new PurlError("pub \"name\" component may only contain [a-z0-9_] characters");
						return false;
					}
				}
				return true;
			},
			swift(purl, throws) {
				return validateRequiredByType("swift", "namespace", purl.namespace, throws) && validateRequiredByType("swift", "version", purl.version, throws);
			}
		}
	}, {
		normalize: PurlTypNormalizer,
		validate: PurlTypeValidator
	}) };
}));
// node_modules/packageurl-js/src/package-url.js
/*!
Copyright (c) the purl authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
*/
var require_package_url = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { decodePurlComponent } = require_decode();
	const { isObject, recursiveFreeze } = require_objects();
	const { isBlank, isNonEmptyString, trimLeadingSlashes } = require_strings();
	const { PurlComponent } = require_purl_component();
	const { PurlQualifierNames } = require_purl_qualifier_names();
	const { PurlType } = require_purl_type();
	const { PurlError } = require_error();
	var PackageURL = class PackageURL {
		static Component = recursiveFreeze(PurlComponent);
		static KnownQualifierNames = recursiveFreeze(PurlQualifierNames);
		static Type = recursiveFreeze(PurlType);
		constructor(rawType, rawNamespace, rawName, rawVersion, rawQualifiers, rawSubpath) {
			const type = isNonEmptyString(rawType) ? PurlComponent.type.normalize(rawType) : rawType;
			PurlComponent.type.validate(type, true);
			const namespace = isNonEmptyString(rawNamespace) ? PurlComponent.namespace.normalize(rawNamespace) : rawNamespace;
			PurlComponent.namespace.validate(namespace, true);
			const name = isNonEmptyString(rawName) ? PurlComponent.name.normalize(rawName) : rawName;
			PurlComponent.name.validate(name, true);
			const version = isNonEmptyString(rawVersion) ? PurlComponent.version.normalize(rawVersion) : rawVersion;
			PurlComponent.version.validate(version, true);
			const qualifiers = typeof rawQualifiers === "string" || isObject(rawQualifiers) ? PurlComponent.qualifiers.normalize(rawQualifiers) : rawQualifiers;
			PurlComponent.qualifiers.validate(qualifiers, true);
			const subpath = isNonEmptyString(rawSubpath) ? PurlComponent.subpath.normalize(rawSubpath) : rawSubpath;
			PurlComponent.subpath.validate(subpath, true);
			this.type = type;
			this.name = name;
			this.namespace = namespace ?? void 0;
			this.version = version ?? void 0;
			this.qualifiers = qualifiers ?? void 0;
			this.subpath = subpath ?? void 0;
			const typeHelpers = PurlType[type];
			if (typeHelpers) {
				typeHelpers.normalize(this);
				typeHelpers.validate(this, true);
			}
		}
		toString() {
			const { namespace, name, version, qualifiers, subpath, type } = this;
			let purlStr = `pkg:${PurlComponent.type.encode(type)}/`;
			if (namespace) purlStr = `${purlStr}${PurlComponent.namespace.encode(namespace)}/`;
			purlStr = `${purlStr}${PurlComponent.name.encode(name)}`;
			if (version) purlStr = `${purlStr}@${PurlComponent.version.encode(version)}`;
			if (qualifiers) purlStr = `${purlStr}?${PurlComponent.qualifiers.encode(qualifiers)}`;
			if (subpath) purlStr = `${purlStr}#${PurlComponent.subpath.encode(subpath)}`;
			return purlStr;
		}
		static fromString(purlStr) {
			return new PackageURL(...PackageURL.parseString(purlStr));
		}
		static parseString(purlStr) {
			if (typeof purlStr !== "string") throw new Error("A purl string argument is required.");
			if (isBlank(purlStr)) return [
				void 0,
				void 0,
				void 0,
				void 0,
				void 0,
				void 0
			];
			const colonIndex = purlStr.indexOf(":");
			let url;
			let maybeUrlWithAuth;
			if (colonIndex !== -1) try {
				const beforeColon = purlStr.slice(0, colonIndex);
				const afterColon = purlStr.slice(colonIndex + 1);
				const trimmedAfterColon = trimLeadingSlashes(afterColon);
				url = new URL(`${beforeColon}:${trimmedAfterColon}`);
				maybeUrlWithAuth = afterColon.length === trimmedAfterColon.length ? url : new URL(purlStr);
			} catch (e) {
				throw new PurlError("failed to parse as URL", { cause: e });
			}
			if (url?.protocol !== "pkg:") throw new PurlError("missing required \"pkg\" scheme component");
			if (maybeUrlWithAuth.username !== "" || maybeUrlWithAuth.password !== "") throw new PurlError("cannot contain a \"user:pass@host:port\"");
			const { pathname } = url;
			const firstSlashIndex = pathname.indexOf("/");
			const rawType = decodePurlComponent("type", firstSlashIndex === -1 ? pathname : pathname.slice(0, firstSlashIndex));
			if (firstSlashIndex < 1) return [
				rawType,
				void 0,
				void 0,
				void 0,
				void 0,
				void 0
			];
			let rawVersion;
			let atSignIndex = pathname.lastIndexOf("@");
			if (atSignIndex !== -1 && pathname.charCodeAt(atSignIndex - 1) === 47) atSignIndex = -1;
			const beforeVersion = pathname.slice(rawType.length + 1, atSignIndex === -1 ? pathname.length : atSignIndex);
			if (atSignIndex !== -1) rawVersion = decodePurlComponent("version", pathname.slice(atSignIndex + 1));
			let rawNamespace;
			let rawName;
			const lastSlashIndex = beforeVersion.lastIndexOf("/");
			if (lastSlashIndex === -1) rawName = decodePurlComponent("name", beforeVersion);
			else {
				rawName = decodePurlComponent("name", beforeVersion.slice(lastSlashIndex + 1));
				rawNamespace = decodePurlComponent("namespace", beforeVersion.slice(0, lastSlashIndex));
			}
			let rawQualifiers;
			const { searchParams } = url;
			if (searchParams.size !== 0) {
				searchParams.forEach((value) => decodePurlComponent("qualifiers", value));
				rawQualifiers = searchParams;
			}
			let rawSubpath;
			const { hash } = url;
			if (hash.length !== 0) rawSubpath = decodePurlComponent("subpath", hash.slice(1));
			return [
				rawType,
				rawNamespace,
				rawName,
				rawVersion,
				rawQualifiers,
				rawSubpath
			];
		}
	};
	for (const staticProp of [
		"Component",
		"KnownQualifierNames",
		"Type"
	]) Reflect.defineProperty(PackageURL, staticProp, {
		...Reflect.getOwnPropertyDescriptor(PackageURL, staticProp),
		writable: false
	});
	Reflect.setPrototypeOf(PackageURL.prototype, null);
	module.exports = {
		PackageURL,
		PurlComponent,
		PurlQualifierNames,
		PurlType
	};
}));
/*!
Copyright (c) the purl authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
*/
// src/bag/sbom.ts
var import_packageurl_js = (/* @__PURE__ */ __commonJSMin(((exports, module) => {
	const { PackageURL, PurlComponent, PurlQualifierNames, PurlType } = require_package_url();
	module.exports = {
		PackageURL,
		PurlComponent,
		PurlQualifierNames,
		PurlType
	};
})))();
const PURL_TYPES = {
	dpkg: "deb",
	rpm: "rpm",
	apk: "apk",
	none: "generic"
};
/**
* sbom.cdx.json (CycloneDX 1.5, https://cyclonedx.org/docs/1.5/json/): the Immutable part. Versions are in the package URLs
* only, and the architecture is where it is not the system's own: a list of packages is most of a small bag.
*/
function sbom(manifest) {
	const { system, service, tool, created } = manifest;
	return {
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		metadata: {
			timestamp: created,
			tools: { components: [{
				type: "application",
				name: tool.name,
				version: tool.version
			}] },
			component: {
				type: "container",
				name: service.name
			}
		},
		components: [{
			type: "operating-system",
			name: system.os.id,
			version: system.os.versionId
		}, ...system.packages.filter((one) => one.status !== "config-files").map((one) => ({
			type: "library",
			name: one.name,
			purl: packageUrl(one, system)
		}))]
	};
}
function packageUrl(one, { packageManager, os, architecture }) {
	const qualifiers = one.architecture === architecture || one.architecture === "all" ? void 0 : { arch: one.architecture };
	return new import_packageurl_js.PackageURL(PURL_TYPES[packageManager], os.id || void 0, one.name, one.version, qualifiers).toString();
}
// src/bag/stable-json.ts
/** JSON without blanks, the keys of every object sorted: equal values give equal bytes. */
function stableJson(value) {
	return JSON.stringify(value, (_, part) => typeof part === "object" && part !== null && !Array.isArray(part) ? sortKeys(part) : part);
}
function sortKeys(object) {
	return Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
}
// src/bag/describe-bag.ts
/**
* The files that tell others what a bag is: README.md for a person, ro-crate-metadata.json for a repository, sbom.cdx.json for a scanner.
* `files` is what the bag holds so far. Returns path -> text.
*/
function describeBag(manifest, files) {
	return /* @__PURE__ */ new Map([
		["README.md", readmeText(manifest, files)],
		["ro-crate-metadata.json", `${stableJson(roCrate(manifest, files))}\n`],
		["sbom.cdx.json", `${stableJson(sbom(manifest))}\n`]
	]);
}
// src/bag/fixity.ts
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const NEEDED = [
	"bagit.txt",
	"bag-info.txt",
	"manifest-sha256.txt",
	TAG_MANIFEST,
	"data/manifest.json"
];
const MOST_NAMED = 100;
/**
* Reads every file of a bag folder and holds it against BagIt's manifests: missing, extra and changed files, things
* that are no plain files, and the count and bytes in bag-info.txt. Collects; throws nothing for a bad bag.
*/
async function checkFixity(dir) {
	const problems = [];
	const present = await listFiles(dir, problems);
	for (const name of NEEDED) if (!present.includes(name)) problems.push(missing(name));
	const stated = await statedDigests(dir, present, problems);
	const found = /* @__PURE__ */ new Map();
	for (const path of present) {
		const fixity = await fileFixity(join(dir, path));
		found.set(path, fixity);
		const digest = stated.get(path);
		if (digest === void 0 && path !== TAG_MANIFEST) problems.push({
			code: "bag-invalid",
			text: `extra file ${show(path)}`
		});
		else if (digest !== void 0 && digest !== fixity.sha256) problems.push({
			code: "digest-mismatch",
			text: `changed file ${show(path)}: its sha256 is not the recorded one`
		});
	}
	for (const path of stated.keys()) if (!found.has(path) && !NEEDED.includes(path)) problems.push(missing(path));
	if (found.has("bag-info.txt")) problems.push(...await checkOxum(dir, found));
	return {
		files: found.size,
		bytes: [...found.values()].reduce((sum, file) => sum + file.bytes, 0),
		problems
	};
}
/** Throws one error that names every problem (the first hundred) when there is any. */
function throwProblems(name, { problems }) {
	if (problems.length === 0) return;
	const lines = problems.slice(0, MOST_NAMED).map((problem) => `  ${problem.text}`);
	if (problems.length > MOST_NAMED) lines.push(`  and ${problems.length - MOST_NAMED} more`);
	const code = ["bag-truncated", "digest-mismatch"].find((each) => problems.some(({ code }) => code === each));
	throw new PerennialError(code ?? "bag-invalid", `${name} is not a sound bag:\n${lines.join("\n")}`, { hint: "Fetch the bag again from where it is kept, or take another copy; do not restore from this one." });
}
/** A path that is safe to print. */
function show(path) {
	return printable(path);
}
async function listFiles(dir, problems) {
	const files = [];
	const pending = [""];
	for (let folder = pending.pop(); folder !== void 0; folder = pending.pop()) for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
		const path = folder ? `${folder}/${entry.name}` : entry.name;
		if (entry.isDirectory()) pending.push(path);
		else if (entry.isFile()) files.push(path);
		else problems.push({
			code: "bag-invalid",
			text: `${show(path)} is neither a plain file nor a folder`
		});
	}
	return files.sort();
}
/** Both manifests together: path -> digest. */
async function statedDigests(dir, present, problems) {
	const stated = /* @__PURE__ */ new Map();
	for (const name of ["manifest-sha256.txt", TAG_MANIFEST]) {
		if (!present.includes(name)) continue;
		try {
			const digests = parseDigests(await readFile(join(dir, name), "utf8"), name);
			for (const [path, digest] of digests) if (path.startsWith("data/") === (name !== TAG_MANIFEST)) stated.set(path, digest);
			else problems.push({
				code: "bag-invalid",
				text: `${name} lists ${show(path)}, which is not its to list`
			});
		} catch (error) {
			if (!(error instanceof PerennialError)) throw error;
			problems.push({
				code: "bag-invalid",
				text: error.message
			});
		}
	}
	return stated;
}
async function checkOxum(dir, found) {
	const stated = parseBagInfo(await readFile(join(dir, "bag-info.txt"), "utf8"))["Payload-Oxum"];
	const actual = payloadOxum(found);
	if (stated === void 0 || stated === actual) return [];
	const [bytes, files] = actual.split(".");
	const [statedBytes, statedFiles] = stated.split(".");
	const fewer = files === statedFiles && Number(bytes) < Number(statedBytes);
	const text = `data/ holds ${actual} (bytes.files), bag-info.txt says ${printable(stated)}`;
	return [{
		code: fewer ? "bag-truncated" : "bag-invalid",
		text
	}];
}
async function fileFixity(path) {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path, { highWaterMark: 1048576 })) {
		interruption.check();
		hash.update(chunk);
	}
	return {
		sha256: hash.digest("hex"),
		bytes: (await stat(path)).size
	};
}
function missing(path) {
	return {
		code: "bag-invalid",
		text: `missing file ${show(path)}`
	};
}
// src/bag/zstd-frames.ts
const compress = promisify(zstdCompress);
/** Content bytes of one frame. Frames are independent, so several are compressed at once by Node's threads. */
const FRAME_BYTES = 4194304;
const FRAMES_IN_FLIGHT = 3;
const LEVEL = 3;
/** Content that is small as a whole costs no time at the best level. */
const SMALL_BYTES = 524288;
const SMALL_LEVEL = 19;
/**
* Compresses what is written into independent zstd frames (RFC 8878), which any zstd program reads as one stream.
* (Node's own `ZSTD_c_nbWorkers` breaks streams: nodejs/node#59899.) The same bytes give the same frames, however they
* were cut into chunks. `sink` gets the frames in order and may push back by its promise.
*/
var FrameWriter = class {
	#sink;
	#chunks = [];
	#filled = 0;
	#frames = 0;
	#inFlight = [];
	constructor(sink) {
		this.#sink = sink;
	}
	/** Takes a chunk over: it must not be changed afterwards. */
	async write(chunk) {
		for (let at = 0; at < chunk.length;) {
			const piece = chunk.subarray(at, at + FRAME_BYTES - this.#filled);
			this.#chunks.push(piece);
			this.#filled += piece.length;
			at += piece.length;
			if (this.#filled === 4194304) await this.#endFrame(LEVEL);
		}
	}
	/** Writes what is left. Empty content is one empty frame. */
	async end() {
		const small = this.#frames === 0 && this.#filled <= SMALL_BYTES;
		if (this.#filled > 0 || this.#frames === 0) await this.#endFrame(small ? SMALL_LEVEL : LEVEL);
		while (this.#inFlight.length > 0) await this.#sink(await this.#inFlight.shift());
	}
	async #endFrame(level) {
		const content = Buffer.concat(this.#chunks, this.#filled);
		const params = {
			[constants$1.ZSTD_c_compressionLevel]: level,
			[constants$1.ZSTD_c_checksumFlag]: 1
		};
		this.#inFlight.push(compress(content, {
			params,
			chunkSize: outputRoom(content.length)
		}));
		this.#chunks = [];
		this.#filled = 0;
		this.#frames++;
		if (this.#inFlight.length >= FRAMES_IN_FLIGHT) await this.#sink(await this.#inFlight.shift());
	}
};
/** Room for an incompressible frame: with Node's default of 16 KiB every chunk goes round through the main thread. */
function outputRoom(length) {
	return length + Math.ceil(length / 256) + 64;
}
// src/bag/zstd-reader.ts
const MAGIC = 4247762216;
const SKIPPABLE_MAGIC = 407710288;
const OUTPUT_CHUNK = 262144;
/**
* The content of a zstd stream of any number of frames, by whatever program it was written. Node's decompressor stops
* silently after the first frame and ignores what follows it, so the frames are told apart here (RFC 8878, section 3.1).
* `name` is used in error messages. Throws `bag-truncated` on an early end, `bag-invalid` on damage.
*/
async function* decompressFrames(source, name) {
	const bytes = new ByteSource(source, name);
	try {
		for (let magic = await bytes.take(4); magic; magic = await bytes.find(4)) {
			const number = magic.readUInt32LE();
			if ((number & 4294967280) >>> 0 === SKIPPABLE_MAGIC) await bytes.skip((await bytes.take(4)).readUInt32LE());
			else if (number === MAGIC) yield* decompressFrame(readFrame(bytes, magic, name), name);
			else throw damaged(name);
		}
	} finally {
		await bytes.close();
	}
}
async function* decompressFrame(frame, name) {
	const decoder = createZstdDecompress({ chunkSize: OUTPUT_CHUNK });
	pipeline(Readable.from(frame), decoder, () => {});
	try {
		for await (const chunk of decoder) {
			interruption.check();
			yield chunk;
		}
	} catch (cause) {
		throw cause instanceof PerennialError ? cause : damaged(name, cause);
	} finally {
		decoder.destroy();
	}
}
/** The raw bytes of exactly one frame. */
async function* readFrame(bytes, magic, name) {
	const descriptor = await bytes.take(1);
	const flags = descriptor[0];
	yield Buffer.concat([
		magic,
		descriptor,
		await bytes.take(frameHeaderRest(flags))
	]);
	for (let last = false; !last;) {
		const header = await bytes.take(3);
		const bits = header.readUIntLE(0, 3);
		last = (bits & 1) === 1;
		const type = bits >> 1 & 3;
		if (type === 3) throw damaged(name);
		yield header;
		for (let left = type === 1 ? 1 : bits >> 3; left > 0;) {
			const piece = await bytes.some(left);
			left -= piece.length;
			yield piece;
		}
	}
	if (flags & 4) yield await bytes.take(4);
}
/** Bytes of a frame header after its descriptor: window, dictionary id, content size. */
function frameHeaderRest(flags) {
	const singleSegment = flags >> 5 & 1;
	const sizeFlag = flags >> 6;
	const size = sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
	return (singleSegment ? 0 : 1) + [
		0,
		1,
		2,
		4
	][flags & 3] + size;
}
function damaged(name, cause) {
	return new PerennialError("bag-invalid", `${name} is damaged: it does not decompress`, {
		hint: "Fetch the bag again from where it is kept; `perennial verify` names every damaged file.",
		cause
	});
}
// src/bag/index-file.ts
/** One line: a path of 4096 bytes, its attributes and a reason, with room for large xattrs and capabilities. */
const LONGEST_LINE = 4194304;
/** Lines are gathered into chunks of about this many characters before they are compressed. */
const CHUNK = 65536;
const naturalNumber = pipe(number(), safeInteger(), minValue(0));
const absolutePath = pipe(string(), check((path) => isPlainAbsolute(path), "is not a plain absolute path"));
const schema = object({
	path: absolutePath,
	kind: picklist([
		"file",
		"directory",
		"symlink",
		"fifo",
		"socket",
		"char",
		"block"
	]),
	mode: pipe(string(), regex(/^[0-7]{3,6}$/)),
	uid: naturalNumber,
	gid: naturalNumber,
	user: string(),
	group: string(),
	size: naturalNumber,
	mtime: pipe(string(), regex(/^(-?\d+(\.\d*)?)?$/)),
	sha256: exactOptional(pipe(string(), regex(/^[0-9a-f]{64}$/))),
	target: exactOptional(string()),
	dangling: exactOptional(literal(true)),
	hardlink: exactOptional(absolutePath),
	xattrs: exactOptional(record(string(), string())),
	aclAccess: exactOptional(string()),
	aclDefault: exactOptional(string()),
	disposition: picklist([
		"keep",
		"attributes",
		"record",
		"delete",
		"leave",
		"parent"
	]),
	rule: string(),
	why: string(),
	package: exactOptional(string()),
	origin: picklist(["image", "operation"]),
	seenBy: exactOptional(array(string()))
});
/** Order of the bytes of two paths (byte-text.ts): what `LC_ALL=C sort` gives. Negative, zero or positive. */
function comparePaths(a, b) {
	const length = Math.min(a.length, b.length);
	for (let at = 0; at < length; at++) {
		const x = a.charCodeAt(at);
		const y = b.charCodeAt(at);
		if (x === y) continue;
		return x < 55296 && y < 55296 ? x - y : Buffer.compare(encodeBytes(a), encodeBytes(b));
	}
	return a.length - b.length;
}
/** A copy in the order that writeIndex wants. */
function sortEntries(entries) {
	return entries.toSorted((a, b) => comparePaths(a.path, b.path));
}
/**
* files.ndjson.zst: one entry a line, in frames. `sink` gets the compressed bytes. Returns the number of entries.
* Entries that are not strictly ascending by comparePaths are a TypeError: a reader relies on the order.
*/
async function writeIndex(entries, sink) {
	const frames = new FrameWriter(sink);
	let count = 0;
	let lines = "";
	let last;
	for await (const entry of entries) {
		if (last !== void 0 && comparePaths(last, entry.path) >= 0) throw new TypeError(`index entries are out of order: ${JSON.stringify(entry.path)} after ${JSON.stringify(last)}`);
		last = entry.path;
		lines += `${JSON.stringify(entry)}\n`;
		count++;
		if (lines.length < CHUNK) continue;
		await frames.write(Buffer.from(lines));
		lines = "";
	}
	await frames.write(Buffer.from(lines));
	await frames.end();
	return count;
}
/** The inverse of writeIndex, one entry at a time. Throws `bag-invalid` with the line's number, `bag-truncated`. */
async function* readIndex(source, name) {
	let line = 0;
	for await (const text of readLines(decompressFrames(source, name), name)) yield parseEntry(text, `${name}, line ${++line}`);
}
async function* readLines(chunks, name) {
	let rest = [];
	let held = 0;
	for await (const chunk of chunks) {
		let from = 0;
		for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
			const piece = chunk.subarray(from, end);
			yield (rest.length > 0 ? Buffer.concat([...rest, piece]) : piece).toString("utf8");
			rest = [];
			held = 0;
			from = end + 1;
		}
		if (from < chunk.length) rest.push(chunk.subarray(from));
		held += chunk.length - from;
		if (held > LONGEST_LINE) throw invalidEntry(name, "a line is longer than any entry");
	}
	if (held > 0) throw new PerennialError("bag-truncated", `${name} ends in the middle of a line`);
}
function parseEntry(line, where) {
	let value;
	try {
		value = JSON.parse(line);
	} catch {
		throw invalidEntry(where, "not JSON");
	}
	const result = safeParse(schema, value);
	if (!result.success) {
		const issue = result.issues[0];
		throw invalidEntry(where, `${getDotPath(issue) ?? "the entry"}: ${issue.message}`);
	}
	return result.output;
}
function invalidEntry(where, what) {
	return new PerennialError("bag-invalid", `${where}: ${what}`, { hint: "The index of the bag is damaged; `perennial verify` checks the whole bag." });
}
/** Absolute, without NUL, empty, `.` or `..` parts: safe to lay over a root directory. */
function isPlainAbsolute(path) {
	return path === "/" || /^(\/[^/\0]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path);
}
// src/bag/manifest-schema.ts
const text = string();
const texts = array(text);
const count = pipe(number(), safeInteger(), minValue(0));
const textMap = record(text, text);
const os = object({
	id: text,
	idLike: texts,
	versionId: text,
	codename: text,
	prettyName: text
});
/** The defaults are what formatManifest leaves out; what depends on the system is filled in below. */
const installedPackage = object({
	name: text,
	version: text,
	architecture: optional(text),
	source: optional(text),
	manual: optional(boolean(), false),
	status: optional(picklist([
		"installed",
		"config-files",
		"half-installed",
		"hold"
	]), "installed"),
	provides: optional(texts, []),
	conffiles: optional(textMap, {}),
	local: exactOptional(boolean()),
	priority: exactOptional(text)
});
const alternative = object({
	name: text,
	link: text,
	mode: picklist(["auto", "manual"]),
	value: text,
	choices: array(object({
		path: text,
		priority: number(),
		slaves: array(object({
			name: text,
			link: text,
			path: text
		}))
	}))
});
const overrides = object({
	statoverrides: array(object({
		user: text,
		group: text,
		mode: text,
		path: text
	})),
	diversions: array(object({
		path: text,
		divertedTo: text,
		package: text
	})),
	alternatives: array(alternative),
	holds: texts
});
const system = pipe(object({
	os,
	architecture: text,
	packageManager: picklist([
		"dpkg",
		"rpm",
		"apk",
		"none"
	]),
	packages: array(installedPackage),
	overrides,
	extraRepositories: texts,
	installHistory: texts,
	removed: optional(texts, [])
}), transform((facts) => ({
	...facts,
	packages: facts.packages.map((one) => ({
		...one,
		architecture: one.architecture ?? facts.architecture,
		source: one.source ?? one.name
	}))
})));
const mount = object({
	type: picklist([
		"volume",
		"bind",
		"tmpfs",
		"other"
	]),
	source: text,
	destination: text,
	writable: boolean(),
	anonymous: boolean()
});
const run = object({
	hostname: text,
	user: text,
	workdir: text,
	entrypoint: texts,
	command: texts,
	env: textMap,
	exposed: texts,
	published: array(object({
		container: text,
		hostIp: text,
		hostPort: text
	})),
	mounts: array(mount),
	capAdd: texts,
	capDrop: texts,
	privileged: boolean(),
	networkMode: text,
	extraHosts: texts,
	dns: texts,
	labels: textMap,
	stopSignal: text,
	restartPolicy: text,
	init: boolean(),
	tty: boolean(),
	shmSize: number(),
	ulimits: array(object({
		name: text,
		soft: number(),
		hard: number()
	})),
	sysctls: textMap,
	devices: texts,
	readOnly: boolean()
});
const image = object({
	id: text,
	tags: texts,
	digests: texts,
	created: text,
	size: count,
	architecture: text,
	entrypoint: texts,
	command: texts,
	env: textMap,
	user: text,
	workdir: text,
	volumes: texts,
	exposed: texts,
	labels: textMap
});
const service = object({
	name: text,
	recognised: texts,
	start: text,
	run,
	image: nullable(image),
	processes: array(object({
		pid: count,
		user: text,
		program: text,
		argv: texts,
		package: text
	})),
	sockets: array(object({
		protocol: picklist(["tcp", "udp"]),
		address: text,
		port: count,
		program: text
	}))
});
const counts = object({
	paths: count,
	kept: count,
	keptBytes: count,
	deleted: count,
	rules: record(text, object({
		paths: count,
		bytes: count,
		kept: boolean()
	}))
});
/** Shape of data/manifest.json, schema 1. Unknown keys are dropped. */
const manifestSchema = object({
	schema: count,
	tool: object({
		name: literal("perennial"),
		version: text
	}),
	created: text,
	service,
	system,
	rebuild: nullable(object({
		dockerfile: text,
		context: text,
		buildArgs: textMap
	})),
	dumps: array(object({
		file: text,
		service: text,
		export: text,
		bytes: count
	})),
	pristine: array(object({
		path: text,
		file: text,
		source: picklist(["image", "package"])
	})),
	mounts: array(object({
		destination: text,
		kept: boolean(),
		why: text
	})),
	counts,
	timings: object({
		detect: number(),
		total: number()
	}),
	notes: texts
});
// src/bag/manifest-file.ts
/**
* data/manifest.json: compact, keys sorted, a line for each top-level key. Package fields that say the usual are left
* out, since a list of packages is most of a small bag; parseManifest puts them back.
*/
function formatManifest(manifest) {
	const { system } = manifest;
	const packages = system.packages.map((one) => compactPackage(one, system));
	const compact = {
		...manifest,
		system: {
			...system,
			packages
		}
	};
	return `{${Object.keys(compact).filter((key) => compact[key] !== void 0).toSorted().map((key) => `${JSON.stringify(key)}:${stableJson(compact[key])}`).join(",\n")}}\n`;
}
function compactPackage(one, system) {
	const compact = { ...one };
	if (one.architecture === system.architecture) delete compact.architecture;
	if (one.source === one.name) delete compact.source;
	if (one.status === "installed") delete compact.status;
	if (one.priority === "optional" && system.packageManager === "dpkg") delete compact.priority;
	if (!one.manual) delete compact.manual;
	if (one.provides.length === 0) delete compact.provides;
	if (Object.keys(one.conffiles).length === 0) delete compact.conffiles;
	return compact;
}
/**
* Reads data/manifest.json; keys that are not known are passed over. `name` is used in messages.
* Throws `bag-newer` for a schema after BAG_SCHEMA, `bag-invalid` for anything that is not a manifest.
*/
function parseManifest(text, name = "data/manifest.json") {
	const value = parseJson$1(text, name);
	const number$1 = safeParse(object({ schema: pipe(number(), safeInteger(), minValue(1)) }), value);
	if (!number$1.success) throw invalidManifest(name, "it has no schema number");
	if (number$1.output.schema > 1) throw new PerennialError("bag-newer", `${name}: the bag has schema ${number$1.output.schema}, this Perennial reads up to 1`, { hint: "Use a newer Perennial, or restore with the bag’s own restore.sh, which needs Docker only." });
	const result = safeParse(manifestSchema, value);
	if (result.success) return result.output;
	const issue = result.issues[0];
	throw invalidManifest(name, `${getDotPath(issue) ?? "the document"}: ${issue.message}`);
}
function parseJson$1(text, name) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw invalidManifest(name, "it is not JSON", cause);
	}
}
function invalidManifest(name, what, cause) {
	return new PerennialError("bag-invalid", `${name} is not a manifest of a Perennial bag: ${what}`, {
		hint: "Check the bag with `perennial verify`, or fetch it again from where it is kept.",
		cause
	});
}
// src/bag/payload-file.ts
/**
* Compresses a tar stream byte for byte into `sink`, reading its members on the way. Throws `bag-truncated` when the
* stream ends early and `bag-invalid` when it is no tar.
*/
async function writePayload(tar, sink, onMember) {
	const frames = new FrameWriter(sink);
	for await (const member of readTar(tee(tar, frames), "the payload’s tar stream")) {
		const { sparse: _, ...header } = member.header;
		await onMember(header.kind === "file" ? {
			header,
			sha256: await contentSha256(member)
		} : { header });
	}
	await frames.end();
}
async function* tee(source, frames) {
	for await (const chunk of source) {
		await frames.write(chunk);
		yield chunk;
	}
}
// src/bag/write-bag.ts
const PAYLOAD = "data/payload.tar.zst";
const INDEX = "data/files.ndjson.zst";
const MANIFEST = "data/manifest.json";
/**
* Starts a bag at `outDir`, whose parents are made. Throws `output-exists` when something is there already, other than an empty folder; with
* `force` another bag is replaced at the end. Throws `store-failed` when the place cannot be written.
*/
async function createBag(outDir, options = {}) {
	const out = resolve(outDir);
	await checkPlace(out, options.force ?? false);
	const partial = `${out}.partial-${process.pid}`;
	await orStoreFailed(partial, async () => {
		await mkdir(dirname(out), { recursive: true });
		await rm(partial, {
			recursive: true,
			force: true
		});
		await mkdir(partial, { mode: 448 });
	});
	return new DirectoryBagWriter(out, partial);
}
async function checkPlace(out, force) {
	const found = await lstat(out).catch(() => void 0);
	if (!found) return;
	const names = found.isDirectory() ? await readdir(out) : void 0;
	if (names?.length === 0 || force && names?.includes("bagit.txt")) return;
	throw new PerennialError("output-exists", `${out} exists already`, { hint: force ? "Only a bag is replaced: name another folder." : "Name another folder, or remove this one first." });
}
var DirectoryBagWriter = class {
	partialDir;
	#out;
	#files = /* @__PURE__ */ new Map();
	constructor(out, partial) {
		this.#out = out;
		this.partialDir = partial;
	}
	async addPayload(tar, onMember) {
		const members = [];
		const take = onMember ?? ((member) => void members.push(member));
		await this.#write(PAYLOAD, (sink) => writePayload(tar, sink, take));
		return members;
	}
	async addFile(path, content, options = {}) {
		const chunks = typeof content === "string" || Buffer.isBuffer(content) ? [Buffer.from(content)] : content;
		const produce = async (sink) => {
			for await (const chunk of chunks) await sink(chunk);
		};
		return (await this.#write(path, produce, options.mode)).bytes;
	}
	async finish(manifest, index, info = {}) {
		const entries = Array.isArray(index) ? sortEntries(index) : index;
		if (!this.#files.has("data/payload.tar.zst")) await this.addPayload(Readable.from([endOfTar]));
		await this.addFile(MANIFEST, formatManifest(manifest));
		await this.#write(INDEX, (sink) => writeIndex(entries, sink));
		const described = describeBag(manifest, this.#files);
		for (const [path, text] of described) if (!this.#files.has(path)) await this.addFile(path, text);
		await this.#writeTagFiles(manifest, info);
		throwProblems(this.#out, await checkFixity(this.partialDir));
		await this.#takePlace();
		return this.#out;
	}
	async abort() {
		await rm(this.partialDir, {
			recursive: true,
			force: true
		});
	}
	async #write(path, produce, mode = 420) {
		if (!isBagPath(path)) throw new PerennialError("bad-input", `A bag cannot hold a file named ${JSON.stringify(path)}`, { hint: "Names in a bag are UTF-8 without backslashes: rename the file or leave it out." });
		const fixity = await writeDurably(join(this.partialDir, path), mode, produce);
		this.#files.set(path, fixity);
		return fixity;
	}
	async #writeTagFiles(manifest, info) {
		const payload = new Map([...this.#files].filter(([path]) => path.startsWith("data/")));
		await this.addFile("bagit.txt", BAGIT_TXT);
		await this.addFile("bag-info.txt", formatBagInfo({
			...bagInfo(manifest),
			...info,
			"Payload-Oxum": payloadOxum(payload)
		}));
		await this.addFile("manifest-sha256.txt", formatDigests(payload));
		const tags = new Map([...this.#files].filter(([path]) => !path.startsWith("data/")));
		await this.addFile("tagmanifest-sha256.txt", formatDigests(tags));
	}
	/** One rename: the bag is there completely or not at all. */
	async #takePlace() {
		const old = `${this.#out}.replaced-${process.pid}`;
		await orStoreFailed(this.#out, async () => {
			const replaces = (await readdir(this.#out).catch(() => [])).length > 0;
			if (replaces) await rename(this.#out, old);
			await syncDirectory(this.partialDir);
			await rename(this.partialDir, this.#out);
			await syncDirectory(dirname(this.#out));
			if (replaces) await rm(old, {
				recursive: true,
				force: true
			});
		});
	}
};
function bagInfo(manifest) {
	const { service, system, tool, created } = manifest;
	return {
		"Bagging-Date": created.slice(0, 10),
		"Bag-Software-Agent": `${tool.name} ${tool.version}`,
		"External-Description": `Mutable data of the service ${service.name}, which ran on ${system.os.prettyName}`
	};
}
// src/knowledge/read-rules.ts
var import_dist = require_dist();
const globs$1 = array(pipe(string(), startsWith("/", "a glob is an absolute path")));
const ruleSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	action: optional(picklist(["leave", "record"]), "leave"),
	reason: pipe(string(), minLength(10)),
	source: pipe(string(), minLength(5)),
	paths: pipe(globs$1, minLength(1)),
	except: optional(globs$1, []),
	targets: optional(globs$1, []),
	kinds: optional(array(picklist([
		"file",
		"directory",
		"symlink",
		"fifo",
		"socket",
		"char",
		"block"
	])), []),
	remake: optional(strictObject({
		run: string(),
		from: pipe(globs$1, minLength(1))
	})),
	examples: object({
		matches: pipe(array(string()), minLength(1)),
		not: pipe(array(string()), minLength(1))
	})
});
const fileSchema = array(ruleSchema);
/** Folder of the knowledge base that ships with the program; src/ and dist/ are both one level below the root. */
function knowledgeFolder() {
	return new URL(import.meta.url.includes("/dist/") ? "../knowledge" : "../../knowledge", import.meta.url).pathname;
}
/**
* Classification rules of knowledge/rules/*.yml, in the order of the file names and of the entries in each.
* The id of a rule in reports is `<file>/<id>`.
*/
async function readRules(folder = knowledgeFolder()) {
	const directory = join(folder, "rules");
	const rules = [];
	for (const file of (await readdir(directory)).filter((name) => name.endsWith(".yml")).sort()) {
		const parsed = safeParse(fileSchema, (0, import_dist.parse)(await readFile(join(directory, file), "utf8")));
		if (!parsed.success) {
			const issue = parsed.issues[0];
			throw new PerennialError("config-invalid", `rules/${file}: ${getDotPath(issue) ?? ""} ${issue.message}`);
		}
		for (const rule of parsed.output) rules.push(compileRule({
			...rule,
			id: `${file.slice(0, -4)}/${rule.id}`
		}));
	}
	return rules;
}
// src/knowledge/service.ts
const globs = array(string());
const shell = pipe(string(), minLength(1));
/** A logical export: only the old program can write it, so it is taken at decommission. */
const exportSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	why: string(),
	source: string(),
	/** Exit 0 when the export can and should be taken now. */
	when: optional(shell),
	/** Writes the export to stdout. */
	run: shell,
	user: optional(string()),
	file: pipe(string(), regex(/^[A-Za-z0-9._-]+$/)),
	/** Raw data that the export replaces: globs, and a program that prints more of them, one a line. */
	replaces: optional(globs, []),
	replacesFrom: optional(shell),
	/** Loads the export from stdin into the new program; may be run again. */
	load: shell,
	loadUser: optional(string())
});
/** What a running program holds in memory is written to its files before they are read. */
const flushSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	why: string(),
	source: string(),
	/** Exit 0 when the program runs and holds something. */
	when: optional(shell),
	/** Returns when all of it is written; a failure is said, and the archive goes on. */
	run: shell,
	user: optional(string())
});
/** A difference between versions and what mends it. Versions are those of `package`. */
const differenceSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	why: string(),
	source: string(),
	/** Only when this old package (glob) was there; any recognised one when empty. */
	package: optional(string()),
	/** Version bounds (dpkg order): the old version is `before`, the new one is `from` or later. */
	before: optional(string()),
	from: optional(string()),
	/** Renames for package resolution: old name -> new name. */
	renamePackage: optional(record(string(), string())),
	addPackages: optional(globs),
	/** Old path (prefix) -> new path. */
	move: optional(record(string(), string())),
	/** In files (globs, new places): regular expression -> replacement, line by line. */
	rewrite: optional(array(strictObject({
		files: globs,
		pattern: string(),
		replace: string()
	}))),
	/** Paths that are not restored. */
	skip: optional(globs),
	/** Run in the new container: before the state is put back, after it, or after the exports were loaded. */
	run: optional(strictObject({
		at: picklist([
			"before-state",
			"after-state",
			"after-load"
		]),
		script: shell,
		user: optional(string())
	})),
	/** Said in the report. */
	warn: optional(string()),
	example: string()
});
/** The service's own checker, and how to mend what it refuses. */
const checkSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	source: string(),
	/** Before the exports are loaded (default), or after. */
	at: optional(picklist(["before-load", "after-load"]), "before-load"),
	/** Exit 0 when the program of the check is there. */
	when: optional(shell),
	run: shell,
	user: optional(string()),
	/** The output is fine when it exits 0 and no line matches this. */
	bad: optional(string()),
	/** Mends: a pattern with named groups file, line or directive, tried on each line of the output. */
	mends: optional(array(strictObject({
		pattern: string(),
		/** `drop-statement`: `directive ...;` goes, whatever else stands in its line (BIND, and what reads like it). */
		action: picklist([
			"comment-line",
			"comment-directive",
			"drop-statement",
			"keep-edited",
			"replace-line"
		]),
		replace: optional(string()),
		why: string(),
		files: optional(globs)
	})), [])
});
const serviceSchema = strictObject({
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	title: string(),
	recognise: strictObject({
		packages: optional(globs, []),
		processes: optional(globs, []),
		files: optional(globs, [])
	}),
	/** Says what the effective settings are (`testparm -s`), recorded at decommission. */
	settings: optional(array(strictObject({
		id: string(),
		run: shell,
		user: optional(string())
	})), []),
	flush: optional(array(flushSchema), []),
	exports: optional(array(exportSchema), []),
	differences: optional(array(differenceSchema), []),
	checks: optional(array(checkSchema), [])
});
// src/knowledge/read-services.ts
/**
* Entries of knowledge/services/*.yml, and of further folders of the same shape (a repository's own), by id.
* A later folder replaces an entry of the same id.
* @throws PerennialError `config-invalid` naming file and field
*/
async function readServices(folders = [knowledgeFolder()]) {
	const services = /* @__PURE__ */ new Map();
	for (const folder of folders) {
		const directory = join(folder, "services");
		for (const file of (await readdir(directory)).filter((name) => name.endsWith(".yml")).sort()) {
			const service = parseService(await readFile(join(directory, file), "utf8"), file);
			services.set(service.id, service);
		}
	}
	return [...services.values()];
}
/** Parses one entry; its id has to be the name of its file. */
function parseService(text, file) {
	const parsed = safeParse(serviceSchema, (0, import_dist.parse)(text));
	if (!parsed.success) {
		const issue = parsed.issues[0];
		throw new PerennialError("config-invalid", `services/${file}: ${getDotPath(issue) ?? ""}: ${issue.message}`);
	}
	if (`${parsed.output.id}.yml` !== file) throw new PerennialError("config-invalid", `services/${file}: the id is "${parsed.output.id}", it has to be the file's name`);
	return parsed.output;
}
/** Services that a system runs, by any of its packages, programs or files. */
function recogniseServices(services, system) {
	return services.filter(({ recognise }) => {
		const packages = compileGlobs(recognise.packages);
		return system.packages.some(packages) || recognise.processes.some((name) => system.programs.includes(name)) || recognise.files.some(system.hasFile);
	});
}
// src/smoke/golden-file.ts
/** Version of answers.json. */
const SCHEMA = 1;
const TESTS_FILE = "tests.yml";
const ANSWERS_FILE = "answers.json";
const answersSchema = object({
	schema: number(),
	answers: array(object({
		name: string(),
		status: string(),
		lines: array(string()),
		flaky: exactOptional(boolean())
	}))
});
/** Tests and golden answers as files of data/smoke/ in a bag. Passwords in tests are what the owner wrote and are kept. */
function goldenFiles({ tests, answers }) {
	if (tests.length === 0) return [];
	return [{
		path: `data/smoke/${TESTS_FILE}`,
		content: formatTests(tests)
	}, {
		path: `data/smoke/${ANSWERS_FILE}`,
		content: formatAnswers(answers)
	}];
}
/**
* Reads them back.
* @param folder data/smoke/ of a bag
* @returns undefined when the bag has no smoke tests
* @throws PerennialError `bag-invalid` or `bag-newer`
*/
async function findGolden(folder) {
	const tests = await findText(join(folder, TESTS_FILE));
	const answers = await findText(join(folder, ANSWERS_FILE));
	if (tests === void 0 && answers === void 0) return void 0;
	if (tests === void 0 || answers === void 0) throw invalid(`data/smoke/ has only one of ${TESTS_FILE} and ${ANSWERS_FILE}`);
	return {
		tests: parseBagTests(tests),
		answers: parseAnswers(answers)
	};
}
/** tests.yml: the form that `--smoke` reads, so that an owner can edit a copy and give it to a restore. */
function formatTests(tests) {
	return (0, import_dist.stringify)(tests, {
		lineWidth: 0,
		aliasDuplicateObjects: false
	});
}
/** answers.json, without times: the same state gives the same bytes. */
function formatAnswers(answers) {
	const stored = answers.map(({ name, status, lines, flaky }) => ({
		name,
		status,
		lines,
		...flaky ? { flaky } : {}
	}));
	return `${JSON.stringify({
		schema: SCHEMA,
		answers: stored
	}, null, 2)}\n`;
}
/**
* @param text content of answers.json
* @throws PerennialError `bag-invalid`; `bag-newer` for a schema of a later version
*/
function parseAnswers(text) {
	const result = safeParse(answersSchema, parseJson(text));
	if (!result.success) throw invalid(`data/smoke/${ANSWERS_FILE}: ${result.issues[0].message}`);
	if (result.output.schema > SCHEMA) throw new PerennialError("bag-newer", `data/smoke/${ANSWERS_FILE} has schema ${result.output.schema}; ${SCHEMA} is known`, { hint: "Use a newer version of Perennial." });
	return result.output.answers.map((answer) => ({
		...answer,
		took: 0
	}));
}
function parseBagTests(text) {
	try {
		return parseSmokeTests(text, `data/smoke/${TESTS_FILE}`);
	} catch (cause) {
		throw invalid(cause.message, cause);
	}
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw invalid(`data/smoke/${ANSWERS_FILE} is not JSON`, cause);
	}
}
async function findText(path) {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		if (error.code === "ENOENT") return void 0;
		throw new PerennialError("unreadable", `${path} cannot be read: ${error.message}`, { cause: error });
	}
}
function invalid(message, cause) {
	return new PerennialError("bag-invalid", message, {
		hint: "Check the bag with `perennial verify`.",
		cause
	});
}
// src/progress.ts
const silentProgress = {
	step() {},
	detail() {},
	warn() {}
};
// src/smoke/answer-lines.ts
/** An answer of more lines or characters than this is compared by its digest. */
const MAX_LINES = 200;
const MAX_CHARACTERS = 65536;
/** Milliseconds for the masks of one answer. The patterns may come from a stranger's bag and may never end. */
const MASK_TIME = 2e3;
/**
* Content as the lines that two runs are compared by: line ends as \n, no blanks at line ends, no empty lines at the
* end, the service's address as `<host>`, masks applied. Binary or long content is one line with its digest.
*/
function answerLines(content, cleaning) {
	const bytes = content.bytes;
	if (!bytes || bytes.includes(0) || !isUtf8(bytes)) return [`binary content: ${content.size} bytes, sha256 ${content.sha256}`];
	const lines = cleanLines(textLines(bytes.toString("utf8")), cleaning);
	const text = lines.join("\n");
	if (lines.length <= MAX_LINES && text.length <= MAX_CHARACTERS) return lines;
	return [`long content: ${lines.length} lines, sha256 ${createHash("sha256").update(text).digest("hex")}`];
}
/** Text without a byte order mark, split into lines without blanks at their ends or empty ones at the end. */
function textLines(text) {
	const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).map(trimLineEnd);
	while (lines.at(-1) === "") lines.pop();
	return lines;
}
/**
* Takes the address and what the masks match out of each line.
* @throws PerennialError `config-invalid` when the patterns do not come to an end
*/
function cleanLines(lines, { mask, address }) {
	return applyMasks(lines.map((line) => withoutAddress(line, address)), mask);
}
/** A loop, since /[ \t]+$/ takes quadratic time on a line of blanks. */
function trimLineEnd(line) {
	let end = line.length;
	while (end > 0 && " 	\r".includes(line[end - 1])) end--;
	return line.slice(0, end);
}
/** Loopback says nothing about which container answered, and configuration files are full of it: left alone. */
function withoutAddress(line, address) {
	if (address === "" || address.startsWith("127.") || address === "::1" || !line.includes(address)) return line;
	const literal = address.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	const joint = address.includes(":") ? ":" : "\\.";
	return line.replace(new RegExp(`(?<![\\w${joint}])${literal}(?!${joint}?\\w)`, "g"), "<host>");
}
const maskScript = new Script("JSON.stringify(lines.map(line => mask.reduce((text, m) => text.replace(new RegExp(m, \"g\"), \"<masked>\"), line)))");
/** In a context of its own, because only there can a regular expression be stopped. */
function applyMasks(lines, mask) {
	if (mask.length === 0) return lines;
	const scope = createContext({
		lines,
		mask
	});
	try {
		return JSON.parse(maskScript.runInContext(scope, { timeout: MASK_TIME }));
	} catch (cause) {
		throw new PerennialError("config-invalid", `The mask ${mask.join(", ")} failed: ${cause.message}`, {
			hint: "Write a pattern without nested repetition, such as \\d+ instead of (\\d+)+.",
			cause
		});
	}
}
// node_modules/node-diff3/dist/diff3.mjs
function LCS(buffer1, buffer2) {
	let equivalenceClasses = Object.create(null);
	for (let j = 0; j < buffer2.length; j++) {
		const item = buffer2[j];
		if (equivalenceClasses[item]) equivalenceClasses[item].push(j);
		else equivalenceClasses[item] = [j];
	}
	let candidates = [{
		buffer1index: -1,
		buffer2index: -1,
		chain: null
	}];
	for (let i = 0; i < buffer1.length; i++) {
		const buffer2indices = equivalenceClasses[buffer1[i]] || [];
		let r = 0;
		let c = candidates[0];
		for (const j of buffer2indices) {
			let s;
			for (s = r; s < candidates.length; s++) if (candidates[s].buffer2index < j && (s === candidates.length - 1 || candidates[s + 1].buffer2index > j)) break;
			if (s < candidates.length) {
				const newCandidate = {
					buffer1index: i,
					buffer2index: j,
					chain: candidates[s]
				};
				if (r === candidates.length) candidates.push(c);
				else candidates[r] = c;
				r = s + 1;
				c = newCandidate;
				if (r === candidates.length) break;
			}
		}
		candidates[r] = c;
	}
	return candidates[candidates.length - 1];
}
function diffIndices(buffer1, buffer2) {
	const lcs = LCS(buffer1, buffer2);
	let result = [];
	let tail1 = buffer1.length;
	let tail2 = buffer2.length;
	for (let candidate = lcs; candidate !== null; candidate = candidate.chain) {
		const mismatchLength1 = tail1 - candidate.buffer1index - 1;
		const mismatchLength2 = tail2 - candidate.buffer2index - 1;
		tail1 = candidate.buffer1index;
		tail2 = candidate.buffer2index;
		if (mismatchLength1 || mismatchLength2) result.push({
			buffer1: [tail1 + 1, mismatchLength1],
			buffer1Content: buffer1.slice(tail1 + 1, tail1 + 1 + mismatchLength1),
			buffer2: [tail2 + 1, mismatchLength2],
			buffer2Content: buffer2.slice(tail2 + 1, tail2 + 1 + mismatchLength2)
		});
	}
	result.reverse();
	return result;
}
function diff3MergeRegions(a, o, b) {
	let hunks = [];
	function addHunk(h, ab) {
		hunks.push({
			ab,
			oStart: h.buffer1[0],
			oLength: h.buffer1[1],
			abStart: h.buffer2[0],
			abLength: h.buffer2[1]
		});
	}
	diffIndices(o, a).forEach((item) => addHunk(item, "a"));
	diffIndices(o, b).forEach((item) => addHunk(item, "b"));
	hunks.sort((x, y) => x.oStart - y.oStart);
	let results = [];
	let currOffset = 0;
	function advanceTo(endOffset) {
		if (endOffset > currOffset) {
			results.push({
				stable: true,
				buffer: "o",
				bufferStart: currOffset,
				bufferLength: endOffset - currOffset,
				bufferContent: o.slice(currOffset, endOffset)
			});
			currOffset = endOffset;
		}
	}
	while (hunks.length) {
		let hunk = hunks.shift();
		let regionStart = hunk.oStart;
		let regionEnd = hunk.oStart + hunk.oLength;
		let regionHunks = [hunk];
		advanceTo(regionStart);
		while (hunks.length) {
			const nextHunk = hunks[0];
			const nextHunkStart = nextHunk.oStart;
			if (nextHunkStart > regionEnd) break;
			regionEnd = Math.max(regionEnd, nextHunkStart + nextHunk.oLength);
			regionHunks.push(hunks.shift());
		}
		if (regionHunks.length === 1) {
			if (hunk.abLength > 0) {
				const buffer = hunk.ab === "a" ? a : b;
				results.push({
					stable: true,
					buffer: hunk.ab,
					bufferStart: hunk.abStart,
					bufferLength: hunk.abLength,
					bufferContent: buffer.slice(hunk.abStart, hunk.abStart + hunk.abLength)
				});
			}
		} else {
			let bounds = {
				a: [
					a.length,
					-1,
					o.length,
					-1
				],
				b: [
					b.length,
					-1,
					o.length,
					-1
				]
			};
			while (regionHunks.length) {
				hunk = regionHunks.shift();
				const oStart = hunk.oStart;
				const oEnd = oStart + hunk.oLength;
				const abStart = hunk.abStart;
				const abEnd = abStart + hunk.abLength;
				let b2 = bounds[hunk.ab];
				b2[0] = Math.min(abStart, b2[0]);
				b2[1] = Math.max(abEnd, b2[1]);
				b2[2] = Math.min(oStart, b2[2]);
				b2[3] = Math.max(oEnd, b2[3]);
			}
			const aStart = bounds.a[0] + (regionStart - bounds.a[2]);
			const aEnd = bounds.a[1] + (regionEnd - bounds.a[3]);
			const bStart = bounds.b[0] + (regionStart - bounds.b[2]);
			const bEnd = bounds.b[1] + (regionEnd - bounds.b[3]);
			let result = {
				stable: false,
				aStart,
				aLength: aEnd - aStart,
				aContent: a.slice(aStart, aEnd),
				oStart: regionStart,
				oLength: regionEnd - regionStart,
				oContent: o.slice(regionStart, regionEnd),
				bStart,
				bLength: bEnd - bStart,
				bContent: b.slice(bStart, bEnd)
			};
			results.push(result);
		}
		currOffset = regionEnd;
	}
	advanceTo(o.length);
	return results;
}
// src/smoke/unified-diff.ts
/** Lines of context around a change. */
const CONTEXT = 3;
/** Lines on one side beyond which no alignment is searched: it takes quadratic time. */
const MAX_INPUT = 2e3;
/**
* A unified diff (as `diff -u` prints it) without file headers.
* @param maxLines of the result; a last line says how many more there are
* @returns '' when nothing differs
*/
function unifiedDiff(before, after, maxLines = 200) {
	const edits = editsBetween(before, after);
	const changed = edits.flatMap((edit, index) => edit.kind === " " ? [] : [index]);
	if (changed.length === 0) return "";
	const lines = hunksAround(changed, edits.length).flatMap(([from, to]) => hunkLines(edits, from, to));
	if (lines.length <= maxLines) return lines.join("\n");
	return [...lines.slice(0, maxLines - 1), `… ${lines.length - maxLines + 1} more lines`].join("\n");
}
function editsBetween(before, after) {
	const removed = (texts) => texts.map((text) => ({
		kind: "-",
		text
	}));
	const added = (texts) => texts.map((text) => ({
		kind: "+",
		text
	}));
	if (Math.max(before.length, after.length) > MAX_INPUT) return [...removed(before), ...added(after)];
	const edits = [];
	let at = 0;
	const common = (to) => edits.push(...before.slice(at, to).map((text) => ({
		kind: " ",
		text
	})));
	for (const change of diffIndices([...before], [...after])) {
		const [start, length] = change.buffer1;
		common(start);
		edits.push(...removed(change.buffer1Content), ...added(change.buffer2Content));
		at = start + length;
	}
	common(before.length);
	return edits;
}
/** Ranges of edits, each with its context; ranges that touch are one. */
function hunksAround(changed, total) {
	const hunks = [];
	for (const index of changed) {
		const from = Math.max(0, index - CONTEXT);
		const to = Math.min(total, index + CONTEXT + 1);
		const last = hunks.at(-1);
		if (last && from <= last[1]) last[1] = to;
		else hunks.push([from, to]);
	}
	return hunks;
}
function hunkLines(edits, from, to) {
	const before = (range) => range.filter((edit) => edit.kind !== "+").length;
	const after = (range) => range.filter((edit) => edit.kind !== "-").length;
	const above = edits.slice(0, from);
	const hunk = edits.slice(from, to);
	const side = (start, length) => `${length === 0 ? start : start + 1},${length}`;
	return [`@@ -${side(before(above), before(hunk))} +${side(after(above), after(hunk))} @@`, ...hunk.map((edit) => edit.kind + edit.text)];
}
// src/smoke/compare-answers.ts
/**
* Holds today's answers against the golden ones, by name.
* `flaky`: they differ, but they differed on the living service too. `missing`: not answered today.
* `no-golden`: a test that did not exist then.
* @returns in the order of the golden answers, then the new ones
*/
function compareAnswers(golden, now) {
	const today = new Map(now.map((answer) => [answer.name, answer]));
	const known = new Set(golden.map((answer) => answer.name));
	return [...golden.map((answer) => compareOne$1(answer, today.get(answer.name))), ...now.filter((answer) => !known.has(answer.name)).map((answer) => ({
		name: answer.name,
		verdict: "no-golden",
		now: answer,
		diff: ""
	}))];
}
/** First answers, with `flaky` on those that the second ones do not repeat. */
function markFlaky(first, second) {
	return first.map((answer) => {
		const again = second.find((other) => other.name === answer.name);
		return again && sameAnswer(answer, again) ? answer : {
			...answer,
			flaky: true
		};
	});
}
/** Whether a client could tell two answers apart. */
function sameAnswer(a, b) {
	return a.status === b.status && isDeepStrictEqual(a.lines, b.lines);
}
function compareOne$1(golden, now) {
	if (!now) return {
		name: golden.name,
		verdict: "missing",
		golden,
		diff: ""
	};
	if (sameAnswer(golden, now)) return {
		name: golden.name,
		verdict: "same",
		golden,
		now,
		diff: ""
	};
	const diff = unifiedDiff(shownLines(golden), shownLines(now));
	return {
		name: golden.name,
		verdict: golden.flaky ? "flaky" : "differs",
		golden,
		now,
		diff
	};
}
/** The answer as people read it; what a service says must not reach a terminal as it is. */
function shownLines(answer) {
	return [`status: ${answer.status}`, ...answer.lines].map(printable);
}
/** Content of bytes that are there already. */
function contentOf(bytes) {
	return {
		size: bytes.length,
		sha256: createHash("sha256").update(bytes).digest("hex"),
		bytes
	};
}
/**
* Reads a stream to its end in bounded memory.
* @throws whatever the stream is destroyed with
*/
async function readContent(stream) {
	const hash = createHash("sha256");
	let kept = [];
	let size = 0;
	for await (const chunk of stream) {
		hash.update(chunk);
		size += chunk.length;
		if (size > 16777216) kept = void 0;
		kept?.push(chunk);
	}
	return {
		size,
		sha256: hash.digest("hex"),
		bytes: kept && Buffer.concat(kept)
	};
}
/**
* Runs a command that has been started to its end.
* @param input what it reads
* @param signal kills it and rejects; inside a container only the engine's own client can be killed
* @returns stdout as content; stderr as the stream keeps it
*/
async function finish(stream, signal, input = "") {
	const kill = () => {
		stream.kill();
		stream.stdout.destroy(signal.reason);
	};
	stream.done.catch(() => {});
	signal.addEventListener("abort", kill);
	try {
		signal.throwIfAborted();
		stream.stdin.end(input);
		const stdout = await readContent(stream.stdout);
		const { code, stderr } = await stream.done;
		signal.throwIfAborted();
		return {
			code,
			stdout,
			stderr
		};
	} finally {
		signal.removeEventListener("abort", kill);
	}
}
// src/smoke/host-command.ts
/** Bytes of stderr that are kept. */
const STDERR_LIMIT = 65536;
/** Full path of a program of this machine; undefined when it is not installed. */
async function findProgram(name, path = process.env.PATH ?? "") {
	for (const folder of path.split(delimiter).filter((part) => part !== "")) if (await access(join(folder, name), constants$2.X_OK).then(() => true, () => false)) return join(folder, name);
}
/**
* Environment of a command that a smoke test runs on this machine: what programs need to find things, and nothing of a
* workflow's tokens. SHLVL, since bash reads ~/.bashrc when its input is a socket (node's pipes are) and no shell is above.
*/
function hostEnvironment(added) {
	const kept = [
		"PATH",
		"HOME",
		"USER",
		"LANG",
		"LC_ALL",
		"TMPDIR",
		"DOCKER_HOST",
		"DOCKER_CONFIG",
		"XDG_RUNTIME_DIR"
	].flatMap((name) => process.env[name] === void 0 ? [] : [[name, process.env[name]]]);
	return {
		...Object.fromEntries(kept),
		SHLVL: "1",
		...added
	};
}
/**
* Starts a program on this machine in a process group of its own, so that killing it takes its children along.
* `done` never rejects on an exit code: that is an answer. It rejects with `command-failed` when it cannot be started.
*/
function startOnHost(argv, options) {
	const [program, ...args] = argv;
	const child = spawn(program, args, {
		...options,
		detached: true,
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		]
	});
	let stderr = "";
	child.stderr.on("data", (chunk) => {
		if (stderr.length < STDERR_LIMIT) stderr += chunk;
	});
	child.stdin.on("error", () => {});
	const done = new Promise((resolve, reject) => {
		child.on("error", (cause) => reject(new PerennialError("command-failed", `${program}: ${cause.message}`, { cause })));
		child.on("close", (code) => resolve({
			code: code ?? 137,
			stderr
		}));
	});
	return {
		stdin: child.stdin,
		stdout: child.stdout,
		done,
		kill: () => killGroup(child.pid)
	};
}
function killGroup(pid) {
	try {
		if (pid !== void 0) process.kill(-pid, "SIGKILL");
	} catch {}
}
// src/smoke/command-probe.ts
/** A command's exit code and standard output: in the service's container, on this machine or in a client container. */
const commandProbe = {
	type: "command",
	async prepare(test, session) {
		const start = await STARTERS[test.where ?? "container"](test, session);
		return async (signal) => {
			const { code, stdout } = await finish(start(), signal);
			return {
				status: `exit ${code}`,
				head: [],
				content: stdout
			};
		};
	}
};
const STARTERS = {
	async container(test, { target }) {
		const options = {
			allowFailure: true,
			...test.user === void 0 ? {} : { user: test.user }
		};
		return () => target.engine.execStream(target.container, argvOf(test), options);
	},
	async host(test, session) {
		const { target } = session;
		if (!target.allowHost) throw hostRefused(test);
		const route = await session.route();
		const address = route.kind === "direct" ? route.address : "127.0.0.1";
		const env = hostEnvironment({
			C: target.container,
			HOST: address,
			ENGINE: target.engine.name
		});
		return () => startOnHost(argvOf(test), { env });
	},
	async client(test, session) {
		const client = await session.packagedClient();
		const user = test.user === void 0 ? {} : { user: test.user };
		return () => client.start(argvOf(test), {
			env: { HOST: client.address },
			...user
		});
	}
};
function argvOf(test) {
	return typeof test.run === "string" ? [
		"sh",
		"-c",
		test.run
	] : test.run;
}
/** A bag may come from a stranger: reading one must not mean running its commands on this machine. */
function hostRefused(test) {
	return new PerennialError("bad-input", `The smoke test "${test.name}" of the bag wants to run a command on this machine`, { hint: "Read data/smoke/tests.yml; if you trust it, give the tests yourself with --smoke FILE." });
}
// src/smoke/connection-status.ts
const STATUSES = {
	ECONNREFUSED: "refused",
	ETIMEDOUT: "timeout",
	ECONNRESET: "reset",
	EPIPE: "reset",
	EHOSTUNREACH: "unreachable",
	ENETUNREACH: "unreachable"
};
/**
* The answer that a failed connection is: `refused`, `timeout`, `reset`, `unreachable`, else `error CODE`.
* @throws the error again when it is not one of a connection: then it is ours, not the service's answer
*/
function connectionStatus(error) {
	const code = error?.code;
	if (typeof code !== "string" || !/^(E[A-Z0-9]+$|HPE_|ERR_SSL|ERR_TLS)/.test(code)) throw error;
	return STATUSES[code] ?? `error ${code}`;
}
// src/smoke/http-probe.ts
/**
* One request without following redirects: status, the chosen headers (and where a redirect points), body.
* node:http and not fetch, which drops the Host header that name-based hosts need.
*/
const httpProbe = {
	type: "http",
	async prepare(test, session) {
		const route = await session.route();
		return async (signal) => {
			try {
				return await answerOf$2(await ask$1(test, route, signal), test);
			} catch (error) {
				signal.throwIfAborted();
				return {
					status: connectionStatus(error),
					head: [],
					content: void 0
				};
			}
		};
	}
};
async function ask$1(test, route, signal) {
	const raw = await openConnection(route, test.port ?? (test.tls ? 443 : 80), signal);
	signal.addEventListener("abort", () => raw.destroy(signal.reason), { once: true });
	const options = requestOptions(test);
	const connection = test.tls ? secured(raw, hostOf(test)) : raw;
	return new Promise((resolve, reject) => {
		connection.once("error", reject);
		const asked = request({
			...options,
			createConnection: () => connection
		});
		asked.once("response", resolve).once("error", reject);
		asked.once("upgrade", (response, socket) => {
			resolve(response);
			socket.destroy();
		});
		asked.end(test.body);
	});
}
/**
* The certificate is not checked and old protocols are taken: both are of their time, and not what is asked.
*/
function secured(raw, host) {
	const name = host.replace(/:\d+$/, "");
	return connect$1({
		socket: raw,
		rejectUnauthorized: false,
		minVersion: "TLSv1",
		ciphers: "DEFAULT:@SECLEVEL=0",
		...isIP(name) ? {} : { servername: name }
	});
}
/** What node:http is asked to send; a fixed Host, so that the service sees the same request at any address. */
function requestOptions(test) {
	const login = `${test.user ?? ""}:${test.password ?? ""}`;
	const authorization = test.user === void 0 ? {} : { Authorization: `Basic ${Buffer.from(login).toString("base64")}` };
	const length = test.body === void 0 ? {} : { "Content-Length": Buffer.byteLength(test.body) };
	const own = {
		Host: "localhost",
		Connection: "close",
		Accept: "*/*",
		"User-Agent": "perennial",
		...authorization,
		...length
	};
	return {
		method: test.method ?? (test.body === void 0 ? "GET" : "POST"),
		path: test.path ?? "/",
		headers: merged(own, test.headers ?? {}),
		setHost: false
	};
}
/** Header names know no case: what the test gives replaces ours. */
function merged(own, given) {
	const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
	return {
		...Object.fromEntries(Object.entries(own).filter(([name]) => !names.has(name.toLowerCase()))),
		...given
	};
}
function hostOf(test) {
	return Object.entries(test.headers ?? {}).find(([name]) => name.toLowerCase() === "host")?.[1] ?? "localhost";
}
async function answerOf$2(response, test) {
	const names = (test.answerHeaders ?? []).map((name) => name.toLowerCase());
	if (response.headers.location !== void 0 && !names.includes("location")) names.push("location");
	const head = names.map((name) => `${name}: ${headerText(response.headers[name])}`);
	return {
		status: String(response.statusCode),
		head,
		content: await readContent(response)
	};
}
function headerText(value) {
	return value === void 0 ? "(none)" : [value].flat().join(", ");
}
// src/smoke/smb-answer.ts
/** Said by the client about itself, in one version or another. */
const CHATTER = [
	/^SMB1 disabled -- no workgroup available$/,
	/^(Reconnecting with|Unable to connect with) SMB1 /,
	/^Try "help" to get a list of possible commands\.$/,
	/^(getting|putting) file .* \(average [\d.a-z]+ (KiloBytes\/sec|kb\/s)\)$/,
	/^\s*\d+ blocks of size \d+\. \d+ blocks available$/,
	/^lp_load_ex: /,
	/^Can't load .* - run testparm to debug it$/
];
/** `-g` prints `Type|Name|Comment`. IPC$ is always there; its comment is no share of anybody. */
const SHARE = /^(Disk|Printer)\|/;
/** `ls` prints when `.` and `..` changed, and the tests themselves write there. */
const SELF = /^( {2}\.{1,2} +[A-Z]+ +\d+) {2}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;
/**
* `ok`, or the first NT_STATUS code that the client names, or its exit code.
* @param said everything that the client printed
*/
function smbStatus(code, said) {
	if (code === 0) return "ok";
	return /NT_STATUS_[A-Z0-9_]+/.exec(said)?.[0] ?? `exit ${code}`;
}
/** The share lines of `smbclient -L -g`, sorted: the server gives them in any order. */
function shareLines(stdout) {
	return stdout.split(/\r?\n/).filter((line) => SHARE.test(line)).sort();
}
/** Output of smbclient commands; a line with an NT_STATUS code is the code alone, since its wording changes. */
function smbLines(stdout) {
	const lines = [];
	for (const line of stdout.split(/\r?\n/)) {
		if (CHATTER.some((pattern) => pattern.test(line))) {
			if (/blocks of size/.test(line) && lines.at(-1) === "") lines.pop();
			continue;
		}
		lines.push(/NT_STATUS_[A-Z0-9_]+/.exec(line)?.[0] ?? line.replace(SELF, "$1"));
	}
	return lines;
}
// src/smoke/smb-request.ts
/** Names of the files in the working folder of smbclient. */
const AUTH_FILE = "auth";
const INPUT_FILE = "input";
/**
* Arguments of smbclient, without the program. Credentials are in a file, since anybody on a machine sees arguments.
* @param address of the service as this client sees it
*/
function smbArguments(test, address) {
	const login = test.user === void 0 ? ["-N"] : ["-A", AUTH_FILE];
	const port = test.port === void 0 ? [] : ["-p", String(test.port)];
	const host = address.includes(":") ? `${address.replaceAll(":", "-")}.ipv6-literal.net` : address;
	if (test.share === void 0) return [
		"-L",
		`//${host}`,
		...login,
		...port,
		"-g"
	];
	return [
		`//${host}/${test.share}`,
		...login,
		...port,
		"-c",
		test.command ?? "ls"
	];
}
/** Content of the authentication file (smbclient(1), -A). `DOMAIN\user` is split. */
function smbAuthFile(test) {
	const [, domain, user] = /^(?:([^\\]*)\\)?(.*)$/.exec(test.user ?? "");
	return `${[...[`username = ${user}`, `password = ${test.password ?? ""}`], ...domain ? [`domain = ${domain}`] : []].join("\n")}\n`;
}
/** Commands that read and write nothing on the client's side but stdout and the input file. */
const HARMLESS = [
	/^(ls|dir|du|volume|pwd|help|showconnect|l)( |$)/,
	/^(cd|rm|del|deltree|mkdir|md|rmdir|rd|rename|allinfo|altname|stat|chmod|chown|posix_\w+) /,
	/^get ("[^"]*"|\S+) -$/,
	/^put input( |$)/,
	/^(recurse|prompt)$/
];
/**
* Whether smbclient commands may run outside a container: they can start programs (`!cmd`) and write files (`get a b`)
* on the client's machine, and tests may come from a stranger's bag. What is not known to be harmless is not.
*/
function isHarmlessOnHost(command) {
	return command.split(/[;\r\n]/).map((part) => part.trim()).filter((part) => part !== "").every((part) => HARMLESS.some((pattern) => pattern.test(part)));
}
// src/smoke/smb-probe.ts
/** smbclient's dates are in the client's time zone, its words in the client's language. */
const ENVIRONMENT = {
	LC_ALL: "C",
	TZ: "UTC0"
};
/** smbclient: the list of shares, or commands in a share. On this machine if it can, else in a client container. */
const smbProbe = {
	type: "smb",
	async prepare(test, session) {
		const route = await session.route();
		const program = await findProgram("smbclient");
		if (route.kind === "client" || program === void 0 || !isHarmlessOnHost(test.command ?? "")) return clientAttempt(test, session);
		return hostAttempt(test, route.address, program);
	}
};
function hostAttempt(test, address, program) {
	return async (signal) => {
		const folder = await mkdtemp(join(tmpdir(), "perennial-smb-"));
		try {
			await writeFile(join(folder, AUTH_FILE), smbAuthFile(test));
			await writeFile(join(folder, INPUT_FILE), test.input ?? "");
			const env = {
				...ENVIRONMENT,
				PATH: process.env.PATH ?? "",
				HOME: folder
			};
			return answerOf$1(test, await finish(startOnHost([program, ...smbArguments(test, address)], {
				env,
				cwd: folder
			}), signal));
		} finally {
			await rm(folder, {
				recursive: true,
				force: true
			});
		}
	};
}
async function clientAttempt(test, session) {
	const client = await session.packagedClient();
	const folder = await client.makeFolder({
		[AUTH_FILE]: smbAuthFile(test),
		[INPUT_FILE]: test.input ?? ""
	});
	const argv = ["smbclient", ...smbArguments(test, client.address)];
	return async (signal) => {
		return answerOf$1(test, await finish(client.start(argv, {
			workdir: folder,
			env: {
				...ENVIRONMENT,
				HOME: folder
			}
		}), signal));
	};
}
function answerOf$1(test, ended) {
	const stdout = ended.stdout.bytes;
	const status = smbStatus(ended.code, `${stdout?.toString("utf8") ?? ""}\n${ended.stderr}`);
	const text = stdout?.toString("latin1");
	if (text === void 0) return {
		status,
		head: [],
		content: ended.stdout
	};
	const lines = test.share === void 0 ? shareLines(text) : smbLines(text);
	return {
		status,
		head: [],
		content: contentOf(Buffer.from(lines.join("\n"), "latin1"))
	};
}
// src/smoke/probes.ts
const probes = {
	tcp: {
		type: "tcp",
		async prepare(test, session) {
			const route = await session.route();
			return async (signal) => {
				try {
					(await openConnection(route, test.port, signal)).destroy();
					return {
						status: "connected",
						head: [],
						content: void 0
					};
				} catch (error) {
					signal.throwIfAborted();
					return {
						status: connectionStatus(error),
						head: [],
						content: void 0
					};
				}
			};
		}
	},
	http: httpProbe,
	smb: smbProbe,
	command: commandProbe
};
/** The probe that knows this test's type. */
function probeFor(test) {
	return probes[test.type];
}
// src/smoke/client-image.ts
/** Debian images that serve as a base, the best first; what is there is taken before anything is pulled. */
const BASES = [
	"debian:stable-slim",
	"debian:stable",
	"debian:trixie-slim",
	"debian:trixie",
	"debian:bookworm-slim",
	"debian:bookworm"
];
/**
* An image with client programs, built once for each list of packages. Without packages it is the base itself.
* @param packages Debian package names
* @returns reference of the image
* @throws PerennialError `image-unsuitable` when there is no base, or the packages cannot be installed
*/
async function provideClientImage(engine, packages, progress) {
	const wanted = [...new Set(packages)].sort();
	const tag = clientImageTag(wanted);
	if (wanted.length > 0 && await engine.findImage(tag)) return tag;
	const base = await findBase(engine);
	if (wanted.length === 0) return base;
	progress.step(`Building a client image with ${wanted.join(", ")}`);
	await build(engine, clientDockerfile(base, wanted), tag, wanted, progress);
	return tag;
}
/** `perennial-client:<first 12 digits of the sha256 of the package list>` */
function clientImageTag(packages) {
	return `perennial-client:${createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 12)}`;
}
/** The names were checked when the tests were read, and are again here, because they end in a shell line. */
function clientDockerfile(base, packages) {
	const odd = packages.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
	if (odd !== void 0) throw new PerennialError("bad-input", `"${odd}" is not a Debian package name`);
	return `FROM ${base}
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages.join(" ")} && \\
    rm -rf /var/lib/apt/lists/*
`;
}
async function findBase(engine) {
	for (const pull of [false, true]) for (const base of pull ? BASES.slice(0, 1) : BASES) if (await engine.findImage(base, { pull })) return base;
	throw new PerennialError("image-unsuitable", `No base for a client container: none of ${BASES.join(", ")} is here`, { hint: `Pull one of them with ${engine.name}, or install the client program on this machine.` });
}
async function build(engine, dockerfile, tag, packages, progress) {
	const context = await mkdtemp(join(tmpdir(), "perennial-client-"));
	try {
		await writeFile(join(context, "Dockerfile"), dockerfile);
		await engine.build({
			context,
			tag,
			onLine: (line) => progress.detail(line)
		});
	} catch (cause) {
		throw new PerennialError("image-unsuitable", `A client image with ${packages.join(", ")} could not be built: ${cause.message}`, {
			hint: "Check the package names and the network, or install the client programs on this machine.",
			cause
		});
	} finally {
		await rm(context, {
			recursive: true,
			force: true
		});
	}
}
// src/smoke/client-container.ts
/** Modes that name no network which another container could join. */
const UNNAMED = /^(host|none|private|slirp4netns|pasta|ns:|container:)/;
/**
* Starts a client container.
* @param packages Debian packages that it needs
* @throws PerennialError `image-unsuitable`, or what the engine says
*/
async function startClientContainer(placement, packages, progress) {
	const { engine } = placement;
	const image = await provideClientImage(engine, packages, progress);
	const network = clientNetwork(placement);
	const name = `perennial-client-${randomBytes(4).toString("hex")}`;
	await engine.run({
		name,
		image,
		command: ["sleep", "infinity"],
		run: { labels: { perennial: "client" } },
		...network.options
	});
	return {
		address: network.address,
		start: (argv, options = {}) => engine.execStream(name, argv, {
			...options,
			allowFailure: true
		}),
		makeFolder: (files) => makeFolder(engine, name, files),
		remove: () => engine.removeContainer(name)
	};
}
/**
* The network of the client. A network that both are in is preferred, because a service may treat its own machine
* differently (trust on loopback, allowed hosts) from the clients that the answers are about.
*/
function clientNetwork({ container, address, network }) {
	if (address === "" || UNNAMED.test(network)) return {
		address: "127.0.0.1",
		options: { networkOf: container }
	};
	return {
		address,
		options: { extraArgs: ["--network", network === "" || network === "default" ? "bridge" : network] }
	};
}
async function makeFolder(engine, name, files) {
	const folder = `/run/perennial-${randomBytes(4).toString("hex")}`;
	await engine.exec(name, [
		"mkdir",
		"-m",
		"700",
		folder
	]);
	for (const [file, content] of Object.entries(files)) await engine.exec(name, [
		"sh",
		"-c",
		"cat > \"$1\"",
		"sh",
		`${folder}/${file}`
	], { input: content });
	return folder;
}
// src/smoke/smoke-session.ts
/**
* @throws PerennialError `not-ready` when the container does not run, with the end of its log
*/
async function openSmokeSession(target, tests, progress) {
	const placed = await placeTarget(target);
	const clients = /* @__PURE__ */ new Map();
	const client = (packages) => {
		const key = packages.join(" ");
		const known = clients.get(key) ?? startClientContainer(placed, packages, progress);
		clients.set(key, known);
		return known;
	};
	const route = routeTo(placed, () => client([]));
	return {
		target: placed,
		route: async () => route,
		packagedClient: () => client(clientPackages(tests)),
		close: async () => {
			const started = await Promise.allSettled(clients.values());
			await Promise.all(started.map((one) => one.status === "fulfilled" && one.value.remove()));
		}
	};
}
/** Debian packages that the tests need in a client container. */
function clientPackages(tests) {
	const needed = tests.flatMap((test) => {
		if (test.type === "smb") return ["smbclient"];
		return test.type === "command" && test.where === "client" ? test.packages ?? [] : [];
	});
	return [...new Set(needed)].sort();
}
async function placeTarget(target) {
	const facts = await target.engine.inspectContainer(target.container);
	if (!facts.running) throw await containerEnded(target.engine, target.container);
	return {
		allowHost: false,
		...target,
		address: target.address || facts.address,
		network: target.network ?? facts.run.networkMode
	};
}
function routeTo({ address, network }, client) {
	if (network === "host") return {
		kind: "direct",
		address: "127.0.0.1"
	};
	if (isOnLocalNetwork(address)) return {
		kind: "direct",
		address
	};
	return {
		kind: "client",
		client
	};
}
/** @throws PerennialError `not-ready` when the container has ended meanwhile */
async function assertStillRunning(session) {
	const { engine, container } = session.target;
	if (!(await engine.inspectContainer(container)).running) throw await containerEnded(engine, container);
}
/** For messages: a probe that could not be run at all. */
function reasonOf(error) {
	return error instanceof PerennialError ? error.toText() : String(error?.message ?? error);
}
// src/smoke/run-smoke.ts
/** Seconds for one answer. */
const DEFAULT_TIMEOUT = 15;
/**
* Asks a running service all tests, one after the other: a test may read back what the one before it wrote.
* A test that cannot be run here (no client program to be had, a host command that is not allowed) is warned of and has
* no answer, so that a comparison says `missing`; a service that is dead or wrong is an answer.
* @returns answers in the order of the tests
* @throws PerennialError `no-such-container`; `not-ready` when the container does not run, or ended on the way
*/
async function runSmokeTests(tests, target, progress) {
	if (tests.length === 0) return [];
	return withSession(tests, target, progress, (session) => askAll(tests, session, progress));
}
/**
* Golden answers: asks the living service twice, and marks as flaky what it answered differently.
* @returns the first answers
* @throws as runSmokeTests
*/
async function checkFlaky(tests, target, progress) {
	if (tests.length === 0) return [];
	const answers = await withSession(tests, target, progress, async (session) => {
		return markFlaky(await askAll(tests, session, progress), await askAll(tests, session, silentProgress));
	});
	for (const answer of answers) warnOfGolden(answer, progress);
	return answers;
}
async function withSession(tests, target, progress, work) {
	const session = await openSmokeSession(target, tests, progress);
	try {
		const done = await work(session);
		await assertStillRunning(session);
		return done;
	} finally {
		await session.close();
	}
}
async function askAll(tests, session, progress) {
	const answers = [];
	for (const test of tests) {
		interruption.check();
		try {
			const answer = await ask(test, session);
			progress.detail(printable(`${answer.name}: ${answer.status}`));
			answers.push(answer);
		} catch (error) {
			progress.warn(`Smoke test "${printable(test.name)}" could not be run: ${reasonOf(error)}`);
		}
	}
	return answers;
}
async function ask(test, session) {
	const attempt = await probeFor(test).prepare(test, session);
	const signal = AbortSignal.timeout((test.timeout ?? DEFAULT_TIMEOUT) * 1e3);
	const started = performance.now();
	const result = await attempt(signal).catch((error) => {
		if (signal.aborted) return {
			status: "timeout",
			head: [],
			content: void 0
		};
		throw error;
	});
	return {
		name: test.name,
		...answerOf(result, test, session),
		took: Math.round(performance.now() - started)
	};
}
function answerOf(result, test, session) {
	const cleaning = {
		mask: test.mask ?? [],
		address: session.target.address
	};
	const head = cleanLines(result.head, cleaning);
	return {
		status: result.status,
		lines: [...head, ...answerLines(result.content ?? contentOf(Buffer.alloc(0)), cleaning)]
	};
}
/** An answer that is the same before and after proves nothing when it says that the test itself does not work. */
function warnOfGolden(answer, progress) {
	const name = printable(answer.name);
	if (answer.flaky) progress.warn(`Smoke test "${name}" answered differently twice; mask what changes, or its verdict is void`);
	if (/^(timeout|refused|unreachable|exit 12[67])$/.test(answer.status)) progress.warn(`Smoke test "${name}" has the golden answer "${answer.status}": is that what clients should see?`);
}
// src/system/running.ts
/**
* Prints, for each process: pid, owner, exe, arguments (unit separators), its socket inodes; then the kernel's socket tables.
* Without CAP_SYS_PTRACE even root may not read where `exe` of another user's process leads (proc(5), ptrace(2)): then the first
* word that it was started with tells, or its name. A zombie has no words.
*/
const SCRIPT = `
for d in /proc/[0-9]*; do
  exe=$(readlink "$d/exe" 2>/dev/null) || exe=
  if [ -z "$exe" ]; then
    exe=$(tr '\\000' '\\n' < "$d/cmdline" 2>/dev/null | head -n 1)
    [ -n "$exe" ] || continue
    [ -x "$exe" ] || { exe=$(cat "$d/comm" 2>/dev/null) && exe=$(command -v "$exe" || echo "$exe"); }
  fi
  [ -n "$exe" ] || continue
  printf 'P\\t%s\\t%s\\t%s\\t' "\${d#/proc/}" "$(stat -c %u "$d" 2>/dev/null)" "$exe"
  tr '\\000\\n\\t' '\\037  ' < "$d/cmdline" 2>/dev/null
  printf '\\t'
  ls -l "$d/fd" 2>/dev/null | sed -n 's/.*socket:\\[\\([0-9]*\\)\\]$/\\1/p' | tr '\\n' ' '
  printf '\\n'
done
for t in tcp tcp6 udp udp6; do sed "s/^/N\\t$t\\t/" "/proc/net/$t" 2>/dev/null; done
exit 0
`;
/** Processes and listening sockets of a running container; empty when it has no shell. The asking shell itself is left out. */
async function readRunning(target, userName, packageOf) {
	const { code, stdout } = await target.exec([
		"sh",
		"-c",
		SCRIPT
	], { allowFailure: true });
	return code === 0 ? parseRunning(stdout.toString(), userName, packageOf) : {
		processes: [],
		sockets: []
	};
}
/** Parses what SCRIPT prints; socket tables as in proc_net_tcp(5): state 0A is LISTEN, 07 an unconnected UDP socket. */
function parseRunning(text, userName, packageOf) {
	const processes = [];
	const programOf = /* @__PURE__ */ new Map();
	const sockets = /* @__PURE__ */ new Map();
	for (const line of text.split("\n")) {
		const fields = line.split("	");
		if (fields[0] === "P") {
			const argv = (fields[4] ?? "").split("").filter(Boolean);
			if (argv.some((word) => word.includes("/proc/[0-9]*"))) continue;
			const program = fields[3].replace(/ \(deleted\)$/, "");
			processes.push({
				pid: Number(fields[1]),
				user: userName(Number(fields[2])),
				program,
				argv,
				package: packageOf(program)
			});
			for (const inode of (fields[5] ?? "").split(" ").filter(Boolean)) programOf.set(inode, program);
		} else if (fields[0] === "N") addSocket(sockets, fields[1], (fields[2] ?? "").trim().split(/\s+/), programOf);
	}
	return {
		processes,
		sockets: [...sockets.values()].sort((a, b) => a.port - b.port)
	};
}
function addSocket(sockets, table, columns, programOf) {
	const [, local, remote, state] = columns;
	const protocol = table.startsWith("tcp") ? "tcp" : "udp";
	if (!local?.includes(":") || state !== (protocol === "tcp" ? "0A" : "07")) return;
	if (protocol === "udp" && !/^0+:0000$/.test(remote ?? "")) return;
	const [address, port] = local.split(":");
	const socket = {
		protocol,
		address: addressText(address),
		port: Number.parseInt(port, 16),
		program: programOf.get(columns[9] ?? "") ?? ""
	};
	sockets.set(`${socket.protocol} ${socket.address} ${socket.port}`, socket);
}
/** The kernel prints addresses as 32-bit words in host order. */
function addressText(hex) {
	if (/^0+$/.test(hex)) return "*";
	const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, "hex").reverse()]);
	if (bytes.length === 4) return bytes.join(".");
	return Array.from({ length: 8 }, (_, n) => (bytes[2 * n] << 8 | bytes[2 * n + 1]).toString(16)).join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
}
// src/knowledge/distribution.ts
const day = pipe(string(), isoDate());
const distributionSchema = strictObject({
	/** `ID` of os-release. */
	id: pipe(string(), regex(/^[a-z0-9-]+$/)),
	name: string(),
	source: pipe(string(), startsWith("https://")),
	/** Image reference with `{version}` or `{codename}` in it. */
	image: pipe(string(), regex(/\{(version|codename)\}/)),
	/** Oldest first. */
	releases: pipe(array(strictObject({
		/** `VERSION_ID` of os-release. */
		version: string(),
		codename: pipe(string(), regex(/^[a-z]+$/)),
		released: day,
		/** Last day of support. */
		until: day,
		/** Suite of security updates where it is not `<codename>-security`. */
		security: optional(string())
	})), minLength(1), check((list) => list.every((one, at) => at === 0 || list[at - 1].released < one.released), "oldest release first"))
});
/** Parses one entry; its id has to be the name of its file. Throws `config-invalid` naming file and field. */
function parseDistribution(text, file) {
	const parsed = safeParse(distributionSchema, (0, import_dist.parse)(text));
	if (!parsed.success) {
		const issue = parsed.issues[0];
		throw new PerennialError("config-invalid", `bases/${file}: ${getDotPath(issue) ?? ""}: ${issue.message}`);
	}
	if (file !== `${parsed.output.id}.yml`) throw new PerennialError("config-invalid", `bases/${file}: the id is ${parsed.output.id}`);
	return parsed.output;
}
/** The release of an os-release, by version or code name; undefined for one that is not listed (testing, interim). */
function findRelease(distribution, os) {
	return distribution.releases.find(({ version, codename }) => version === os.versionId || os.codename !== "" && codename === os.codename);
}
/** The newest release that is out on a day (and that is stable, as only such are listed). */
function newestRelease(distribution, today) {
	const date = today.toISOString().slice(0, 10);
	return distribution.releases.findLast(({ released }) => released <= date) ?? distribution.releases[0];
}
/** Releases after `from` and before `to`, oldest first: those that an upgrade would have gone through. */
function releasesBetween(distribution, from, to) {
	return distribution.releases.filter(({ released }) => released > from.released && released < to.released);
}
/** The image of a release, e.g. `debian:trixie`. */
function imageOf(distribution, release) {
	return distribution.image.replace("{version}", release.version).replace("{codename}", release.codename);
}
/**
* The image to restore on when nobody names one: the newest stable release of the same distribution.
* Throws `base-unknown` for a distribution that is not in the knowledge base.
*/
function defaultBase(distributions, os, today) {
	const distribution = distributions.find(({ id }) => id === os.id);
	if (!distribution) throw new PerennialError("base-unknown", `No base image is known for ${os.prettyName || os.id || "this system"}`, { hint: "Name one with --base (the input `base` of the action)." });
	return imageOf(distribution, newestRelease(distribution, today));
}
/**
* The image of the very release that a system ran, to prove an archive on. Throws `base-unknown` for a release that is not
* in the knowledge base.
*/
function sameBase(distributions, os) {
	const distribution = distributions.find(({ id }) => id === os.id);
	const release = distribution && findRelease(distribution, os);
	if (distribution && release) return imageOf(distribution, release);
	throw new PerennialError("base-unknown", `No base image is known for ${os.prettyName || os.id || "this system"}`, { hint: "Name one with --base." });
}
// src/knowledge/read-distributions.ts
/**
* Entries of knowledge/bases/*.yml, sorted by id.
* @throws PerennialError `config-invalid` naming file and field
*/
async function readDistributions(folder = knowledgeFolder()) {
	const directory = join(folder, "bases");
	const files = (await readdir(directory)).filter((name) => name.endsWith(".yml")).sort();
	return Promise.all(files.map(async (file) => parseDistribution(await readFile(join(directory, file), "utf8"), file)));
}
// src/plan/dockerfile-text.ts
var import_main = require_main();
/** Throws `bad-input` when there is no FROM with an image. */
function parseDockerfile(text) {
	const ast = import_main.DockerfileParser.parse(text);
	const at = offsets(text);
	const span = (range) => ({
		start: at(range.start),
		end: at(range.end)
	});
	const stages = ast.getFROMs().flatMap((from) => toStage(from, span) ?? []);
	if (stages.length === 0) throw new PerennialError("bad-input", "The Dockerfile has no FROM instruction with an image", { hint: "Give the Dockerfile that the image was built with, or leave it out." });
	return {
		text,
		escape: ast.getEscapeCharacter(),
		instructions: ast.getInstructions().map((instruction) => toInstruction(instruction, span)),
		stages,
		variables: [...ast.getInitialARGs(), ...ast.getInstructions().filter(isDefinition)].filter((one, index, all) => all.indexOf(one) === index).flatMap((definition) => toVariables(definition, span))
	};
}
function toStage(from, span) {
	const range = from.getImageRange();
	const text = from.getImage();
	if (!range || !text) return void 0;
	return {
		name: from.getBuildStage() ?? "",
		image: {
			...span(range),
			text
		},
		line: range.start.line + 1
	};
}
function toInstruction(instruction, span) {
	const whole = span(instruction.getRange());
	const args = instruction.getArguments().map((argument) => ({
		...span(argument.getRange()),
		text: argument.getValue()
	}));
	const range = instruction.getArgumentsRange();
	const keyword = instruction.getKeyword();
	const inner = keyword === "ONBUILD" ? args.shift() : void 0;
	const body = range ? span(range) : {
		start: whole.end,
		end: whole.end
	};
	return {
		...whole,
		keyword: inner ? inner.text.toUpperCase() : keyword,
		body: inner ? {
			start: inner.end,
			end: body.end
		} : body,
		arguments: args
	};
}
function isDefinition(instruction) {
	return instruction.getKeyword() === "ARG" || instruction.getKeyword() === "ENV";
}
function toVariables(definition, span) {
	const kind = definition.getKeyword();
	const { start } = span(definition.getRange());
	return definition.getProperties().map((property) => {
		const range = property.getValueRange();
		const value = property.getValue() ?? void 0;
		return {
			kind,
			name: property.getName(),
			start,
			value,
			span: range ? unquoted(span(range), value) : void 0
		};
	});
}
/** The quotes around a value are in its range, but not in the value. */
function unquoted(span, value) {
	return value !== void 0 && span.end - span.start === value.length + 2 ? {
		start: span.start + 1,
		end: span.end - 1
	} : span;
}
function offsets(text) {
	const starts = [0];
	for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
	return ({ line, character }) => (starts[line] ?? text.length) + character;
}
// src/plan/dockerfile-stages.ts
/**
* What each stage stands on, and which image the final one stands on in the end (through other stages).
* @param buildArgs values given at build time; they win over ARG defaults before the first FROM.
* @returns `resolved`: the image or stage that each FROM names; `roots`: the image at the end of that chain.
* Throws `base-unknown` when the final stage's image is not known, or is `scratch`.
*/
function resolveStages({ stages, variables }, buildArgs) {
	const values = globalArgs(stages[0], variables, buildArgs);
	const resolved = stages.map(({ image }) => expandVariables(image.text, values));
	const roots = [];
	for (const [at, image] of resolved.entries()) {
		const parent = stages.findLastIndex(({ name }, index) => index < at && isNamed(name, image));
		roots.push(parent < 0 ? image : roots[parent]);
	}
	const finalBase = roots.at(-1);
	if (finalBase === "" || finalBase === "scratch" || finalBase.includes("$")) {
		const written = stages.at(-1).image.text;
		throw new PerennialError("base-unknown", `The base of the Dockerfile's last stage is not known: ${written}`, { hint: "Give the build arguments that the image was built with, or name the base." });
	}
	return {
		resolved,
		roots,
		finalBase
	};
}
/**
* Puts values into `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` as the Dockerfile frontend does.
* Names without a value stay as they are.
*/
function expandVariables(text, values) {
	return text.replace(/\$(?:(\w+)|\{(\w+)(?:(:[-+])([^}]*))?\})/g, (whole, plain, braced, operator, word) => {
		const value = values.get(plain ?? braced);
		if (operator === ":-") return value || word;
		if (operator === ":+") return value ? word : "";
		return value ?? whole;
	});
}
/** ARGs before the first FROM: the only variables that a FROM may use. */
function globalArgs(first, variables, buildArgs) {
	const values = /* @__PURE__ */ new Map();
	for (const { kind, name, value, start } of variables) {
		if (kind !== "ARG" || start > first.image.start) continue;
		const given = buildArgs[name] ?? value;
		if (given !== void 0) values.set(name, given);
	}
	return values;
}
/** Stage names are compared without case. */
function isNamed(name, image) {
	return name !== "" && name.toLowerCase() === image.toLowerCase();
}
// src/plan/version-token.ts
const TOKEN = /\d+(?:\.\d+)*/g;
/**
* The name with every version number replaced by `#`: `postgresql-13-ip4r` -> `postgresql-#-ip#r`.
* The `t64` of the 64-bit time_t libraries (Debian trixie, Ubuntu 24.04) is not part of a name's pattern.
*/
function versionPattern(name) {
	return withoutTimeT(name).replace(TOKEN, "#");
}
/** The version numbers in a name, in order: `libapache2-mod-php7.4` -> ['2', '7.4']. */
function versionTokens(name) {
	return withoutTimeT(name).match(TOKEN) ?? [];
}
/**
* What changed between two names of one pattern, when it is one number (which may occur more than once);
* undefined when the names are equal, of different patterns, or differ in several numbers.
*/
function findVersionChange(from, to) {
	if (versionPattern(from) !== versionPattern(to)) return void 0;
	const before = versionTokens(from);
	const after = versionTokens(to);
	const changed = before.flatMap((token, at) => token === after[at] ? [] : [at]);
	const first = changed[0];
	if (first === void 0) return void 0;
	const change = {
		old: before[first],
		new: after[first]
	};
	if (changed.some((at) => before[at] !== change.old || after[at] !== change.new)) return void 0;
	return {
		stem: stemBefore(withoutTimeT(from), first),
		...change
	};
}
/** The name without one of its version numbers: `mariadb-server-10.5` -> `mariadb-server`. */
function withoutToken(name, token) {
	const bare = withoutTimeT(name);
	const escaped = token.replaceAll(".", "\\.");
	return bare.replace(new RegExp(`-?(?<![\\d.])${escaped}(?![\\d.])`), "");
}
/** `libssl3t64` -> `libssl3`; a name with another `t64` in it stays. */
function withoutTimeT(name) {
	return name.replace(/(?<=\d[a-z]?|[a-z])t64(?=$|-)/, "");
}
function stemBefore(name, index) {
	const match = [...name.matchAll(TOKEN)][index];
	return name.slice(0, match.index).replace(/[-.]$/, "");
}
// src/plan/path-substitution.ts
/**
* The version numbers that moved, from package names and source names that differ in one number only. Give it the
* resolutions of *all* old packages: `postgresql` keeps its name while the automatic `postgresql-13` tells the number.
* Libraries are left out, since an soname names no configuration. The first of two answers for one stem wins.
*/
function deriveSubstitutions(resolutions) {
	const found = /* @__PURE__ */ new Map();
	for (const { old, new: target, sources } of resolutions) {
		if (!target) continue;
		for (const change of [findVersionChange(old, target), sources && findVersionChange(sources.old, sources.new)]) {
			if (!change || !isTelling(change.stem)) continue;
			const key = `${change.stem} ${change.old}`;
			if (!found.has(key)) found.set(key, change);
		}
	}
	return [...found.values()].sort((a, b) => a.stem < b.stem ? -1 : 1);
}
/** Where a path of the old system lies on the new one: `/etc/php/7.4/fpm` -> `/etc/php/8.4/fpm`. */
function mapPath(path, substitutions) {
	return substitute(path, substitutions);
}
/**
* Rewrites versioned names and paths in a text: `php7.4`, `/php/7.4/`, `postgresql-13`, `java-11-openjdk`.
* A bare number, a longer one (`php7.45`, `php7.4.3`) and a number after any other word stay.
*/
function rewriteText(text, substitutions) {
	const hits = [];
	return {
		text: text.split("\n").map((before, at) => {
			const after = substitute(before, substitutions);
			if (after !== before) hits.push({
				line: at + 1,
				before,
				after
			});
			return after;
		}).join("\n"),
		hits
	};
}
/** Where the substitutions change a text, as offsets, in order and without overlaps. */
function findSubstitutions(text, substitutions) {
	if (!substitutions.some(({ stem, old }) => text.includes(old) && text.includes(stem))) return [];
	const changes = new Map(substitutions.map((change) => [`${change.stem} ${change.old}`, change.new]));
	return [...text.matchAll(patternOf(substitutions))].map((match) => {
		const { stem, joint, old, order } = match.groups;
		const now = changes.get(`${stem} ${old}`);
		const written = order === void 0 ? `${stem}${joint}${now}` : `${now}-${stem}`;
		return {
			start: match.index,
			end: match.index + match[0].length,
			text: written
		};
	});
}
/** One pass over all substitutions: what 7.4 -> 8.2 wrote must not be changed again by 8.2 -> 8.4 of the same stem. */
function substitute(text, substitutions) {
	let result = "";
	let from = 0;
	for (const hit of findSubstitutions(text, substitutions)) {
		result += text.slice(from, hit.start) + hit.text;
		from = hit.end;
	}
	return result + text.slice(from);
}
/** Compiled once for each list: a payload has many paths. */
const compiled = /* @__PURE__ */ new WeakMap();
function patternOf(substitutions) {
	const known = compiled.get(substitutions) ?? compile(substitutions);
	compiled.set(substitutions, known);
	return known;
}
/**
* `stem`, then the number directly, after `-`, behind another word (`php-fpm7.4`), or as a path component of its own; or the number before the stem, as Java does
* (`java-11-openjdk`). `lib` may stand before the stem (`libphp7.4.so`), any other letter or digit may not.
*/
function compile(substitutions) {
	const forms = substitutions.toSorted((a, b) => b.stem.length - a.stem.length).flatMap((change) => {
		const stem = `(?<stem>${escapePattern(change.stem)})`;
		const old = `(?<old>${escapePattern(change.old)})`;
		return [
			`${NAME_START}${stem}(?<joint>-?|-[a-z]+)${old}${NAME_END}`,
			`${NAME_START}${stem}(?<joint>/)${old}${PART_END}`,
			`(?<=[-/])${old}(?<order>-)${stem}${NAME_END}`
		];
	});
	return new RegExp(forms.join("|"), "g");
}
/** Not in the middle of a longer word. */
const NAME_START = "(?<=(?:^|[^A-Za-z0-9.])(?:lib)?)";
/** Not in the middle of a longer number or word. */
const NAME_END = "(?![A-Za-z0-9]|\\.\\d)";
/** A path component of just this number. */
const PART_END = "(?![\\w.-])";
function escapePattern(text) {
	return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
/** An soname (`libicu67`) says nothing about files of the owner, nor does a stem of one letter. */
function isTelling(stem) {
	return /^[a-z][a-z0-9+.-]+$/.test(stem) && !stem.startsWith("lib");
}
// src/plan/rewrite-dockerfile-paths.ts
const WITH_PATHS = /* @__PURE__ */ new Set([
	"RUN",
	"CMD",
	"ENTRYPOINT",
	"ENV",
	"ARG",
	"HEALTHCHECK",
	"VOLUME",
	"WORKDIR",
	"SHELL"
]);
/**
* Versioned names and paths in everything that runs or is set. Of COPY and ADD only the destination: the sources are files
* of the build context, which keep their names.
*/
function rewritePaths(docker, substitutions, replacements) {
	return spansWithPaths(docker).flatMap(({ start, end }) => {
		const text = docker.text.slice(start, end);
		const versions = findSubstitutions(text, substitutions).map((hit) => ({
			hit,
			why: `${text.slice(hit.start, hit.end)} is ${hit.text} on the new base`
		}));
		return [...replacements.flatMap(({ from, to }) => findWord(text, from).map((at) => ({
			hit: {
				start: at,
				end: at + from.length,
				text: to
			},
			why: `${from} is ${to} now`
		}))), ...versions].map(({ hit, why }) => ({
			start: start + hit.start,
			end: start + hit.end,
			text: hit.text,
			why
		}));
	});
}
/** Package sources that a RUN adds or edits: their suites, and the host that only keeps releases of the past. */
function rewriteReleaseNames(docker, codenames) {
	if (!codenames) return [];
	const { old, new: now } = codenames;
	const suite = new RegExp(`(?<![\\w.])${old}(/updates)?(?![\\w.])`, "g");
	return docker.instructions.filter((instruction) => instruction.keyword === "RUN").flatMap(({ body }) => {
		const text = docker.text.slice(body.start, body.end);
		if (!/sources\.list|\bdeb(-src)?\s|add-apt-repository/.test(text)) return [];
		const suites = [...text.matchAll(suite)].map((match) => ({
			start: body.start + match.index,
			end: body.start + match.index + match[0].length,
			text: match[1] ? `${now}-security` : now,
			why: `package sources of ${old} are no use on ${now}`
		}));
		const hosts = [...text.matchAll(/\barchive\.debian\.org\b/g)].map((match) => ({
			start: body.start + match.index,
			end: body.start + match.index + match[0].length,
			text: "deb.debian.org",
			why: `${now} is not in the archive of past releases`
		}));
		return [...suites, ...hosts];
	});
}
function spansWithPaths(docker) {
	return docker.instructions.flatMap((instruction) => {
		if (WITH_PATHS.has(instruction.keyword)) return [instruction.body];
		return instruction.keyword === "COPY" || instruction.keyword === "ADD" ? destination(docker, instruction) : [];
	});
}
function destination(docker, instruction) {
	const end = docker.text.slice(instruction.body.start, instruction.body.end).includes("<<") ? docker.text.indexOf("\n", instruction.body.start) : instruction.body.end;
	const last = instruction.arguments.findLast((argument) => argument.end <= end);
	return last ? [{
		start: last.start,
		end: last.end
	}] : [];
}
function findWord(text, word) {
	const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	return [...text.matchAll(new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, "g"))].map((match) => match.index);
}
// src/plan/shell-words.ts
/**
* Splits a part of a Dockerfile into shell words with their places. It knows as much of the shell as is needed to find the
* words of a command: quotes, continuations, comments and what ends a command. No expansion.
*/
function scanShell(text, span, options) {
	const tokens = [];
	const rules = rulesFor(options);
	let at = span.start;
	let lineStart = options.lines;
	while (at < span.end) {
		const rest = text.slice(at, span.end);
		const gap = (lineStart ? rules.lineGap : rules.gap).exec(rest)?.[0].length ?? 0;
		lineStart = false;
		if (gap > 0) {
			lineStart = text[at + gap - 1] === "\n";
			at += gap;
			continue;
		}
		const separator = rules.separator.exec(rest)?.[0];
		const found = separator ?? rules.word.exec(rest)?.[0] ?? rest[0];
		tokens.push({
			kind: separator ? "separator" : "word",
			text: found,
			start: at,
			end: at + found.length
		});
		lineStart = found === "\n";
		at += found.length;
	}
	return tokens;
}
/** The word without the quotes around it, and where that is. */
function unquote(word) {
	const quoted = /^(["'])(.*)\1$/s.exec(word.text);
	if (!quoted) return {
		start: word.start,
		end: word.end,
		text: word.text
	};
	return {
		start: word.start + 1,
		end: word.end - 1,
		text: quoted[2]
	};
}
function rulesFor({ lines, json, ...options }) {
	const gap = `(?:${`${options.escape === "`" ? "`" : "\\\\"}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*`}|${json ? "[\\s,\\[\\]]" : lines ? "[ \\t\\r]" : "\\s"})+`;
	return {
		gap: new RegExp(`^${gap}`),
		lineGap: new RegExp(`^(?:[ \\t]*#[^\\n]*\\n?|${gap})`),
		separator: json ? /^(?!)/ : /^(?:&&|\|\||[;|&(){}<>\n`])/,
		word: json ? /^"(?:[^"\\]|\\[\s\S])*"/ : /^(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\$\{[^}]*\}|\\[\s\S]|[^\s;|&()<>"'`\\])+/
	};
}
/** Words that no shell reads as anything but themselves; an assignment (`A=b`) would be one as the first word. */
const PLAIN = /^(?!\w+=)[\w@%+=:,./-]+$/;
/**
* One argument as a word of POSIX shell: whatever it holds (quotes, `$(...)`, line breaks, odd bytes as in system/byte-text.ts), the
* shell gives exactly it to the program. Options are not told from operands: that is the program's `--`.
* Throws a TypeError for a NUL, which no argument can hold.
*/
function shellWord(word) {
	if (word.includes("\0")) throw new TypeError(`an argument cannot hold a NUL: ${JSON.stringify(word)}`);
	return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
/** An argument array as a line of shell. */
function shellWords(argv) {
	return argv.map(shellWord).join(" ");
}
// src/plan/install-words.ts
const PROGRAM = /(?:^|\/)(?:apt-get|apt|aptitude|apt-mark)$/;
const VERBS = /* @__PURE__ */ new Set([
	"install",
	"reinstall",
	"remove",
	"purge",
	"autoremove",
	"hold",
	"unhold",
	"manual",
	"auto"
]);
const RELEASE = /* @__PURE__ */ new Set([
	"-t",
	"--target-release",
	"--default-release"
]);
const WITH_VALUE = /* @__PURE__ */ new Set([
	...RELEASE,
	"-o",
	"--option",
	"-c",
	"--config-file",
	"-a",
	"--host-architecture"
]);
/** The commands of a RUN instruction (shell form, exec form, here-documents, `sh -c "..."`) that name Debian packages. */
function findPackageCommands(docker, instruction) {
	if (instruction.keyword !== "RUN") return [];
	return runParts(docker, instruction).flatMap((part) => commandsIn(docker, part));
}
/** Assignments of shell variables (`deps="gcc make"`) in a RUN instruction, their values without quotes. */
function findAssignments(docker, instruction) {
	const found = /* @__PURE__ */ new Map();
	for (const part of runParts(docker, instruction)) for (const { kind, text, start } of scan(docker, part)) {
		const match = kind === "word" ? /^(\w+)=(["']?)(.*)\2$/s.exec(text) : null;
		if (!match) continue;
		const from = start + match[1].length + 1 + match[2].length;
		found.set(match[1], {
			start: from,
			end: from + match[3].length
		});
	}
	return found;
}
function runParts({ text }, { body }) {
	const content = text.slice(body.start, body.end);
	if (/^\s*\[\s*"/.test(content)) return [{
		...body,
		form: "json"
	}];
	const heredoc = /^[^\n]*<<-?\s*["']?\w+["']?[^\n]*\n/.exec(content);
	if (!heredoc) return [{
		...body,
		form: "shell"
	}];
	const cut = body.start + heredoc[0].length;
	return [{
		start: body.start,
		end: cut - 1,
		form: "shell"
	}, {
		start: cut,
		end: body.end,
		form: "heredoc"
	}];
}
function scan(docker, part) {
	const heredoc = part.form === "heredoc";
	const mark = heredoc ? "\\" : docker.escape;
	return scanShell(docker.text, part, {
		escape: mark,
		lines: heredoc,
		json: part.form === "json"
	});
}
function commandsIn(docker, part) {
	const tokens = scan(docker, part);
	const nested = tokens.filter((token) => token.kind === "word" && /^["'].*\bapt\b.*["']$/s.test(token.text) && /\s/.test(token.text)).flatMap((token) => commandsIn(docker, {
		...spanOf(unquote(token)),
		form: "shell"
	}));
	return [...splitCommands(tokens).flatMap((words) => toCommand(words, part.form === "json") ?? []), ...nested];
}
function spanOf({ start, end }) {
	return {
		start,
		end
	};
}
function splitCommands(tokens) {
	const commands = [[]];
	for (const token of tokens) if (token.kind === "separator") commands.push([]);
	else commands.at(-1).push(token);
	return commands;
}
function toCommand(tokens, json) {
	const words = toWords(tokens);
	const program = words.findIndex(({ text }) => PROGRAM.test(text));
	const verb = words.findIndex(({ text }, at) => program >= 0 && at > program && VERBS.has(text));
	if (verb < 0) return void 0;
	const command = {
		verb: words[verb].text,
		words: [],
		releases: [],
		json
	};
	for (let at = program + 1; at < words.length; at++) {
		const word = words[at];
		if (at === verb) continue;
		if (word.text.startsWith("-")) {
			const value = WITH_VALUE.has(word.text) ? words[++at] : void 0;
			command.releases.push(...releaseOption(word, value));
		} else if (at > verb) command.words.push(word);
	}
	return command;
}
/** Words with their places; of the first one only the word itself can be cut. */
function toWords(tokens) {
	return tokens.map((token, at) => ({
		...unquote(token),
		cut: {
			start: tokens[at - 1]?.end ?? token.start,
			end: token.end
		}
	}));
}
function releaseOption(option, value) {
	const joined = /^(?:-t|--target-release=|--default-release=)(.+)$/.exec(option.text)?.[1];
	const release = value ? RELEASE.has(option.text) ? value.text : void 0 : joined;
	if (release === void 0) return [];
	return [{
		...option,
		text: release,
		cut: {
			start: option.cut.start,
			end: (value ?? option).cut.end
		}
	}];
}
// src/plan/rewrite-package-words.ts
/** `name[:arch][=version][/release][+-]`, as apt-get(8) takes it. */
const WORD = /^([a-z0-9][a-z0-9+.-]*)(:[a-z0-9-]+)?(=[^/]+)?(\/.+)?$/;
/** Finds the edits that make every apt command of a Dockerfile name packages of the new base. */
var PackageWordRewriter = class {
	docker;
	resolutions;
	buildArgs;
	newArgs;
	codename;
	constructor(docker, resolutions, buildArgs, codenames) {
		this.docker = docker;
		this.resolutions = new Map(resolutions.map((resolution) => [resolution.old, resolution]));
		this.buildArgs = buildArgs;
		this.newArgs = { ...buildArgs };
		this.codename = codenames?.old;
	}
	edits() {
		return this.docker.instructions.flatMap((instruction) => findPackageCommands(this.docker, instruction).flatMap((command) => [...command.releases.flatMap((release) => this.releaseEdit(release)), ...command.words.flatMap((word) => this.wordEdits(word, command, instruction))]));
	}
	/** Every package name, each once, in the order of the file. */
	names() {
		const words = this.docker.instructions.flatMap((instruction) => findPackageCommands(this.docker, instruction).flatMap(({ words }) => words.flatMap((word) => this.listOf(word, instruction) ?? [this.expanded(word, instruction)])));
		return [...new Set(words.flatMap(({ text }) => nameOf(text) ?? []))];
	}
	/** Build arguments with the version numbers that moved; call it after edits(). */
	newBuildArgs() {
		return this.newArgs;
	}
	wordEdits(word, command, instruction) {
		const list = this.listOf(word, instruction);
		if (list) return list.flatMap((inner) => this.literalEdits(inner, inner.text, command));
		const { text } = this.expanded(word, instruction);
		return text === word.text ? this.literalEdits(word, text, command) : this.templateEdits(word, text, command, instruction);
	}
	/** A word without variables. */
	literalEdits(word, text, command) {
		const target = this.target(text);
		if (!target) return [];
		if (target.text === "") return [{
			...word.cut,
			text: "",
			why: target.why
		}];
		if (target.text === text) return [];
		const written = command.json ? target.text.split(" ").join("\", \"") : target.text;
		return [{
			start: word.start,
			end: word.end,
			text: written,
			why: target.why
		}];
	}
	/** `php${V}-fpm`: the number is changed where it is defined, when that gives the new name; else the word is. */
	templateEdits(word, text, command, instruction) {
		const target = this.target(text);
		const change = target && findVersionChange(nameOf(text, this.resolutions) ?? text, target.text);
		const definition = change && this.definitionOf(word.text, change.old, instruction);
		if (!target || !change || !definition) return this.literalEdits(word, text, command);
		if (this.newArgs[definition.name] === change.old) this.newArgs[definition.name] = change.new;
		const why = `${definition.name}: ${target.why}`;
		const bare = word.text.replace(/[=/].*$/s, "");
		const edits = bare === word.text ? [] : [{
			start: word.start,
			end: word.end,
			text: bare,
			why: target.why
		}];
		if (!definition.span || definition.value !== change.old) return edits;
		return [{
			...definition.span,
			text: change.new,
			why
		}, ...edits];
	}
	releaseEdit(release) {
		if (!this.codename || !release.text.startsWith(this.codename)) return [];
		const why = `the new base has no release ${release.text}`;
		return [{
			...release.cut,
			text: "",
			why
		}];
	}
	/** What to write for a word; undefined when nothing is known of it, '' when it goes. */
	target(text) {
		const name = nameOf(text, this.resolutions);
		const resolution = name === void 0 ? void 0 : this.resolutions.get(name);
		if (!resolution) return void 0;
		if (!resolution.new) return {
			text: "",
			why: `${resolution.old} dropped: ${resolution.why}`
		};
		const [, , architecture = "", version = "", release = ""] = WORD.exec(text) ?? [];
		const mark = !WORD.exec(text)?.[1] || nameOf(text) === name ? "" : text.slice(-1);
		const written = [resolution.new, ...resolution.also ?? []].map((one) => `${one}${architecture}${mark}`).join(" ");
		const pin = version || release ? [`${version}${release} is a version of the old release`] : [];
		return {
			text: written,
			why: [...resolution.new === resolution.old ? [] : [`${resolution.old} is ${resolution.new} (${resolution.why})`], ...pin].join("; ")
		};
	}
	/** `$deps` alone: the words of the variable's definition. */
	listOf(word, instruction) {
		const name = /^\$\{?(\w+)\}?$/.exec(word.text)?.[1];
		if (!name) return void 0;
		const span = findAssignments(this.docker, instruction).get(name) ?? this.variable(name, instruction)?.span;
		if (!span) return void 0;
		return toWords(scanShell(this.docker.text, span, {
			escape: this.docker.escape,
			lines: false,
			json: false
		}));
	}
	expanded(word, instruction) {
		if (!word.text.includes("$")) return word;
		const values = /* @__PURE__ */ new Map();
		for (const [, name] of word.text.matchAll(/\$\{?(\w+)/g)) {
			const variable = this.variable(name, instruction);
			const value = this.buildArgs[name] ?? variable?.value;
			if (value !== void 0) values.set(name, value);
		}
		return {
			...word,
			text: expandVariables(word.text, values)
		};
	}
	definitionOf(template, value, instruction) {
		return [...template.matchAll(/\$\{?(\w+)/g)].map(([, name]) => this.variable(name, instruction)).find((variable) => variable && (this.buildArgs[variable.name] ?? variable.value) === value);
	}
	/** The last definition with a value before the instruction. */
	variable(name, instruction) {
		return this.docker.variables.findLast((variable) => variable.name === name && variable.span && variable.span.start < instruction.start);
	}
};
/** A trailing `-` or `+` is apt's remove or install mark unless the name itself ends so (`g++`). */
function nameOf(text, known) {
	const name = WORD.exec(text)?.[1];
	if (name === void 0) return void 0;
	return known && !known.has(name) && /[+-]$/.test(name) ? name.slice(0, -1) : name;
}
// src/plan/text-edits.ts
/**
* Applies edits that were computed on the original text. Of two that overlap the first in the list counts, so put the
* more specific first.
*/
function applyEdits(text, edits) {
	const chosen = [];
	for (const edit of edits) if (!chosen.some((other) => edit.start < other.end && other.start < edit.end)) chosen.push(edit);
	chosen.sort((a, b) => a.start - b.start);
	return {
		text: splice(text, 0, text.length, chosen),
		changes: lineChanges(text, chosen)
	};
}
/** Edits that touch the same lines are one change. */
function lineChanges(text, edits) {
	const groups = [];
	for (const edit of edits) {
		const start = text.lastIndexOf("\n", edit.start - 1) + 1;
		const newline = text.indexOf("\n", edit.end);
		const end = newline < 0 ? text.length : newline;
		const last = groups.at(-1);
		if (last && start < last.end) {
			last.end = end;
			last.edits.push(edit);
		} else groups.push({
			start,
			end,
			edits: [edit]
		});
	}
	return groups.map((group) => ({
		line: text.slice(0, group.start).split("\n").length,
		before: text.slice(group.start, group.end),
		after: splice(text, group.start, group.end, group.edits),
		why: [...new Set(group.edits.map((edit) => edit.why))].join("; ")
	}));
}
function splice(text, start, end, edits) {
	let result = "";
	let from = start;
	for (const edit of edits) {
		result += text.slice(from, edit.start) + edit.text;
		from = edit.end;
	}
	return result + text.slice(from, end);
}
// src/plan/rewrite-dockerfile.ts
/**
* Rewrites an old Dockerfile for a new base: the final stage's FROM (and every other on the same image), package names and
* pins in apt commands, versioned names and paths. All else stays byte for byte. Pure.
* Throws `bad-input` without a FROM, `base-unknown` when the final base cannot be told.
*/
function rewriteDockerfile(text, request) {
	const whole = parseDockerfile(text);
	const buildArgs = request.buildArgs ?? {};
	const { finalBase, stages, fromEdits, moved } = rebase(whole, request);
	const docker = {
		...whole,
		instructions: whole.instructions.filter(moved)
	};
	const words = new PackageWordRewriter(docker, request.resolutions, buildArgs, request.codenames);
	return {
		...applyEdits(text, [
			...fromEdits,
			...words.edits(),
			...rewriteReleaseNames(docker, request.codenames),
			...rewritePaths(docker, request.substitutions ?? [], request.replacements ?? [])
		]),
		finalBase,
		stages,
		buildArgs: words.newBuildArgs()
	};
}
/** Package names that the file's apt commands use, variables put in: what resolvePackages is to be asked for. */
function dockerfilePackages(text, buildArgs = {}) {
	return new PackageWordRewriter(parseDockerfile(text), [], buildArgs).names();
}
function rebase(docker, request) {
	const { finalBase, resolved, roots } = resolveStages(docker, request.buildArgs ?? {});
	const isOld = (image) => image === finalBase || image === request.oldBase;
	const stages = docker.stages.map(({ name, line, image }, at) => ({
		name,
		line,
		image: image.text,
		resolved: resolved[at],
		rebased: isOld(roots[at])
	}));
	const why = `the service moves from ${finalBase} to ${request.base}`;
	const fromEdits = docker.stages.filter((_, at) => isOld(resolved[at]) && resolved[at] !== request.base).map(({ image }) => ({
		start: image.start,
		end: image.end,
		text: request.base,
		why
	}));
	const moved = ({ start }) => {
		const at = docker.stages.findLastIndex(({ image }) => image.start < start);
		return at >= 0 && stages[at].rebased;
	};
	return {
		finalBase,
		stages,
		fromEdits,
		moved
	};
}
// src/plan/generate-dockerfile.ts
/**
* A Dockerfile for a bag that has none: the base, the packages that a person chose, and the image's own settings.
* Comes from a bag, so every value is checked or quoted. Throws `bad-input` on a package or image name that is none.
* An environment value with a line break cannot stand in a Dockerfile; it is left to the run options, with a comment.
*/
function generateDockerfile(packages, base, settings = {}) {
	if (!/^[\w][\w./:@-]*$/.test(base)) throw notA("image reference", base);
	for (const name of packages) if (!/^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?$/.test(name)) throw notA("package name", name);
	const labels = Object.entries(settings.labels ?? {}).map(([name, value]) => `LABEL ${quote(name)}=${quote(value)}`);
	const lines = [
		`FROM ${base}`,
		...labels,
		...environment(settings.env ?? {}),
		...installation(packages)
	];
	for (const port of settings.expose ?? []) {
		if (!/^\d+(-\d+)?(\/(tcp|udp|sctp))?$/.test(port)) throw notA("port", port);
		lines.push(`EXPOSE ${port}`);
	}
	if (settings.volumes?.length) lines.push(`VOLUME ${exec(settings.volumes.map((path) => oneLine("volume", path)))}`);
	if (settings.workdir) lines.push(`WORKDIR ${oneLine("working directory", settings.workdir)}`);
	if (settings.user) lines.push(`USER ${oneLine("user", settings.user)}`);
	if (settings.entrypoint?.length) lines.push(`ENTRYPOINT ${exec(settings.entrypoint)}`);
	if (settings.cmd?.length) lines.push(`CMD ${exec(settings.cmd)}`);
	return `${lines.join("\n")}\n`;
}
function installation(packages) {
	if (packages.length === 0) return [];
	return [
		"RUN apt-get update \\",
		" && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\",
		...[...new Set(packages)].sort().map((name) => `      ${name} \\`),
		" && rm -rf /var/lib/apt/lists/*"
	];
}
function environment(env) {
	return Object.entries(env).map(([name, value]) => {
		if (!/^[A-Za-z_]\w*$/.test(name)) throw notA("name of an environment variable", name);
		if (/[\r\n]/.test(value)) return `# ENV ${name} has several lines: give it when the container is started`;
		return `ENV ${name}=${quote(value)}`;
	});
}
/** For ENV and LABEL, which read variables and escapes; a line break (possible in a label only) becomes a blank. */
function quote(value) {
	return `"${value.replace(/\s*[\r\n]+\s*/g, " ").replace(/["\\$]/g, "\\$&")}"`;
}
/** The exec form. */
function exec(words) {
	return JSON.stringify(words);
}
/** `$` would be read as a variable. */
function oneLine(what, value) {
	if (/[\r\n]/.test(value)) throw notA(what, value);
	return value.replace(/[\\$]/g, "\\$&");
}
function notA(what, value) {
	return new PerennialError("bad-input", `Not a ${what}: ${JSON.stringify(value)}`, { hint: "The bag was written by something else, or changed since: run `perennial verify` on it." });
}
// src/plan/image-settings.ts
/** What a generated Dockerfile repeats of the old image: everything but its PATH, which the base has of its own. */
function imageSettings(image) {
	const { PATH: _, ...env } = image?.env ?? {};
	return {
		entrypoint: image?.entrypoint ?? [],
		cmd: image?.command ?? [],
		env,
		expose: image?.exposed ?? [],
		volumes: image?.volumes ?? [],
		workdir: image?.workdir ?? "",
		user: image?.user ?? ""
	};
}
// src/plan/repeatable-options.ts
/** Name of the volume for a mount point, behind the container's own name: `/srv/data` -> `srv-data`. */
function volumeSuffix(destination) {
	return destination.replace(/[^a-zA-Z0-9_.-]+/g, "-").replace(/^-|-$/g, "");
}
/** One named volume for each mount point; `/a/b` and `/a-b` do not fall together. */
function namedVolumes(name, mountPoints) {
	return mountPoints.map((destination, at) => {
		const suffix = volumeSuffix(destination);
		return {
			type: "volume",
			source: `${name}-${suffix}${mountPoints.slice(0, at).some((other) => volumeSuffix(other) === suffix) || suffix === "" ? `.${at}` : ""}`,
			destination,
			writable: true,
			anonymous: false
		};
	});
}
/** Capabilities that reach the host (capabilities(7)): a bag may be a stranger's. */
const HOST_CAPABILITIES = /^(CAP_)?(ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|SYS_BOOT|DAC_READ_SEARCH|BPF|PERFMON|MAC_ADMIN|MAC_OVERRIDE)$/;
/**
* The options less those that hand the host over to the container, unless they are allowed. What is taken away is added
* to `notes`.
*/
function withoutHostRights(run, notes) {
	const capAdd = run.capAdd.filter((name) => !HOST_CAPABILITIES.test(name));
	const taken = [
		...run.privileged ? ["--privileged"] : [],
		...run.networkMode === "host" ? ["--network host"] : [],
		...run.capAdd.filter((name) => HOST_CAPABILITIES.test(name)).map((name) => `--cap-add ${name}`)
	];
	if (taken.length > 0) notes.push(`Rights over this machine are not given without --allow-privileged: ${taken.join(", ")}`);
	return {
		...run,
		capAdd,
		privileged: false,
		networkMode: run.networkMode === "host" ? "" : run.networkMode
	};
}
/**
* The options of the old container that make sense anywhere, with `mounts` in place of its own (tmpfs excepted). What
* cannot be repeated is added to `notes` in words.
*/
function repeatableOptions(recorded, mounts, notes, allowPrivileged = false) {
	const run = allowPrivileged ? recorded : withoutHostRights(recorded, notes);
	const tmpfs = run.mounts.filter((mount) => mount.type === "tmpfs");
	if (run.readOnly) notes.push("The old container had a read-only root; the new one has not, since its state is put into it");
	if (run.devices.length > 0) notes.push(`Devices of the old host are not passed on: ${run.devices.join(", ")}`);
	const network = ["host", "none"].includes(run.networkMode) ? run.networkMode : "";
	if (run.networkMode && !network && ![
		"default",
		"bridge",
		"slirp4netns",
		"pasta"
	].includes(run.networkMode)) notes.push(`The old container was on the network ${run.networkMode}; the new one is on the engine's default network`);
	const { readOnly: _, devices: __, ...rest } = run;
	return {
		...rest,
		hostname: /^[0-9a-f]{12}$/.test(run.hostname) ? "" : run.hostname,
		mounts: [...mounts, ...tmpfs],
		networkMode: network
	};
}
// src/plan/waiting-command.ts
/** Present in the container once its state is back; the entry point waits for it. */
const READY_MARK = "/var/lib/perennial/restored";
/**
* The container's main process: it waits until the state is back and then becomes what the owner had it run.
* After a restart of the container the mark is there and nothing waits. A mark with something in it is for one try: it is
* taken away, so that a container whose process ended can be started, mended and tried again.
*/
const WAIT = `while [ ! -e ${READY_MARK} ]; do sleep 0.1; done; [ ! -s ${READY_MARK} ] || rm -f ${READY_MARK}; exec "$@"`;
/** What follows `--entrypoint /bin/sh IMAGE`, for a main process of these words; it sleeps when there are none. */
function waitingCommand(words) {
	return [
		"-c",
		WAIT,
		"perennial",
		...words.length > 0 ? words : ["sleep", "infinity"]
	];
}
// src/bag/unpack-bag.ts
const MOST_MEMBERS = 1e6;
/** What is large in a bag is compressed already, so a packed bag grows little: anything else is a bomb. */
const LARGEST_GROWTH = 100;
const SMALLEST_LIMIT = 1024 ** 3;
/**
* Unpacks a packed bag into an empty folder. Only plain files and folders with safe names are made, each file once; `bag-invalid` for
* links, devices, `..`, absolute names, too many members, or far more bytes than `packedSize` explains.
*/
async function unpackBag(path, packedSize, into) {
	const limit = Math.max(SMALLEST_LIMIT, packedSize * LARGEST_GROWTH);
	let members = 0;
	let bytes = 0;
	for await (const member of readTar(await openPacked(path), path)) {
		bytes += member.header.size;
		if (++members > MOST_MEMBERS) throw refused(path, "it has too many members");
		if (bytes > limit) throw refused(path, `it unpacks to more than ${limit} bytes`);
		await unpackMember(member, path, into);
	}
}
async function openPacked(path) {
	await using file = await open(path);
	const magic = Buffer.alloc(4);
	await file.read(magic, 0, 4, 0);
	const source = createReadStream(path, { highWaterMark: 1048576 });
	return magic.readUInt32LE() === 4247762216 ? decompressFrames(source, path) : source;
}
async function unpackMember({ header, body }, name, into) {
	const { path, kind } = header;
	if (kind === "directory" && path === "") return;
	if (!isBagPath(path)) throw refused(name, `its member ${printable(path)} has an unsafe name`);
	if (kind === "directory") await once(name, path, () => mkdir(join(into, path), { recursive: true }));
	else if (kind === "file" && !header.sparse) await once(name, path, () => unpackFile(join(into, path), header.mode, body));
	else throw refused(name, `its member ${printable(path)} is no plain file (${header.sparse ? "sparse" : kind})`);
}
async function unpackFile(path, mode, body) {
	await mkdir(dirname(path), { recursive: true });
	await using file = await open(path, "wx", 384 | mode & 511);
	for await (const chunk of body) await file.appendFile(chunk);
}
/** A name that is a file already, or a folder where a file shall be, is the archive's fault. */
async function once(name, path, make) {
	try {
		await make();
	} catch (cause) {
		const code = cause.code ?? "";
		if (![
			"EEXIST",
			"EISDIR",
			"ENOTDIR"
		].includes(code)) throw cause;
		throw refused(name, `its member ${printable(path)} is there twice`, cause);
	}
}
function refused(name, what, cause) {
	return new PerennialError("bag-invalid", `${name} is not a packed bag: ${what}`, {
		hint: "Name the folder or the .tar.zst file that `perennial archive` wrote. Nothing of this one was used.",
		cause
	});
}
// src/bag/pack-bag.ts
/**
* Packs a bag folder into one `.tar.zst` file with the folder's name at its top (RFC 8493, section 4.2), for stores that take single
* files. Names, contents and the files' modes decide the bytes, times and owners do not. An existing file is replaced. Returns the file's bytes
* and sha256. Throws `bag-invalid` for links and devices in the folder, `store-failed`.
*/
async function packBag(dir, outFile) {
	const out = resolve(outFile);
	const partial = `${out}.partial-${process.pid}`;
	try {
		const fixity = await writeDurably(partial, 384, async (sink) => {
			const frames = new FrameWriter(sink);
			for await (const chunk of tarOf(resolve(dir), basename(resolve(dir)))) await frames.write(chunk);
			await frames.end();
		});
		await orStoreFailed(out, () => rename(partial, out));
		await syncDirectory(dirname(out));
		return fixity;
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}
async function* tarOf(dir, name) {
	yield* tarMembers(dir, name);
	yield endOfTar;
}
async function* tarMembers(path, name) {
	yield encodeTarMember(headerOf(name, "directory", 493, 0));
	const entries = await readdir(path, { withFileTypes: true });
	for (const entry of entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
		const child = join(path, entry.name);
		if (entry.isDirectory()) yield* tarMembers(child, `${name}/${entry.name}`);
		else if (entry.isFile()) yield* tarFile(child, `${name}/${entry.name}`);
		else throw new PerennialError("bag-invalid", `${child} is neither a plain file nor a folder`);
	}
}
async function* tarFile(path, name) {
	const { mode, size } = await stat(path);
	yield encodeTarMember(headerOf(name, "file", mode, size));
	let sent = 0;
	for await (const chunk of createReadStream(path, { highWaterMark: 1048576 })) {
		sent += chunk.length;
		if (sent <= size) yield chunk;
	}
	if (sent !== size) throw new PerennialError("changed-while-read", `${path} changed while it was packed`);
	yield memberPadding(size);
}
function headerOf(path, kind, mode, size) {
	return {
		path,
		kind,
		linkTarget: "",
		mode: mode & 511,
		uid: 0,
		gid: 0,
		user: "",
		group: "",
		size,
		storedSize: size,
		mtime: "0",
		xattrs: {},
		devMajor: 0,
		devMinor: 0
	};
}
// src/bag/reconcile-payload.ts
/**
* Holds the payload against the index: every kept path is in the payload with its kind, link target and sha256, and
* nothing else is. Both are read once, side by side; only paths that come in another order are held in memory.
*/
async function reconcilePayload(index, payload) {
	const problems = [];
	const entries = new IndexCursor(index);
	const early = /* @__PURE__ */ new Map();
	for await (const member of readTar(payload, "data/payload.tar.zst")) {
		const path = `/${member.header.path}`;
		const found = await foundOf(member);
		const entry = await entries.find(path);
		if (entry) problems.push(...compareOne(entry, found));
		else if (early.has(path)) problems.push(problem(`${show(path)} is in the payload twice`));
		else early.set(path, found);
	}
	for await (const entry of entries.rest()) {
		const found = early.get(entry.path);
		early.delete(entry.path);
		if (found) problems.push(...compareOne(entry, found));
		else if (isInPayload(entry)) problems.push(problem(`${show(entry.path)} is kept by the index, but not in the payload`));
	}
	for (const path of early.keys()) problems.push(problem(`${show(path)} is in the payload, but not in the index`));
	return problems;
}
/** Sockets cannot be archived; a listening program makes them again. */
function isInPayload({ disposition, kind }) {
	return (disposition === "keep" || disposition === "record") && kind !== "socket";
}
async function foundOf(member) {
	const { kind, size, linkTarget } = member.header;
	return {
		kind,
		size,
		linkTarget,
		sha256: kind === "file" ? await contentSha256(member) : void 0
	};
}
function compareOne(entry, found) {
	const path = show(entry.path);
	if (entry.disposition === "delete" || entry.disposition === "leave") return [problem(`${path} is in the payload, but the index says "${entry.disposition}"`)];
	if (found.kind === "hardlink" || entry.hardlink !== void 0) return found.kind === "hardlink" && entry.hardlink === `/${found.linkTarget}` ? [] : [problem(`${path} is not the same hard link in payload and index`)];
	if (found.kind !== entry.kind) return [problem(`${path} is a ${found.kind} in the payload, a ${entry.kind} in the index`)];
	if (entry.kind === "symlink" && entry.target !== found.linkTarget) return [problem(`${path} leads elsewhere in the payload than in the index`)];
	if (found.sha256 !== void 0 && found.sha256 !== entry.sha256) return [{
		code: "digest-mismatch",
		text: `${path}: the content in the payload has not the sha256 of the index`
	}];
	return [];
}
function problem(text) {
	return {
		code: "bag-invalid",
		text
	};
}
/** The index, read as far as the payload needs it. Entries that were passed over wait until they are asked for. */
var IndexCursor = class {
	#entries;
	#waiting = /* @__PURE__ */ new Map();
	#next;
	#done = false;
	constructor(index) {
		this.#entries = index[Symbol.asyncIterator]();
	}
	/** The entry of `path`, once; undefined when the index has none up to its place in the order. */
	async find(path) {
		const waiting = this.#waiting.get(path);
		if (waiting) {
			this.#waiting.delete(path);
			return waiting;
		}
		for (;;) {
			await this.#advance();
			if (!this.#next || comparePaths(this.#next.path, path) > 0) return void 0;
			const entry = this.#next;
			this.#next = void 0;
			if (entry.path === path) return entry;
			if (entry.disposition !== "leave") this.#waiting.set(entry.path, entry);
		}
	}
	/** Everything that was not found. */
	async *rest() {
		yield* this.#waiting.values();
		for (await this.#advance(); this.#next; await this.#advance()) {
			yield this.#next;
			this.#next = void 0;
		}
	}
	async #advance() {
		if (this.#next || this.#done) return;
		const { value, done } = await this.#entries.next();
		if (done) this.#done = true;
		else this.#next = value;
	}
};
// src/bag/verify-bag.ts
/**
* Checks a bag, a path or an open one: every file and digest of BagIt's manifests, the manifest's schema, and that payload and
* index agree on every path and its sha256. All problems are collected and named in one error: `bag-truncated`,
* `digest-mismatch` or `bag-invalid`. Memory stays constant where the payload is in the order of the index. Returns what was checked.
*/
async function verifyBag(pathOrBag) {
	if (typeof pathOrBag !== "string") return verifyOpen(pathOrBag, pathOrBag.dir);
	const bag = await openBag(pathOrBag);
	try {
		return await verifyOpen(bag, pathOrBag);
	} finally {
		await bag.close();
	}
}
async function verifyOpen(bag, name) {
	const { files, bytes, problems } = await checkFixity(bag.dir);
	if (problems.length === 0) problems.push(...await inside(bag));
	throwProblems(name, { problems });
	return {
		files,
		bytes
	};
}
async function inside(bag) {
	try {
		return await reconcilePayload(bag.readIndex(), bag.openPayload());
	} catch (error) {
		if (!(error instanceof PerennialError)) throw error;
		return [{
			code: error.code === "bag-truncated" ? "bag-truncated" : "bag-invalid",
			text: error.message
		}];
	}
}
// src/bag/open-bag.ts
/** A manifest of a hundred thousand packages is smaller. */
const LARGEST_MANIFEST = 67108864;
/**
* Opens a bag: a folder, or one packed by packBag (`.tar` or `.tar.zst`, told by content), which is unpacked below `tempDir`. Only the
* manifest is read; verifyBag checks the rest. Throws `bad-input` when there is nothing, `bag-invalid` when it is no bag, `bag-newer`.
*/
async function openBag(path, options = {}) {
	const found = await stat(path).catch(() => void 0);
	if (!found) throw new PerennialError("bad-input", `There is no bag at ${path}`, { hint: "Name the folder or the .tar.zst file that `perennial archive` wrote." });
	if (found.isDirectory()) return openFolder(resolve(path), path, async () => {});
	const temporary = await mkdtemp(join(options.tempDir ?? tmpdir(), "perennial-bag-"));
	const close = () => rm(temporary, {
		recursive: true,
		force: true
	});
	try {
		await unpackBag(path, found.size, temporary);
		return await openFolder(await bagFolder(temporary), path, close);
	} catch (error) {
		await close();
		throw error;
	}
}
/** A packed bag has one folder at its top (RFC 8493, section 4.2). */
async function bagFolder(unpacked) {
	const names = await readdir(unpacked);
	return names.length === 1 ? join(unpacked, names[0]) : unpacked;
}
async function openFolder(dir, name, close) {
	if (!(await readdir(dir).catch(() => [])).includes("bagit.txt")) throw new PerennialError("bag-invalid", `${name} is not a bag: it has no bagit.txt`, { hint: "Name the folder or the .tar.zst file that `perennial archive` wrote." });
	const file = (path) => fileOf(dir, path);
	return {
		dir,
		manifest: parseManifest(await readSmall(file(MANIFEST)), `${name}/${MANIFEST}`),
		file,
		close,
		readIndex: () => readIndex(createReadStream(file(INDEX)), `${name}/${INDEX}`),
		openPayload: () => Readable.from(decompressFrames(createReadStream(file(PAYLOAD), { highWaterMark: 1048576 }), `${name}/${PAYLOAD}`), {
			objectMode: false,
			highWaterMark: 1048576
		})
	};
}
/** Links inside a bag may lead anywhere: only where the path really ends counts. */
function fileOf(dir, path) {
	if (!isBagPath(path)) throw missingFile(path);
	try {
		const real = realpathSync(join(dir, path));
		if (real.startsWith(realpathSync(dir) + sep)) return real;
	} catch {}
	throw missingFile(path);
}
function missingFile(path) {
	return new PerennialError("bag-invalid", `The bag has no file ${JSON.stringify(path)}`, { hint: "`perennial verify` names everything that is missing; fetch the bag again from where it is kept." });
}
async function readSmall(path) {
	await using file = await open(path);
	if ((await file.stat()).size > LARGEST_MANIFEST) throw new PerennialError("bag-invalid", `${path} is too large to be a manifest`);
	return file.readFile("utf8");
}
// src/report/byte-text.ts
/** Bytes for people: decimal units, three digits. */
function byteText(bytes) {
	if (bytes < 1e3) return `${bytes} B`;
	const units = [
		"kB",
		"MB",
		"GB",
		"TB",
		"PB"
	];
	let value = bytes / 1e3;
	let unit = 0;
	for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1e3;
	return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[unit]}`;
}
export { readRunning as A, recogniseServices as B, parseDockerfile as C, imageOf as D, findRelease as E, diffIndices as F, readRules as H, silentProgress as I, findGolden as L, runSmokeTests as M, compareAnswers as N, releasesBetween as O, diff3MergeRegions as P, goldenFiles as R, withoutToken as S, defaultBase as T, createBag as U, knowledgeFolder as V, rewriteText as _, READY_MARK as a, versionTokens as b, repeatableOptions as c, dockerfilePackages as d, rewriteDockerfile as f, mapPath as g, deriveSubstitutions as h, packBag as i, checkFlaky as j, sameBase as k, imageSettings as l, shellWords as m, openBag as n, waitingCommand as o, shellWord as p, verifyBag as r, namedVolumes as s, byteText as t, generateDockerfile as u, findVersionChange as v, readDistributions as w, withoutTimeT as x, versionPattern as y, readServices as z };
