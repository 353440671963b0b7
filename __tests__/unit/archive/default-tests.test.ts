import { expect, test } from '@jest/globals';
import { defaultTests } from '../../../src/archive/default-tests.ts';
import { readServices, recogniseServices } from '../../../src/knowledge/read-services.ts';
import type { Target } from '../../../src/system/target.ts';

/** A container in which every condition of an entry holds, and which prints nothing. */
const target = {
  kind: 'container',
  root: '',
  exec: async () => ({ code: 0, stdout: Buffer.alloc(0), stderr: '' }),
} as unknown as Target;

const socket = (port: number, program: string) => ({ protocol: 'tcp' as const, address: '0.0.0.0', port, program });

test.each([
  ['tomcat', 8080, '/usr/lib/jvm/java-17/bin/java', 'Apache Tomcat: GET / on port 8080'],
  ['tomcat', 8443, '/usr/lib/jvm/java-17/bin/java', 'Apache Tomcat: GET / with TLS on port 8443'],
  ['proftpd', 21, '/usr/sbin/proftpd', 'ProFTPD: greeting on port 21'],
  ['dovecot', 993, '/usr/sbin/dovecot', 'Dovecot: TLS on port 993'],
])(
  '%s on port %d is asked by its program, and on its usual port where nobody tells the program',
  async (id, port, program, name) => {
    const services = (await readServices()).filter(each => each.id === id);
    const asked = async (...sockets: ReturnType<typeof socket>[]) =>
      (await defaultTests(target, services, sockets as never)).map(each => each.name);
    expect(await asked(socket(port, program))).toContain(name);
    expect(await asked(socket(port, ''))).toEqual([name]);
    expect(await asked(socket(port, '/usr/sbin/another'))).not.toContain(name);
    expect(await asked(socket(9999, ''))).toEqual([]);
  },
);

test('an application is asked by the interpreter that it runs in, whatever its version', async () => {
  const services = (await readServices()).filter(each => each.id === 'interpreted');
  const asked = await defaultTests(target, services, [
    socket(8001, '/usr/bin/python3.9'),
    socket(8000, '/usr/bin/uwsgi-core'),
    socket(7000, '/usr/bin/python3-like'),
  ]);
  expect(asked.map(each => each.name)).toEqual([
    'Program of an interpreter: GET / on port 8001',
    'Program of an interpreter: GET / on port 8000',
  ]);
  const system = { packages: [], hasFile: () => false };
  expect(recogniseServices(services, { ...system, programs: ['ruby2.7'] })).toEqual(services);
  expect(recogniseServices(services, { ...system, programs: ['rubyist'] })).toEqual([]);
});
