import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { commandFailed, MOST_OUTPUT, MOST_STDERR } from './command.ts';
import { ask, bodyOf, type SocketAnswer } from './docker-socket.ts';
import type { CommandResult, CommandStream, ExecOptions } from './engine.ts';
import { RawStream } from './raw-stream.ts';

/** Of a command that was ended by us, as of one that SIGKILL ended. */
const KILLED = 137;
/** The engine notes a command's end some milliseconds after its output has ended. */
const ASK_AGAIN_MS = 10;

/**
 * Runs a command in a container as `docker exec` does, over the engine's own socket: the program `docker` takes as long for passing
 * gigabytes on as the engine itself, since it copies each piece twice more.
 * @param interactive whether the command gets an input; its end is the command's end of input
 * @returns a stream as streamCommand's; `done` rejects with `command-failed` on a non-zero exit unless `allowFailure`
 */
export function execOverSocket(
  socketPath: string,
  container: string,
  argv: string[],
  options: ExecOptions,
  interactive: boolean,
): CommandStream {
  interruption.check();
  const running = new SocketCommand(socketPath);
  const over = interruption.onInterrupt(() => running.kill());
  const done = running
    .run(container, argv, options, interactive)
    .finally(over)
    .then(end => {
      interruption.check();
      if (end.code !== 0 && !options.allowFailure) throw commandFailed(['docker', 'exec'], end.code, end.stderr);
      return end;
    });
  done.catch(() => {}); // as in streamCommand
  return { stdin: running.stdin, stdout: running.stdout, done, kill: () => running.kill() };
}

/** Runs a command to its end and collects what it prints, as runCommand does. */
export async function collectOverSocket(
  socketPath: string,
  container: string,
  argv: string[],
  options: ExecOptions,
): Promise<CommandResult> {
  const { input } = options;
  const stream = execOverSocket(socketPath, container, argv, { ...options, allowFailure: true }, input !== undefined);
  stream.stdin.end(input);
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_OUTPUT) stream.kill();
    else chunks.push(chunk);
  });
  const over = once(stream.stdout, 'close'); // after the last of its data
  const [{ code, stderr }] = await Promise.all([stream.done, over]);
  if (bytes > MOST_OUTPUT)
    throw new PerennialError('command-failed', `docker exec printed more than ${MOST_OUTPUT} bytes`);
  const stdout = Buffer.concat(chunks);
  if (code !== 0 && !options.allowFailure) throw commandFailed(['docker', 'exec'], code, stderr || stdout.toString());
  return { code, stdout, stderr };
}

class SocketCommand {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly #socketPath: string;
  readonly #connected = Promise.withResolvers<Socket | undefined>();
  #socket: Socket | undefined;
  #request: ClientRequest | undefined;
  #stderr = '';
  #isKilled = false;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    // An input that nobody reads any more is no error: the exit code tells.
    this.stdin = new Writable({
      construct: ready => void this.#connected.promise.then(() => ready()),
      write: (chunk, _encoding, written) => void (this.#socket?.write(chunk, () => written()) ?? written()),
      final: ended => void (this.#socket?.end(() => ended()) ?? ended()),
    });
    this.stdin.on('error', () => {});
    this.stdout = new Readable({ read: () => void this.#socket?.resume() });
    this.stdout.on('close', () => void this.#socket?.resume()); // whoever stopped reading waits for the end all the same
  }

  kill(): void {
    this.#isKilled = true;
    this.#request?.destroy();
    this.#socket?.destroy();
  }

  /** Runs the command to its end. What the engine says against it is said as the program `docker` does. */
  async run(
    container: string,
    argv: string[],
    options: ExecOptions,
    interactive: boolean,
  ): Promise<{ code: number; stderr: string }> {
    try {
      const { user, workdir, env = {} } = options;
      const made = await ask(this.#socketPath, 'POST', `/containers/${encodeURIComponent(container)}/exec`, {
        ...{ AttachStdin: interactive, AttachStdout: true, AttachStderr: true, Tty: false, Cmd: argv },
        Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
        ...(user === undefined ? {} : { User: user }),
        ...(workdir ? { WorkingDir: workdir } : {}),
      });
      const id = (made.body as { Id?: unknown }).Id;
      if (made.status !== 201 || typeof id !== 'string') return this.#refused(made);
      const refusal = await this.#pass(id);
      return this.#isKilled
        ? this.#ended(KILLED)
        : refusal
          ? this.#refused(refusal)
          : this.#ended(await this.#exitCode(id));
    } catch (error) {
      this.#stderr += `error during connect: ${(error as Error).message}\n`;
      return this.#ended(this.#isKilled ? KILLED : 1);
    } finally {
      this.#connected.resolve(undefined);
      this.stdout.push(null);
      this.#socket?.destroy();
    }
  }

  #ended(code: number): { code: number; stderr: string } {
    return { code, stderr: this.#stderr };
  }

  #refused({ status, body }: SocketAnswer): { code: number; stderr: string } {
    const { message } = body as { message?: unknown };
    this.#stderr += `Error response from daemon: ${typeof message === 'string' ? message : `status ${status}`}\n`;
    return this.#ended(/OCI runtime exec failed/.test(this.#stderr) ? 126 : 1);
  }

  /** Starts the command and passes its streams on to their end. Returns what the engine says when it does not start it. */
  async #pass(id: string): Promise<SocketAnswer | undefined> {
    if (this.#isKilled) return undefined;
    const start = request({
      socketPath: this.#socketPath,
      agent: false,
      method: 'POST',
      path: `/exec/${encodeURIComponent(id)}/start`,
      headers: { 'Content-Type': 'application/json', Connection: 'Upgrade', Upgrade: 'tcp' },
    });
    this.#request = start;
    const answer = await new Promise<IncomingMessage | { socket: Socket; head: Buffer }>((resolve, reject) => {
      start.on('upgrade', (_, socket, head) => resolve({ socket: socket as Socket, head }));
      start.on('response', resolve).on('error', reject);
      start.end(JSON.stringify({ Detach: false, Tty: false }));
    });
    if (!('head' in answer)) return { status: answer.statusCode ?? 0, body: await bodyOf(answer), server: '' };
    await this.#read(answer.socket, answer.head);
    return undefined;
  }

  #read(socket: Socket, head: Buffer): Promise<void> {
    const raw = new RawStream(bytes => {
      if (this.#stderr.length < MOST_STDERR) this.#stderr += bytes;
    });
    const take = (chunk: Buffer) => {
      const bytes = raw.take(chunk);
      if (bytes.length > 0 && !this.stdout.destroyed && !this.stdout.push(bytes)) socket.pause();
    };
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.on('error', error => (this.#isKilled ? resolve() : reject(error)));
      socket.on('close', () => (this.#isKilled ? resolve() : reject(new Error('the engine ended'))));
      socket.on('end', () => (raw.isBetweenPieces ? resolve() : reject(new Error('unexpected EOF'))));
      if (head.length > 0) take(Buffer.from(head));
      socket.on('data', take);
      this.#connected.resolve(socket);
    });
  }

  /** A command may close its outputs before it ends. */
  async #exitCode(id: string): Promise<number> {
    for (;;) {
      const { status, body } = await ask(this.#socketPath, 'GET', `/exec/${encodeURIComponent(id)}/json`);
      const { Running, ExitCode } = body as { Running?: boolean; ExitCode?: number | null };
      if (status !== 200) throw new Error(`the engine does not know the command any more (status ${status})`);
      if (!Running) return ExitCode ?? 1;
      if (this.#isKilled) return KILLED;
      await sleep(ASK_AGAIN_MS);
    }
  }
}
