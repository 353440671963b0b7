import { analysisProbe } from './analysis-probe.ts';
import { clientProbe } from './client-probe.ts';
import { commandProbe } from './command-probe.ts';
import { httpProbe } from './http-probe.ts';
import type { Probe } from './probe.ts';
import { smbProbe } from './smb-probe.ts';
import type { SmokeTest } from './smoke-test.ts';
import { tcpProbe } from './tcp-probe.ts';

const probes: { [T in SmokeTest['type']]: Probe<Extract<SmokeTest, { type: T }>> } = {
  tcp: tcpProbe,
  http: httpProbe,
  smb: smbProbe,
  command: commandProbe,
  analysis: analysisProbe,
  client: clientProbe,
};

/** The probe that knows this test's type. */
export function probeFor(test: SmokeTest): Probe {
  return probes[test.type] as unknown as Probe; // the key is the type, which the compiler cannot follow
}
