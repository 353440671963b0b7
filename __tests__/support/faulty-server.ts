import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Call, problem, readCall } from './artifact-service/exchange.ts';

/** Something that goes wrong: the first fault that matches a request answers it instead of the service. */
export interface Fault {
  /** Matched against `METHOD /path?query`. */
  match: RegExp;
  /** How many requests it hits; default all. */
  times?: number;
  /** HTTP status to answer with; without one the request is served after `delay`. */
  status?: number;
  /** Headers of that answer. */
  headers?: Record<string, string>;
  /** Milliseconds to wait first. */
  delay?: number;
  /** Cut the connection: at once, or after this many bytes of the answer. */
  cutAfter?: number;
  /** Cut the connection after this many bytes of the request's body. */
  cutUploadAfter?: number;
  /** Flip one bit of the answer's body. */
  flip?: boolean;
}

/** An HTTP service of the tests on a free port of the loopback, with faults on demand. */
export abstract class FaultyServer {
  readonly faults: Fault[] = [];
  /** Every request as `METHOD /path?query`. */
  readonly requests: string[] = [];
  /** Bytes of all bodies that came in. */
  received = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(error => {
        if (!request.destroyed) sendAnswer(response, problem(500, 'internal', String(error)), {});
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>(done => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(done => this.server.close(done));
  }

  protected abstract answer(call: Call): Answer | Promise<Answer>;

  /** What an upload that was cut leaves behind. */
  protected cut(_line: string): void {}

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    this.requests.push(line);
    const fault = this.findFault(line);
    if (fault.cutUploadAfter !== undefined) return this.cutUpload(request, fault.cutUploadAfter, line);
    const call = await readCall(request, this.url);
    this.received += call.body.length;
    if (fault.delay) await sleep(fault.delay);
    const answer = fault.status
      ? {
          ...problem(fault.status, 'fault', `told to answer ${fault.status}`),
          ...(fault.headers ? { headers: fault.headers } : {}),
        }
      : await this.answer(call);
    sendAnswer(response, answer, fault);
  }

  private async cutUpload(request: IncomingMessage, after: number, line: string): Promise<void> {
    let got = 0;
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      got += (chunk as Buffer).length;
      if (got >= after) break;
    }
    this.received += got;
    this.cut(line);
    request.socket.destroy();
  }

  private findFault(line: string): Partial<Fault> {
    const fault = this.faults.find(each => each.times !== 0 && each.match.test(line));
    if (fault?.times) fault.times--;
    return fault ?? {};
  }
}

function sendAnswer(response: ServerResponse, answer: Answer, fault: Partial<Fault>): void {
  const body = Buffer.from(answer.body);
  if (fault.flip && body.length > 0) body[body.length >> 1]! ^= 1;
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  if (fault.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, fault.cutAfter), () => response.destroy());
}
