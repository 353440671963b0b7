import { PerennialError } from '../errors.ts';
import { HttpError } from './http.ts';

/** What a store says on its own about statuses that mean something special there. */
export type StatusHints = Partial<Record<number, string>>;

const HINTS: Record<number, string> = {
  401: 'Check the user name and the password or token.',
  403: 'These credentials may not do that: check their permissions.',
  404: 'Check the name; a private place also looks like this to credentials that may not see it.',
  413: 'It is too large for this store.',
  429: 'The store asks to come more slowly: try again later.',
};

/** The one clear error for whatever went wrong while talking to a store; errors of ours pass through. */
export function storeFailed(what: string, cause: unknown, hints: StatusHints = {}): PerennialError {
  if (cause instanceof PerennialError) return cause;
  const status = cause instanceof HttpError ? cause.status : undefined;
  const message = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
  const hint = status === undefined ? undefined : (hints[status] ?? HINTS[status]);
  return new PerennialError('store-failed', `${what}: ${message}`, {
    cause,
    hint: hint ?? 'Try again when the store answers; nothing was removed, and what was sent so far is used then.',
  });
}

/** @throws always, with the error of storeFailed */
export function failWith(what: string, hints: StatusHints = {}): (cause: unknown) => never {
  return cause => {
    throw storeFailed(what, cause, hints);
  };
}

/** Something else has that name there already. */
export function nameTaken(name: string, place: string, hint: string): PerennialError {
  return new PerennialError('output-exists', `${place} keeps another ${name} already`, { hint });
}

/** There is no such bag. */
export function notKept(what: string, place: string, hint: string): PerennialError {
  return new PerennialError('artifact-missing', `There is no ${what} in ${place}`, { hint });
}

/** What the store says it keeps is not what was sent. */
export function keptWrong(name: string, place: string, found: string, expected: string): PerennialError {
  return new PerennialError(
    'digest-mismatch',
    `${name} in ${place} is not what was sent: its sha256 is ${found || 'unknown'}, ours is ${expected}`,
    { hint: 'Put it again; nothing was removed here.' },
  );
}
