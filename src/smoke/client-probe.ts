import { PerennialError } from '../errors.ts';
import { probeKinds } from '../knowledge/probe-kind.ts';
import { clientLines, clientStatus } from './client-answer.ts';
import { clientRequest } from './client-request.ts';
import { contentOf, finish } from './content.ts';
import type { Probe } from './probe.ts';
import type { ClientProbe } from './smoke-test.ts';

/** Any kind of knowledge/probes: a client program in a client container. */
export const clientProbe: Probe<ClientProbe> = {
  type: 'client',
  async prepare(test, session) {
    const kind = probeKinds().get(test.protocol);
    if (!kind) throw new PerennialError('bad-input', `No probe "${test.protocol}" is known (knowledge/probes)`);
    const client = await session.packagedClient();
    const folder = await client.makeFolder({});
    const { argv, env, files, input } = clientRequest(kind, test, client.address, folder);
    await client.writeFiles(folder, files);
    return async signal => {
      const stream = client.start(argv, { workdir: folder, env: { HOME: folder, ...env } });
      const { code, stdout, stderr } = await finish(stream, signal, input);
      const status = clientStatus(kind, code, `${stdout.bytes?.toString('latin1') ?? ''}\n${stderr}`);
      if (!stdout.bytes) return { status, head: [], content: stdout };
      const lines = clientLines(kind, stdout.bytes.toString('utf8'), stderr);
      return { status, head: [], content: contentOf(Buffer.from(lines.join('\n'))) };
    };
  },
};
