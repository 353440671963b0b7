import { connectionStatus } from './connection-status.ts';
import type { Probe } from './probe.ts';
import { openConnection } from './route.ts';
import type { TcpProbe } from './smoke-test.ts';

/** Does the port take connections: `connected`, `refused`, `timeout`. */
export const tcpProbe: Probe<TcpProbe> = {
  type: 'tcp',
  async prepare(test, session) {
    const route = await session.route();
    return async signal => {
      try {
        (await openConnection(route, test.port, signal)).destroy();
        return { status: 'connected', head: [], content: undefined };
      } catch (error) {
        signal.throwIfAborted();
        return { status: connectionStatus(error), head: [], content: undefined };
      }
    };
  },
};
