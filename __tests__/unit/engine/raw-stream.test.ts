import { randomBytes, randomInt } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { RawStream } from '../../../src/engine/raw-stream.ts';

/** A piece as docker sends it. */
function piece(output: 1 | 2, bytes: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = output;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

test('both outputs come apart, wherever the stream is cut', () => {
  for (let round = 0; round < 200; round++) {
    const pieces = Array.from({ length: randomInt(1, 12) }, () => {
      const output = randomInt(2) === 0 ? (1 as const) : (2 as const);
      return { output, bytes: randomBytes(randomInt(0, 40)) };
    });
    const stream = Buffer.concat(pieces.map(({ output, bytes }) => piece(output, bytes)));
    const of = (output: number) =>
      Buffer.concat(pieces.filter(each => each.output === output).map(({ bytes }) => bytes));

    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    const raw = new RawStream(bytes => void stderr.push(Buffer.from(bytes)));
    for (let at = 0; at < stream.length; ) {
      const end = Math.min(stream.length, at + randomInt(1, 30));
      stdout.push(Buffer.from(raw.take(Buffer.from(stream.subarray(at, end)))));
      at = end;
    }
    expect([Buffer.concat(stdout), Buffer.concat(stderr)]).toEqual([of(1), of(2)]);
    expect(raw.isBetweenPieces).toBe(true);
  }
});

test('an end within a header or a piece is seen', () => {
  const whole = piece(1, Buffer.from('abc'));
  for (let length = 0; length <= whole.length; length++) {
    const raw = new RawStream(() => {});
    raw.take(Buffer.from(whole.subarray(0, length)));
    expect([length, raw.isBetweenPieces]).toEqual([length, length === 0 || length === whole.length]);
  }
});
