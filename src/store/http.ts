import { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';

/** How patient requests are. */
export interface Patience {
  /** Milliseconds before each further attempt. */
  delays: readonly number[];
  /** Milliseconds without a byte in either direction after which a request is given up. */
  stall: number;
}

export const patience: Patience = { delays: [500, 2000, 5000, 15_000], stall: 120_000 };

export interface Request {
  method?: string;
  headers?: Record<string, string>;
  /** Made anew for each attempt. A stream needs `bytes`. */
  body?: () => AsyncIterable<Buffer> | string;
  /** Length of the body. */
  bytes?: number;
  /** Statuses that are an answer, beside 2xx. */
  accept?: number[];
  redirect?: 'follow' | 'manual';
  /** Attempts again after answers of a server in trouble and after cuts; default true. */
  again?: boolean;
}

/** An answer whose body is being watched: it fails instead of standing still for ever. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Where the answer really came from. */
  url: string;
  chunks(): AsyncGenerator<Buffer>;
  /** Reads a body that nobody wants, so that the connection is free again. */
  drain(): Promise<void>;
  json<T>(): Promise<T>;
  text(): Promise<string>;
}

/** Thrown for an answer that is none of the wanted ones. */
export class HttpError extends Error {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;

  constructor(status: number, body: string, headers: Headers) {
    super(`the answer is ${status}${reason(body)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/**
 * Sends a request. Answers of a server in trouble (408, 429, 5xx, 403 of a rate limit) and connections that fail are tried again, with
 * growing delays. @throws HttpError for other answers, TypeError or Error when the connection fails for good
 */
export async function send(url: string | URL, request: Request, patient: Patience = patience): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await sendOnce(url, request, patient.stall);
    } catch (error) {
      const delay = patient.delays[attempt];
      if (request.again === false || delay === undefined || !isPassing(error)) throw error;
      await wait(Math.max(delay, retryAfter(error)));
    }
  }
}

/** Waits, unless the program is to end. */
export async function wait(milliseconds: number): Promise<void> {
  const controller = new AbortController();
  const release = interruption.onInterrupt(() => controller.abort());
  await sleep(milliseconds, undefined, { signal: controller.signal }).catch(() => {});
  release();
  interruption.check();
}

/** True for what may go by itself: a server in trouble, a rate limit, a cut. */
export function isPassing(error: unknown): boolean {
  if (error instanceof PerennialError) return false;
  if (!(error instanceof HttpError)) return (error as NodeJS.ErrnoException).syscall !== 'open';
  const { status, headers, body } = error;
  if (status === 403) return headers.has('retry-after') || /rate limit/i.test(body);
  return status === 408 || status === 429 || status >= 500;
}

const LONGEST_WAIT = 60_000;

function retryAfter(error: unknown): number {
  const seconds = error instanceof HttpError ? Number(error.headers.get('retry-after') ?? 0) : 0;
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT, seconds * 1000) : 0;
}

async function sendOnce(url: string | URL, request: Request, stall: number): Promise<Answer> {
  interruption.check();
  const watch = new StallWatch(stall);
  const body = request.body?.();
  try {
    const response = await fetch(url, {
      method: request.method ?? 'GET',
      headers: {
        'user-agent': 'perennial',
        ...(request.bytes === undefined ? {} : { 'content-length': String(request.bytes) }),
        ...request.headers,
      },
      redirect: request.redirect ?? 'follow',
      signal: watch.signal,
      ...(body === undefined ? {} : typeof body === 'string' ? { body } : streamBody(watch.over(body))),
    });
    watch.touch();
    const answer = new WatchedAnswer(response, watch);
    if (response.ok || (request.accept ?? []).includes(response.status)) return answer;
    throw new HttpError(response.status, await answer.text().catch(() => ''), response.headers);
  } catch (error) {
    watch.end();
    interruption.check();
    throw watch.stalled ? new Error(`no answer within ${stall / 1000} s`, { cause: error }) : unwrapped(error);
  }
}

function streamBody(chunks: AsyncIterable<Buffer>): RequestInit {
  return { body: ReadableStream.from(chunks), duplex: 'half' } as unknown as RequestInit;
}

/** fetch says "fetch failed" and keeps what happened in the cause. */
function unwrapped(error: unknown): unknown {
  return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}

function reason(body: string): string {
  try {
    const { message, errors } = JSON.parse(body) as {
      message?: string;
      errors?: { message?: string; code?: string }[];
    };
    const words = [message, ...(errors ?? []).map(each => each.message ?? each.code)].filter(Boolean);
    return words.length > 0 ? `: ${words.join('; ').slice(0, 300)}` : '';
  } catch {
    return '';
  }
}

/** Aborts a request when nothing moves any more, or the program is to end. */
class StallWatch {
  readonly #controller = new AbortController();
  readonly #release: () => void;
  readonly #stall: number;
  #timer: NodeJS.Timeout;
  #ended = false;
  stalled = false;

  constructor(stall: number) {
    this.#stall = stall;
    this.#release = interruption.onInterrupt(() => this.#controller.abort());
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = this.#start();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#release();
  }

  async *over(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.touch();
      yield chunk;
    }
    this.touch();
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.stalled = true;
      this.#controller.abort();
    }, this.#stall);
  }
}

class WatchedAnswer implements Answer {
  readonly #response: Response;
  readonly #watch: StallWatch;

  constructor(response: Response, watch: StallWatch) {
    this.#response = response;
    this.#watch = watch;
    if (!response.body) watch.end();
  }

  get status(): number {
    return this.#response.status;
  }

  get headers(): Headers {
    return this.#response.headers;
  }

  get url(): string {
    return this.#response.url;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.#response.body ?? []) {
        this.#watch.touch();
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      }
    } catch (error) {
      interruption.check();
      throw this.#watch.stalled ? new Error('the transfer stands still', { cause: error }) : unwrapped(error);
    } finally {
      this.#watch.end();
    }
  }

  async drain(): Promise<void> {
    for await (const _ of this.chunks());
  }

  async text(): Promise<string> {
    return Buffer.concat(await Array.fromAsync(this.chunks())).toString();
  }

  async json<T>(): Promise<T> {
    return JSON.parse(await this.text()) as T;
  }
}
