import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { findDockerSocket } from '../../../src/engine/docker-socket.ts';
import { collectOverSocket, execOverSocket } from '../../../src/engine/exec-over-socket.ts';
import { tempDir } from '../../support/temp-dir.ts';

let close = () => {};
afterEach(() => close());

/** An engine of which only what is asked for answers. */
async function engineAt(listener: RequestListener, onUpgrade: (socket: Socket) => void = () => {}): Promise<string> {
  const path = join(tempDir(), 'engine.sock');
  const server = createServer(listener).on('upgrade', (_, socket) => onUpgrade(socket as Socket));
  server.listen(path);
  await once(server, 'listening');
  close = () => void server.close();
  return path;
}

const pingAs =
  (server: string): RequestListener =>
  (_, response) =>
    void response.setHeader('Server', server).end('OK');

test('docker itself is asked by its socket', async () => {
  const path = await engineAt(pingAs('Docker/27.1.0 (linux)'));
  await expect(findDockerSocket({ DOCKER_HOST: `unix://${path}` })).resolves.toBe(path);
});

test('whatever is no engine of docker on this machine is left to the program', async () => {
  const podman = await engineAt(pingAs('Libpod/4.3.1 (linux)'));
  const config = tempDir();
  writeFileSync(join(config, 'config.json'), '{"currentContext":"desktop-linux"}');
  const broken = tempDir();
  writeFileSync(join(broken, 'config.json'), '{');
  const ways = [
    { DOCKER_HOST: `unix://${podman}` },
    { DOCKER_HOST: `unix://${join(tempDir(), 'nothing.sock')}` },
    { DOCKER_HOST: 'tcp://127.0.0.1:1' },
    { DOCKER_HOST: 'ssh://somebody@example.org' },
    { DOCKER_CONTEXT: 'elsewhere' },
    { DOCKER_CONFIG: config },
    { DOCKER_CONFIG: broken },
  ];
  for (const env of ways) expect([env, await findDockerSocket(env)]).toEqual([env, undefined]);
});

/** Begins a command and then does what `onUpgrade` says. */
const starting: RequestListener = (request, response) => {
  if (request.url?.endsWith('/exec')) response.writeHead(201).end('{"Id":"e1"}');
  else response.end('{"Running":false,"ExitCode":0}');
};
const UPGRADED = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';
const HALF_A_PIECE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 10, 97, 98]);

test('an engine that ends in the middle of an output is an error, whatever it says of the command', async () => {
  const path = await engineAt(starting, socket => {
    socket.write(UPGRADED);
    socket.end(HALF_A_PIECE);
  });
  const { done, stdout } = execOverSocket(path, 'c', ['cat'], { allowFailure: true }, false);
  const read: Buffer[] = [];
  for await (const chunk of stdout) read.push(chunk);
  expect(Buffer.concat(read).toString()).toBe('ab');
  await expect(done).resolves.toEqual({ code: 1, stderr: expect.stringContaining('unexpected EOF') });
});

test('an engine that forgets the command, or breaks off, is an error', async () => {
  const forgetting = await engineAt(
    (request, response) =>
      request.url?.endsWith('/exec')
        ? void response.writeHead(201).end('{"Id":"e1"}')
        : void response.writeHead(404).end('{"message":"No such exec instance"}'),
    socket => void socket.end(UPGRADED),
  );
  await expect(collectOverSocket(forgetting, 'c', ['true'], {})).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('does not know the command'),
  });
  close();
  const breaking = await engineAt(starting, socket => void socket.destroy());
  await expect(collectOverSocket(breaking, 'c', ['true'], { allowFailure: true })).resolves.toMatchObject({ code: 1 });
});

test('what the engine refuses is said in its words', async () => {
  const path = await engineAt((_, response) => void response.writeHead(409).end('{"message":"Container c is paused"}'));
  await expect(collectOverSocket(path, 'c', ['true'], { input: 'unread' })).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('Container c is paused'),
  });
});

test('a command that is killed ends at once, with its streams', async () => {
  const path = await engineAt(starting, socket => void socket.write(UPGRADED));
  const stream = execOverSocket(path, 'c', ['sleep', '1000'], { allowFailure: true }, true);
  setTimeout(() => stream.kill(), 50);
  for await (const _ of stream.stdout);
  await expect(stream.done).resolves.toMatchObject({ code: 137 });
});
