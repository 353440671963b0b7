import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One request, read to its end. */
export interface Call {
  method: string;
  url: URL;
  /** Of the Authorization header, without its scheme; empty when there is none. */
  token: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

export function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** An error as Twirp and GitHub's REST API put it, in one. */
export function problem(status: number, code: string, message: string): Answer {
  return json({ code, msg: message, message }, status);
}

export async function readCall(request: IncomingMessage, base: string): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    url: new URL(request.url ?? '/', base),
    token: (request.headers.authorization ?? '').replace(/^\w+ /, ''),
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}
