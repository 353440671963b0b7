import type { ProbeKind } from '../knowledge/probe-kind.ts';
import type { ClientProbe, FieldValue } from './smoke-test.ts';

/** What a client container has to do for one test. */
export interface ClientRequest {
  argv: string[];
  env: Record<string, string>;
  files: Record<string, string>;
  input: string;
}

/**
 * Fills a kind's templates with a test's fields: arguments stay single arguments whatever is in them. Variables and files whose
 * fields the test has not are left out. Pure.
 * @param host address of the service as the client sees it
 * @param folder path of the private working folder in the client container
 */
export function clientRequest(kind: ProbeKind, test: ClientProbe, host: string, folder: string): ClientRequest {
  const values = { ...fieldValues(kind, test), host, port: String(test.port ?? kind.port), folder };
  const argv = kind.run.flatMap(each => {
    if (typeof each === 'string') return argument(each, values);
    const isThere = 'with' in each ? Object.hasOwn(values, each.with) : !Object.hasOwn(values, each.without);
    return isThere ? each.args.flatMap(text => argument(text, values)) : [];
  });
  const filled = (texts: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(texts)
        .filter(([, text]) => placeholders(text).every(name => Object.hasOwn(values, name)))
        .map(([name, text]) => [name, fill(text, values)]),
    );
  return {
    argv,
    env: { LC_ALL: 'C', ...filled(kind.env) },
    files: filled(kind.files),
    input: fill(kind.input, values),
  };
}

type Values = Readonly<Record<string, FieldValue>>;

/** Fields that the test has, and defaults of those that it has not. */
function fieldValues(kind: ProbeKind, test: ClientProbe): Values {
  const defaults = Object.entries(kind.fields).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...test.fields };
}

/** `{words...}` alone is as many arguments as there are words. */
function argument(text: string, values: Values): string[] {
  const list = /^\{([A-Za-z]+)\.\.\.\}$/.exec(text)?.[1];
  if (list === undefined) return [fill(text, values)];
  const value = values[list];
  return value === undefined ? [] : [value].flat().map(String);
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{([A-Za-z]+)(\|quoted)?\}/g)].map(match => match[1]!);
}

/** `{name}`, or `{name|quoted}` for the inside of a quoted text; a field that is not there is empty. */
function fill(text: string, values: Values): string {
  return text.replace(/\{([A-Za-z]+)(\|quoted)?\}/g, (_, name: string, quoted?: string) => {
    const value = [values[name] ?? ''].flat().join(' ');
    return quoted ? value.replace(/[\\"]/g, '\\$&') : value;
  });
}
