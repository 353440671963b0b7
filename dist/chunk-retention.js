import { s as PerennialError } from "./chunk-reference.js";
// src/store/retention.ts
const DAY = 864e5;
/** GitHub's own default, which is also the most that public repositories can have. */
const GITHUB_DAYS = 90;
/** ISO 8601 of the moment when an artifact that is made now is forgotten: what was asked for, at most what the repository allows. */
function expiryOf(created, settings) {
	const most = settings.defaultRetentionDays ?? GITHUB_DAYS;
	const days = settings.retentionDays > 0 ? Math.min(settings.retentionDays, settings.defaultRetentionDays ?? 1e400) : most;
	return new Date(created.getTime() + days * DAY).toISOString();
}
const UNITS = {
	day: 1,
	week: 7,
	month: 30.44,
	year: 365.25
};
/**
* Days of a text such as `5 years`, `18 months`, `90 days`, `5y`.
* @throws PerennialError `bad-input` naming `source`
*/
function parseKeepFor(text, source) {
	const days = findKeepFor(text);
	if (days !== void 0) return days;
	throw new PerennialError("bad-input", `${source} is "${text}", which is no length of time`, { hint: "Write for instance `5 years`, `18 months` or `400 days`." });
}
/** The same, undefined for what is no length of time. */
function findKeepFor(text) {
	const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
	const word = Object.keys(UNITS).find((each) => [
		each,
		`${each}s`,
		each[0]
	].includes(unit.toLowerCase()));
	const days = amount && word ? Number(amount) * UNITS[word] : 0;
	return days > 0 ? days : void 0;
}
/** Says that a store forgets a bag too early; undefined when it does not, or when nobody said how long it has to last. */
function findShortRetention(kept, keepForDays, now = /* @__PURE__ */ new Date()) {
	if (keepForDays === void 0 || kept.expires === "") return void 0;
	const days = (Date.parse(kept.expires) - now.getTime()) / DAY;
	if (days + .5 >= keepForDays) return void 0;
	return `${kept.reference} is forgotten on ${kept.expires.slice(0, 10)}, in ${Math.round(days)} days, and it shall last ${Math.round(keepForDays)} days: keep it in a release, a registry or a folder too (docs/keep-for-years.md)`;
}
export { parseKeepFor as i, findKeepFor as n, findShortRetention as r, expiryOf as t };
