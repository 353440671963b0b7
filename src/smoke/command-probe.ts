import type { CommandStream } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { finish } from './content.ts';
import { hostEnvironment, startOnHost } from './host-command.ts';
import type { Probe } from './probe.ts';
import type { SmokeSession } from './smoke-session.ts';
import type { CommandProbe } from './smoke-test.ts';

/** A command's exit code and standard output: in the service's container, on this machine or in a client container. */
export const commandProbe: Probe<CommandProbe> = {
  type: 'command',
  async prepare(test, session) {
    const start = await STARTERS[test.where ?? 'container'](test, session);
    return async signal => {
      const { code, stdout } = await finish(start(), signal);
      return { status: `exit ${code}`, head: [], content: stdout };
    };
  },
};

type Starter = (test: CommandProbe, session: SmokeSession) => Promise<() => CommandStream>;

const STARTERS: Record<NonNullable<CommandProbe['where']>, Starter> = {
  async container(test, { target }) {
    const options = { allowFailure: true, ...(test.user === undefined ? {} : { user: test.user }) };
    return () => target.engine.execStream(target.container, argvOf(test), options);
  },

  async host(test, session) {
    const { target } = session;
    if (!target.allowHost) throw hostRefused(test);
    const route = await session.route();
    const address = route.kind === 'direct' ? route.address : '127.0.0.1';
    const env = hostEnvironment({ C: target.container, HOST: address, ENGINE: target.engine.name });
    return () => startOnHost(argvOf(test), { env });
  },

  async client(test, session) {
    const client = await session.packagedClient();
    const user = test.user === undefined ? {} : { user: test.user };
    return () => client.start(argvOf(test), { env: { HOST: client.address }, ...user });
  },
};

function argvOf(test: CommandProbe): string[] {
  return typeof test.run === 'string' ? ['sh', '-c', test.run] : test.run;
}

/** A bag may come from a stranger: reading one must not mean running its commands on this machine. */
function hostRefused(test: CommandProbe): PerennialError {
  return new PerennialError(
    'bad-input',
    `The smoke test "${test.name}" of the bag wants to run a command on this machine`,
    {
      hint: 'Read data/smoke/tests.yml; if you trust it, give the tests yourself with --smoke FILE.',
    },
  );
}
