import type { Duplex } from 'node:stream';
import { connectionStatus } from './connection-status.ts';
import type { Probe } from './probe.ts';
import { openConnection } from './route.ts';
import type { TcpProbe } from './smoke-test.ts';

/** Does the port take connections: `connected`, `refused`, `timeout`; and what the service says first. */
export const tcpProbe: Probe<TcpProbe> = {
  type: 'tcp',
  async prepare(test, session) {
    const route = await session.route();
    return async signal => {
      try {
        const connection = await openConnection(route, test.port, signal);
        const head = test.greeting ? [await firstLine(connection, signal)] : [];
        connection.destroy();
        return { status: 'connected', head, content: undefined };
      } catch (error) {
        signal.throwIfAborted();
        return { status: connectionStatus(error), head: [], content: undefined };
      }
    };
  },
};

/** Bytes of a greeting that are looked at. */
const LONGEST = 4096;

/** What a service says first, up to the end of its line. */
async function firstLine(connection: Duplex, signal: AbortSignal): Promise<string> {
  const end = () => connection.destroy(signal.reason as Error);
  signal.addEventListener('abort', end, { once: true });
  let said = Buffer.alloc(0);
  try {
    for await (const chunk of connection as AsyncIterable<Buffer>) {
      said = Buffer.concat([said, chunk]);
      if (said.includes(10) || said.length > LONGEST) break;
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
  return said.subarray(0, LONGEST).toString('latin1').split(/\r?\n/)[0]!;
}
