import type { ShadowEntry } from '../system/system-facts.ts';

/** Positions in shadow(5) after the name. */
const PASSWORD = 0;
const LAST_CHANGE = 1;
const EXPIRE = 6;

/** A password field that nobody can log in with: `*`, `!`, `!!`, `!*`, `!$6$...`. An empty field is no lock. */
export function isLocked(password: string): boolean {
  return /^[!*]/.test(password);
}

/** The line for an account that is there but that nobody may log in to yet; no hash gets into an image layer. */
export function lockedShadow(name: string, like: ShadowEntry | undefined): ShadowEntry {
  const bare = like !== undefined && /^[!*]+$/.test(like.fields[PASSWORD] ?? '');
  return { name, fields: like && bare ? like.fields : ['!', ...padded(like).slice(LAST_CHANGE)] };
}

export interface ShadowSides {
  old: ShadowEntry | undefined;
  /** The image that the old container was started from; `undefined` when it is unknown or had no such account. */
  image: ShadowEntry | undefined;
  imageKnown: boolean;
  built: ShadowEntry | undefined;
}

/**
 * The shadow(5) line of an account that both systems have and that is no person's (root, services).
 * A field is the old one's when the owner changed it. Without the image, or for an account that came later, the old
 * field wins only where it says more than the built one: a password where there is none, a lock, an expiry date.
 * `doubtful`: two different passwords, and nothing tells which the owner meant; the built one stayed.
 */
export function mergeShadow(name: string, sides: ShadowSides): { entry: ShadowEntry | undefined; doubtful: boolean } {
  const { old, built } = sides;
  if (!old) return { entry: built, doubtful: false };
  const [was, now] = [padded(old), padded(built)];
  const fields = sides.image ? changedFields(was, padded(sides.image), now) : sayingMore(was, now, sides.imageKnown);
  const doubtful =
    !sides.imageKnown && !isLocked(was[PASSWORD]!) && !isLocked(now[PASSWORD]!) && was[PASSWORD] !== now[PASSWORD];
  return { entry: { name, fields }, doubtful };
}

function changedFields(was: string[], image: string[], now: string[]): string[] {
  const changed = (at: number): boolean => was[at] !== image[at];
  return now.map((field, at) => (changed(at === LAST_CHANGE ? PASSWORD : at) ? was[at]! : field));
}

/** `later`: the account came after the image was made, so a password on it can only be the owner's. */
function sayingMore(was: string[], now: string[], later: boolean): string[] {
  const [oldPassword, newPassword] = [was[PASSWORD]!, now[PASSWORD]!];
  const tellsMore = isLocked(newPassword) !== isLocked(oldPassword) || (later && !isLocked(oldPassword));
  const fields = [...now];
  if (tellsMore) [fields[PASSWORD], fields[LAST_CHANGE]] = [oldPassword, was[LAST_CHANGE]!];
  if (fields[EXPIRE] === '') fields[EXPIRE] = was[EXPIRE]!;
  return fields;
}

function padded(entry: ShadowEntry | undefined): string[] {
  const fields = entry?.fields ?? ['!'];
  return [...fields, ...Array<string>(Math.max(0, 8 - fields.length)).fill('')];
}
