import type { ListeningSocket } from '../system/system-facts.ts';

/** Ports below are for who means them (RFC 6335, system ports). */
export const SYSTEM_PORTS = 1024;

/** Linux hands these out by itself where nobody asks for one (ip(7), ip_local_port_range): nobody listens there on purpose. */
const HANDED_OUT = { first: 32_768, last: 60_999 };

/**
 * Whether somebody means to listen there: Mumble's 64738 is above what Linux hands out. UDP ports above are picked by programs that ask
 * from one, too.
 */
export function isMeant({ protocol, port }: Pick<ListeningSocket, 'protocol' | 'port'>): boolean {
  return port < HANDED_OUT.first || (port > HANDED_OUT.last && protocol === 'tcp');
}

/**
 * UDP ports that a program picks by itself at each start, to ask from (PowerDNS below 32768, where Linux would not give one): not there
 * today, while the program has others in their places and listens again where it did. They tell nothing of the service.
 * @param old sockets of then
 * @param now sockets of today
 * @param isSame whether a program of today is the one of then
 * @returns those of `old` that were picked
 */
export function chosenPorts(
  old: readonly ListeningSocket[],
  now: readonly ListeningSocket[],
  isSame: (then: string, today: string) => boolean,
): Set<ListeningSocket> {
  const isBack = (then: ListeningSocket) =>
    now.some(each => each.protocol === then.protocol && each.port === then.port);
  const isNew = (today: ListeningSocket) =>
    today.protocol === 'udp' &&
    today.port >= SYSTEM_PORTS &&
    !old.some(each => each.protocol === 'udp' && each.port === today.port);
  const programs = new Set(old.map(each => each.program).filter(Boolean));
  return new Set(
    [...programs].flatMap(program => {
      const theirs = old.filter(each => each.program === program);
      const gone = theirs.filter(each => !isBack(each));
      const others = now.filter(each => isNew(each) && isSame(program, each.program));
      const isPicked = gone.every(each => each.protocol === 'udp' && each.port >= SYSTEM_PORTS);
      return isPicked && gone.length < theirs.length && others.length >= gone.length ? gone : [];
    }),
  );
}
