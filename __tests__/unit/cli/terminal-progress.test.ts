import { describe, expect, test } from '@jest/globals';
import { createTerminalProgress } from '../../../src/cli/terminal-progress.ts';

function collector(isTTY: boolean, columns = 40) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => void written.push(text), text: () => written.join('') };
}

/** What stays on the screen: `\r` with "erase to the end" takes the line away. */
const screen = (text: string) => text.split('\n').map(line => line.split('\r\u001b[K').at(-1));

describe('on a terminal', () => {
  test('a step is a line that moves, then one with its time', () => {
    let time = 0;
    const stream = collector(true);
    const progress = createTerminalProgress(stream, { term: 'xterm', now: () => time });
    progress.step('Walking');
    time = 1500;
    progress.step('Packing');
    time = 2000;
    progress.warn('look\nhere');
    expect(screen(stream.text())).toEqual([
      '✓ Walking (1.5 s)',
      '! look',
      '  here',
      expect.stringMatching(/^. Packing 0\.5 s$/),
    ]);
    progress.close('failed');
    expect(screen(stream.text())).toEqual(['✓ Walking (1.5 s)', '! look', '  here', '✗ Packing (0.5 s)', '']);
  });

  test('a long detail never wraps, and nothing drives the terminal', () => {
    const stream = collector(true);
    const progress = createTerminalProgress(stream, { term: 'xterm', now: () => 0 });
    progress.step('A\u001b[2J');
    progress.detail(`${'x'.repeat(100)}\u001b[2J`);
    progress.warn('w\u001b]0;title\u0007');
    const lines = stream.text().split(/\n|\r\u001b\[K/);
    expect(Math.max(...lines.map(line => [...line].length))).toBe(39);
    expect(lines.join('')).not.toContain('\u001b');
    progress.close();
  });
});

test.each<[string, boolean, string]>([
  ['a pipe', false, 'xterm'],
  ['a dumb terminal', true, 'dumb'],
])('%s gets plain lines', (_, isTTY, term) => {
  const stream = collector(isTTY);
  const progress = createTerminalProgress(stream, { term });
  progress.step('Walking');
  progress.detail('dropped');
  progress.warn('odd\u001b name');
  progress.close();
  expect(stream.text()).toBe('Walking\n! odd\\x1b name\n');
});
