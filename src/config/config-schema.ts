import * as v from 'valibot';
import { type ProbeField, type ProbeKind, probeKinds } from '../knowledge/probe-kind.ts';
import type { ClientProbe, FieldValue, SmokeTest } from '../smoke/smoke-test.ts';
import { findKeepFor } from '../store/retention.ts';

/* What perennial.yml may say. Keys are spelled as the fields of Config and SmokeTest: one vocabulary everywhere. */

const text = v.pipe(v.string('text is expected'), v.nonEmpty('it is empty'));
/** Goes into a line of a file or a protocol, where a newline would begin another one. */
const oneLine = v.pipe(text, v.regex(/^[^\r\n\0]*$/, 'it must be one line'));
const port = v.pipe(
  v.number('a port number is expected'),
  v.integer('a port is a whole number'),
  v.minValue(1, 'ports begin at 1'),
  v.maxValue(65535, 'ports end at 65535'),
);
const seconds = v.pipe(
  v.number('seconds are expected'),
  v.gtValue(0, 'it must be more than 0 seconds'),
  v.maxValue(3600, 'at most 3600 seconds'),
);
const mask = v.pipe(
  text,
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? findRegexFault(dataset.value) : undefined;
    if (fault) addIssue({ message: fault });
  }),
);
/** One text stands for a list of one. */
const listOf = <T extends v.GenericSchema>(item: T) =>
  v.pipe(
    v.unknown(),
    v.transform(value => (typeof value === 'string' ? [value] : value)),
    v.array(item, 'a list is expected'),
  );
const glob = v.pipe(oneLine, v.regex(/^(\/|\*\*)/, 'paths are absolute: begin with / or **'));
const lengthOfTime = v.pipe(
  oneLine,
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed && findKeepFor(dataset.value) === undefined)
      addIssue({ message: 'write for instance 5 years or 400 days' });
  }),
);
const headerName = v.pipe(oneLine, v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name (RFC 9110)'));
const packageName = v.pipe(oneLine, v.regex(/^[a-z0-9][a-z0-9+.-]+$/, 'not a Debian package name'));

const probeBase = {
  name: oneLine,
  mask: v.exactOptional(listOf(mask)),
  timeout: v.exactOptional(seconds),
  from: v.exactOptional(oneLine),
};

const truth = v.boolean('true or false is expected');

const tcpProbe = v.strictObject({ type: v.literal('tcp'), ...probeBase, port, greeting: v.exactOptional(truth) });

const httpProbe = v.strictObject({
  type: v.literal('http'),
  ...probeBase,
  port: v.exactOptional(port),
  path: v.exactOptional(v.pipe(oneLine, v.startsWith('/', 'a path begins with /'))),
  tls: v.exactOptional(v.boolean('true or false is expected')),
  method: v.exactOptional(v.pipe(oneLine, v.regex(/^[A-Z]+$/, 'a method is written in capitals'))),
  headers: v.exactOptional(v.record(headerName, v.pipe(v.string('text is expected'), v.regex(/^[^\r\n\0]*$/)))),
  body: v.exactOptional(v.string('text is expected')),
  user: v.exactOptional(oneLine),
  password: v.exactOptional(v.string('text is expected; quote numbers')),
  answerHeaders: v.exactOptional(listOf(headerName)),
  answerBody: v.exactOptional(v.picklist(['whole', 'title', 'none'], 'whole, title or none is expected')),
  answerTls: v.exactOptional(truth),
});

const smbProbe = v.strictObject({
  type: v.literal('smb'),
  ...probeBase,
  port: v.exactOptional(port),
  share: v.exactOptional(v.pipe(oneLine, v.regex(/^[^/\\]+$/, 'a share is a name without slashes'))),
  user: v.exactOptional(oneLine),
  password: v.exactOptional(v.pipe(v.string('text is expected; quote numbers'), v.regex(/^[^\r\n\0]*$/))),
  command: v.exactOptional(text),
  input: v.exactOptional(v.string('text is expected')),
});

const commandProbe = v.strictObject({
  type: v.literal('command'),
  ...probeBase,
  run: v.union([text, v.pipe(v.array(v.string()), v.nonEmpty())], 'a command line or a list of arguments is expected'),
  where: v.exactOptional(v.picklist(['container', 'host', 'client'], 'container, host or client is expected')),
  user: v.exactOptional(oneLine),
  packages: v.exactOptional(listOf(packageName)),
});

const amount = v.pipe(v.number('a number is expected'), v.minValue(0, 'it must not be negative'));
const path = v.pipe(oneLine, v.startsWith('/', 'paths are absolute: begin with /'));

const analysisProbe = v.strictObject({
  type: v.literal('analysis'),
  ...probeBase,
  run: v.union([text, v.pipe(v.array(v.string()), v.nonEmpty())], 'a command line or a list of arguments is expected'),
  user: v.exactOptional(oneLine),
  files: v.exactOptional(listOf(path)),
  images: v.exactOptional(listOf(path)),
  tolerance: v.exactOptional(
    v.strictObject({
      absolute: v.exactOptional(amount),
      relative: v.exactOptional(amount),
      image: v.exactOptional(v.pipe(amount, v.maxValue(1, 'at most 1'))),
    }),
  ),
});

const ownProbes = [tcpProbe, httpProbe, smbProbe, commandProbe, analysisProbe] as const;
const clientProbes = [...probeKinds().values()].map(clientProbeSchema);
const probes = [...ownProbes, ...clientProbes];

/** The keys that a smoke test of this type may have; those of all types for a type that does not exist. */
export function smokeTestKeys(type: unknown): string[] {
  const fitting = probes.filter(probe => probe.entries.type.literal === type);
  return [...new Set((fitting.length > 0 ? fitting : probes).flatMap(probe => Object.keys(probe.entries)))];
}

/** The types of smoke tests. */
export const smokeTestTypes: string[] = probes.map(probe => probe.entries.type.literal);

/** A list of smoke tests as perennial.yml has it. */
export const smokeTests = v.pipe(
  v.array(v.variant('type', probes, 'a smoke test with a known type is expected'), 'a list of smoke tests is expected'),
  v.transform(tests => tests.map(asSmokeTest)),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const names = dataset.value.map(test => test.name);
    const at = names.findIndex((name, index) => names.indexOf(name) < index);
    if (at < 0) return;
    const item = dataset.value[at]!;
    addIssue({
      message: `the name "${item.name}" is used twice; names tell the answers apart`,
      path: [{ type: 'array', origin: 'value', input: dataset.value, key: at, value: item }],
    });
  }),
);

/** perennial.yml before defaults. */
export const configSchema = v.strictObject({
  name: v.exactOptional(oneLine),
  start: v.exactOptional(text),
  include: v.exactOptional(listOf(glob)),
  exclude: v.exactOptional(listOf(glob)),
  logs: v.exactOptional(v.picklist(['keep', 'directories'], 'keep or directories is expected')),
  rawData: v.exactOptional(v.boolean('true or false is expected')),
  freeze: v.exactOptional(truth),
  crossCheck: v.exactOptional(truth),
  quiesce: v.exactOptional(listOf(text)),
  load: v.exactOptional(listOf(text)),
  defaults: v.exactOptional(truth),
  keepFor: v.exactOptional(lengthOfTime),
  smoke: v.exactOptional(smokeTests),
  knowledge: v.exactOptional(oneLine),
});

/** The keys of perennial.yml. */
export const configKeys: string[] = Object.keys(configSchema.entries);

/** The schema of a kind of knowledge/probes: its fields beside those that every test has. */
function clientProbeSchema(kind: ProbeKind) {
  const fields = Object.entries(kind.fields).map(([name, field]) => {
    const schema = fieldSchema(field);
    return [name, field.required ? schema : v.exactOptional(schema)] as const;
  });
  const entries: v.ObjectEntries = {
    type: v.literal(kind.id),
    ...probeBase,
    port: v.exactOptional(port),
    ...Object.fromEntries(fields),
  };
  return v.strictObject(entries as typeof entries & { type: v.LiteralSchema<string, undefined> });
}

function fieldSchema(field: ProbeField): v.GenericSchema<unknown, FieldValue> {
  const whole = field.pattern === undefined ? /^/ : new RegExp(`^(?:${field.pattern})$`);
  const plain = v.pipe(v.string('text is expected; quote numbers'), v.regex(whole, `it has to match ${field.pattern}`));
  if (field.type === 'number') return v.number('a number is expected');
  if (field.type === 'lines') return plain;
  if (field.type === 'words') return listOf(plain);
  return v.pipe(plain, v.regex(/^[^\r\n\0]*$/, 'it must be one line'));
}

const BASE_KEYS = new Set<string>([...Object.keys(probeBase), 'type', 'port']);

/** Tests of knowledge/probes are one type inside. */
function asSmokeTest(test: { type?: unknown }): SmokeTest {
  const type = String(test.type);
  if (!probeKinds().has(type)) return test as SmokeTest;
  const entries = Object.entries(test);
  const base = Object.fromEntries(entries.filter(([key]) => BASE_KEYS.has(key)));
  const fields = Object.fromEntries(entries.filter(([key]) => !BASE_KEYS.has(key)));
  return { ...base, type: 'client', protocol: type, fields } as ClientProbe;
}

function findRegexFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'g');
    return undefined;
  } catch (error) {
    return `not a regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`;
  }
}
