import type { Engine } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { probeKinds } from '../knowledge/probe-kind.ts';
import type { Progress } from '../progress.ts';
import { type ClientContainer, startClientContainer } from './client-container.ts';
import { isOnLocalNetwork, type Route } from './route.ts';
import type { SmokeTest } from './smoke-test.ts';
import { containerEnded } from './wait-ready.ts';

/** The service that is asked. */
export interface SmokeTarget {
  engine: Engine;
  /** Name or id of its container, which must be running. */
  container: string;
  /** On the engine's network; empty when it has none (or is not known: then the engine is asked). */
  address: string;
  /** Network mode; asked of the engine when it is not given. */
  network?: string;
  /**
   * Commands with `where: host` may run on this machine. Only for tests that the owner gave (perennial.yml, --smoke),
   * never for those that come from a bag. Default false.
   */
  allowHost?: boolean;
}

/** What the probes of one run share; client containers are made when the first probe needs one. */
export interface SmokeSession {
  readonly target: Required<SmokeTarget>;
  route(): Promise<Route>;
  /** A client container with the packages of all the tests. */
  packagedClient(): Promise<ClientContainer>;
  /** Removes what was made. */
  close(): Promise<void>;
}

/**
 * @throws PerennialError `not-ready` when the container does not run, with the end of its log
 */
export async function openSmokeSession(
  target: SmokeTarget,
  tests: readonly SmokeTest[],
  progress: Progress,
): Promise<SmokeSession> {
  const placed = await placeTarget(target);
  const clients = new Map<string, Promise<ClientContainer>>();
  const client = (packages: string[]) => {
    const key = packages.join(' ');
    const known = clients.get(key) ?? startClientContainer(placed, packages, progress);
    clients.set(key, known);
    return known;
  };
  const route = routeTo(placed, () => client([]));
  return {
    target: placed,
    route: async () => route,
    packagedClient: () => client(clientPackages(tests)),
    close: async () => {
      const started = await Promise.allSettled(clients.values());
      await Promise.all(started.map(one => one.status === 'fulfilled' && one.value.remove()));
    },
  };
}

/** Debian packages that the tests need in a client container. */
export function clientPackages(tests: readonly SmokeTest[]): string[] {
  const needed = tests.flatMap(test => {
    if (test.type === 'smb') return ['smbclient'];
    if (test.type === 'client') return probeKinds().get(test.protocol)?.packages ?? [];
    return test.type === 'command' && test.where === 'client' ? (test.packages ?? []) : [];
  });
  return [...new Set(needed)].sort();
}

async function placeTarget(target: SmokeTarget): Promise<Required<SmokeTarget>> {
  const facts = await target.engine.inspectContainer(target.container);
  if (!facts.running) throw await containerEnded(target.engine, target.container);
  return {
    allowHost: false,
    ...target,
    address: target.address || facts.address,
    network: target.network ?? facts.run.networkMode,
  };
}

function routeTo({ address, network }: Required<SmokeTarget>, client: () => Promise<ClientContainer>): Route {
  if (network === 'host') return { kind: 'direct', address: '127.0.0.1' };
  if (isOnLocalNetwork(address)) return { kind: 'direct', address };
  return { kind: 'client', client };
}

/** @throws PerennialError `not-ready` when the container has ended meanwhile */
export async function assertStillRunning(session: SmokeSession): Promise<void> {
  const { engine, container } = session.target;
  const facts = await engine.inspectContainer(container);
  if (!facts.running) throw await containerEnded(engine, container);
}

/** For messages: a probe that could not be run at all. */
export function reasonOf(error: unknown): string {
  return error instanceof PerennialError ? error.toText() : String((error as Error)?.message ?? error);
}
