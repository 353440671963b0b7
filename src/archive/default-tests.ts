import * as v from 'valibot';
import { smokeTests } from '../config/config-schema.ts';
import { programNames } from '../knowledge/program-names.ts';
import type { DefaultProbe, Service } from '../knowledge/service.ts';
import type { SmokeTest } from '../smoke/smoke-test.ts';
import { printable } from '../system/byte-text.ts';
import type { ListeningSocket } from '../system/system-facts.ts';
import type { Target } from '../system/target.ts';

/** Lines of one `each` that become tests: a server of a thousand hosts is not asked for each. */
const MOST = 50;

/**
 * The smoke tests that are asked without any configuration: those of the knowledge entries that recognise the service.
 * What a container says goes into single fields of a test, never into a shell text, and passes the schema of perennial.yml.
 */
export async function defaultTests(
  target: Target,
  services: readonly Service[],
  sockets: readonly ListeningSocket[],
): Promise<SmokeTest[]> {
  const tests: SmokeTest[] = [];
  for (const service of services)
    for (const probe of service.probes) tests.push(...(await testsOf(target, service, probe, sockets)));
  const names = new Set<string>();
  return tests.filter(({ name }) => !names.has(name) && names.add(name));
}

async function testsOf(
  target: Target,
  service: Service,
  probe: DefaultProbe,
  sockets: readonly ListeningSocket[],
): Promise<SmokeTest[]> {
  if (probe.when && (await ask(target, probe, probe.when)) === undefined) return [];
  const lines = probe.listening
    ? portLines(probe.listening, probe.ports, sockets)
    : probe.each
      ? ((await ask(target, probe, probe.each)) ?? '').split('\n').filter(Boolean)
      : [''];
  return [...new Set(lines)].slice(0, MOST).flatMap(line => {
    const test = {
      ...(filled(probe.test, parseValues(line)) as object),
      name: `${service.title}: ${fill(probe.title, parseValues(line))}`,
    };
    const parsed = v.safeParse(smokeTests, [{ ...test, from: service.id }]);
    return parsed.success ? parsed.output : [];
  });
}

function portLines(programs: string[], usual: number[], sockets: readonly ListeningSocket[]): string[] {
  const isTheirs = ({ program, port }: ListeningSocket) =>
    program === '' ? usual.includes(port) : programNames(program).some(name => programs.includes(name));
  return sockets.filter(each => each.protocol === 'tcp' && isTheirs(each)).map(each => `port=${each.port}`);
}

/** What a program of an entry printed; undefined when it failed. */
async function ask(target: Target, probe: DefaultProbe, program: string): Promise<string | undefined> {
  const user = probe.user ? { user: probe.user } : {};
  const { code, stdout } = await target.exec(['sh', '-c', program], { allowFailure: true, ...user });
  return code === 0 ? stdout.toString() : undefined;
}

/** `port=80<TAB>host=www.lab.example` */
function parseValues(line: string): Map<string, string> {
  return new Map(
    line.split('\t').map(part => {
      const at = part.indexOf('=');
      return [part.slice(0, at), printable(part.slice(at + 1))];
    }),
  );
}

/** Fills `{name}` in every text of a test; a text that is one placeholder of digits becomes a number. */
function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    const text = fill(value, values);
    return /^\{\w+\}$/.test(value) && /^\d{1,5}$/.test(text) ? Number(text) : text;
  }
  if (Array.isArray(value)) return value.map(each => filled(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, values)]));
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}
