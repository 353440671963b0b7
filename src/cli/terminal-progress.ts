import type { WriteStream } from 'node:tty';
import type { Progress } from '../progress.ts';
import { printable } from '../system/byte-text.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Columns when the terminal does not say. */
const DEFAULT_WIDTH = 80;

/** What a terminal is to us: process.stderr, or a stand-in that collects. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** A Progress that must be closed, so that the terminal is left with whole lines. */
export interface TerminalProgress extends Progress {
  /** @param outcome of the step that was under way; default done */
  close(outcome?: 'done' | 'failed'): void;
}

/**
 * Progress for a person. On a terminal: one status line that moves, with the time so far and the latest detail, which
 * becomes a line with the time it took when the step is over. Elsewhere (log, pipe, TERM=dumb): plain lines, steps and
 * warnings only. Everything is made printable, since names and messages come from containers.
 * @param stream stderr: stdout carries the result
 */
export function createTerminalProgress(
  stream: ProgressStream = process.stderr as WriteStream,
  options: { term?: string; now?: () => number } = {},
): TerminalProgress {
  const term = options.term ?? process.env.TERM;
  return stream.isTTY && term !== 'dumb'
    ? statusLine(stream, options.now ?? (() => performance.now()))
    : plainLines(stream);
}

function plainLines(stream: ProgressStream): TerminalProgress {
  return {
    step: message => stream.write(`${printable(message)}\n`),
    detail() {},
    warn: message => stream.write(`${warning(message)}\n`),
    close() {},
  };
}

function statusLine(stream: ProgressStream, now: () => number): TerminalProgress {
  let current: { message: string; detail: string; started: number } | undefined;
  let frame = 0;
  const seconds = (started: number) => ((now() - started) / 1000).toFixed(1);
  const clear = () => stream.write('\r\u001b[K');
  const draw = () => {
    if (!current) return;
    const text = `${FRAMES[frame++ % FRAMES.length]} ${current.message} ${seconds(current.started)} s  ${current.detail}`;
    clear();
    stream.write(cut(text, (stream.columns ?? DEFAULT_WIDTH) - 1));
  };
  const finishStep = (mark = '✓') => {
    if (!current) return;
    clear();
    stream.write(`${mark} ${current.message} (${seconds(current.started)} s)\n`);
    current = undefined;
  };
  const timer = setInterval(draw, FRAME_MS);
  timer.unref(); // drawing alone must not keep the program alive
  return {
    step(message) {
      finishStep();
      current = { message: printable(message), detail: '', started: now() };
      draw();
    },
    detail(message) {
      if (current) current.detail = printable(message.slice(0, 500)); // drawn with the next frame
    },
    warn(message) {
      if (current) clear();
      stream.write(`${warning(message)}\n`);
      draw();
    },
    close(outcome = 'done') {
      clearInterval(timer);
      finishStep(outcome === 'done' ? '✓' : '✗');
    },
  };
}

/** A warning may have several lines; each is made printable by itself. */
function warning(message: string): string {
  return `! ${message.split('\n').map(printable).join('\n  ')}`;
}

function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text.trimEnd() : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
