import { Duplex } from 'node:stream';
import type { CommandStream } from '../engine/engine.ts';
import type { ClientContainer } from './client-container.ts';

/**
 * bash is in every Debian image, so a tunnel needs no package. `+` says that the connection stands. (--norc, because bash
 * takes a socket as its input for rshd, and would read ~/.bashrc.)
 */
const SCRIPT = `exec 4<&0; exec 3<>"/dev/tcp/$1/$2" || exit 7; printf +; cat <&4 >&3 & cat <&3; kill $! 2>/dev/null`;

/**
 * A TCP connection that is made inside a client container and carried over a command's input and output.
 * @returns a stream that is connected
 * @throws an Error whose `code` is ECONNREFUSED, ETIMEDOUT or EHOSTUNREACH; the signal's reason when the time is over
 */
export async function openTunnel(client: ClientContainer, port: number, signal: AbortSignal): Promise<Duplex> {
  const stream = client.start(['bash', '--norc', '-c', SCRIPT, 'bash', client.address, String(port)]);
  const abort = () => stream.kill();
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (await stands(stream)) return new Tunnel(stream);
    signal.throwIfAborted();
    const { stderr } = await stream.done;
    throw Object.assign(new Error(stderr.trim() || 'no connection'), { code: codeOf(stderr) });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The two ends of a command as one stream, which ends the command when it is destroyed. */
class Tunnel extends Duplex {
  readonly #stream: CommandStream;

  constructor(stream: CommandStream) {
    super();
    this.#stream = stream;
    stream.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stream.stdout.pause();
    });
    stream.stdout.on('end', () => this.push(null)).on('error', error => this.destroy(error));
    stream.stdin.on('error', error => this.destroy(error));
  }

  override _read(): void {
    this.#stream.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#stream.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stream.kill();
    done(error);
  }
}

/** Whether the first byte comes; false when the command ends without it. */
function stands({ stdout }: CommandStream): Promise<boolean> {
  return new Promise(resolve => {
    const look = () => {
      if (stdout.read(1) !== null) settle(true);
    };
    const end = () => settle(false);
    const settle = (stood: boolean) => {
      stdout.off('readable', look).off('end', end).off('close', end);
      resolve(stood);
    };
    stdout.on('readable', look).once('end', end).once('close', end);
  });
}

/** bash puts the system's message after the address, in English where no locale is installed. */
function codeOf(stderr: string): string {
  if (/refused/i.test(stderr)) return 'ECONNREFUSED';
  return /timed out/i.test(stderr) ? 'ETIMEDOUT' : 'EHOSTUNREACH';
}
