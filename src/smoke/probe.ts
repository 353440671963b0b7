import type { Content } from './content.ts';
import type { SmokeSession } from './smoke-session.ts';
import type { SmokeTest } from './smoke-test.ts';

/** What a probe saw, before it is normalised. */
export interface ProbeResult {
  /** e.g. `connected`, `200`, `exit 0`, `NT_STATUS_LOGON_FAILURE`. */
  status: string;
  /** Lines that stand before the content, e.g. response headers. */
  head: string[];
  content: Content | undefined;
}

/** One try. It stops, and rejects, when the signal fires: the time for one answer is over. */
export type Attempt = (signal: AbortSignal) => Promise<ProbeResult>;

/** One kind of smoke test. A new kind is one file and one line in probes.ts. */
export interface Probe<T extends SmokeTest = SmokeTest> {
  readonly type: T['type'];
  /**
   * Gets ready what the attempt needs (a way to the service, a client program), which is not part of its time.
   * @throws PerennialError when the test cannot be run here; a service that answers badly is an answer, not an error
   */
  prepare(test: T, session: SmokeSession): Promise<Attempt>;
}
