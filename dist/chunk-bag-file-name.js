// src/bag/bag-file-name.ts
const ENDING = ".tar.zst";
const ENCRYPTED = ".age";
/**
* File name of a packed bag: `lab.tar.zst`, or `lab.tar.zst.age` when it is encrypted. Characters that stores must not have in names become `-`.
* A name may come with its ending.
*/
function bagFileName(name, encrypted = false) {
	return `${withoutEnding(name.replace(/[^\w.@+ -]+/g, "-").replace(/^-+|-+$/g, "")) || "service"}${ENDING}${encrypted ? ENCRYPTED : ""}`;
}
/** The folder name inside: `lab` of `lab.tar.zst` and of `lab.tar.zst.age`. */
function bagFolderName(name) {
	return withoutEnding(bagFileName(name));
}
/** Names in a store that a person may mean by a name: as it stands, and with its ending. */
function storedNames(name) {
	return [.../* @__PURE__ */ new Set([
		bagFileName(name),
		bagFileName(name, true),
		name
	])];
}
/** True for the names that bagFileName gives. */
function isBagFileName(name) {
	return /.\.tar\.zst(\.age)?$/.test(name);
}
function isEncryptedName(name) {
	return name.endsWith(ENCRYPTED);
}
function withoutEnding(name) {
	return name.replace(/(\.tar\.zst)?(\.age)?$/, "");
}
export { storedNames as a, isEncryptedName as i, bagFolderName as n, isBagFileName as r, bagFileName as t };
