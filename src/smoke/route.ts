import { BlockList, connect, isIP, type Socket } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { ClientContainer } from './client-container.ts';
import { openTunnel } from './tunnel.ts';

/**
 * How probes get to the service. `direct`: this machine reaches its address. `client`: it does not (rootless podman, an
 * engine in a virtual machine or on another host), so connections are made inside a client container.
 * Published ports are no way: the engine's forwarder accepts connections even where nobody listens behind it.
 */
export type Route = { kind: 'direct'; address: string } | { kind: 'client'; client: () => Promise<ClientContainer> };

/**
 * Whether an address is on a network that this machine is part of. Trying to connect would tell less: in a foreign
 * network somebody else, or a proxy, may answer at a container's private address.
 * @param interfaces as os.networkInterfaces() gives them
 */
export function isOnLocalNetwork(
  address: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const networks = new BlockList();
  for (const { cidr } of Object.values(interfaces).flatMap(found => found ?? [])) {
    const [base, bits] = cidr?.split('/') ?? [];
    if (base && bits) networks.addSubnet(base, Number(bits), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  return networks.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Opens a TCP connection to a port of the service.
 * @returns a stream that is connected
 * @throws an Error whose `code` is ECONNREFUSED and so on; the signal's reason when the time is over
 */
export async function openConnection(route: Route, port: number, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  const connection = await (route.kind === 'direct'
    ? connected(connect({ host: route.address, port, noDelay: true }), signal)
    : openTunnel(await route.client(), port, signal));
  connection.on('error', () => {}); // whoever uses the connection sees errors by its own listeners
  return connection;
}

function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const abort = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', abort));
  });
}
