import { commandFailed, MOST_OUTPUT } from '../engine/command.ts';
import type { CommandResult, CommandStream, Engine, ExecOptions } from '../engine/engine.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { encodeBytes } from './byte-text.ts';
import { ASKING } from './running.ts';
import { containerTarget, type Target } from './target.ts';

/** Input of this many bytes goes through the shell; more is a stream's. */
const LARGEST_INPUT = 16 * 1024 * 1024;

/**
 * Reads a line with a number of bytes of input and a command in the shell's own words, then the input; prints a line with exit code
 * and lengths, then what the command printed. Output passes files, which are removed from their folder at once: a daemon that a
 * command leaves behind writes into its own files for ever, and never into the answers. Dash and bash read a pipe no further than
 * the line's end (POSIX, read), and head no further than its bytes.
 */
const SERVE = `# ${ASKING}
unset PERENNIAL_COMMAND
d=$(mktemp -d /dev/shm/perennial.XXXXXXXX) || exit 1
trap 'rm -rf "$d"' EXIT
trap 'exit 1' HUP INT TERM
NL='
'
echo ready
while read -r bytes line; do
  head -c "$bytes" > "$d/in"
  ( eval "$line" ) < "$d/in" > "$d/out" 2> "$d/err"
  code=$?
  exec 3< "$d/out" 4< "$d/err"
  set -- $(wc -c < "$d/out") $(wc -c < "$d/err")
  rm -f "$d/in" "$d/out" "$d/err"
  printf '%s %s %s\\n' "$code" "$1" "$2"
  head -c "$1" <&3
  head -c "$2" <&4
  exec 3<&- 4<&-
done`;

/**
 * One shell of a container that runs command after command as root: an engine needs 65 to 100 ms to start a program in a container, a
 * shell two. It is started when it is first needed, and again when it has ended (the container was started anew).
 */
export class ContainerShell {
  readonly #engine: Engine;
  readonly #target: Target;
  readonly #plain: Target['exec'];
  #open: Conversation | undefined;
  /** There is no shell, or no place for its files. */
  #isImpossible = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, container: string) {
    this.#engine = engine;
    this.#target = containerTarget(engine, container);
    this.#plain = this.#target.exec;
  }

  /**
   * Runs a command, after those before it. Another user, a folder to work in and large input take the engine's own way.
   * @throws PerennialError `command-failed` on a non-zero exit unless `allowFailure`
   */
  exec(argv: string[], options: ExecOptions = {}): Promise<CommandResult> {
    const isOurs = (options.user ?? '0') === '0' && !options.workdir && !argv.some(word => word.includes('\0'));
    if (!isOurs || this.#isImpossible || Buffer.byteLength(options.input ?? '') > LARGEST_INPUT)
      return this.#plain(argv, options);
    const done = this.#last.then(() => this.#ask(argv, options));
    this.#last = done.catch(() => {});
    return done;
  }

  /** Ends the shell, if there is one: the container is stopped, or finished. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#isImpossible = false;
    await open?.close();
  }

  async #ended(): Promise<CommandResult> {
    await this.close();
    interruption.check();
    return ENDED;
  }

  async #ask(argv: string[], options: ExecOptions): Promise<CommandResult> {
    interruption.check();
    if (!this.#open) {
      const stream = this.#target.execStream(['sh', '-c', SERVE], { allowFailure: true });
      const open = new Conversation(stream);
      if (await open.isReady()) this.#open = open;
      else {
        this.#isImpossible = true;
        await open.close();
      }
    }
    if (!this.#open) return this.#plain(argv, options);
    const result = (await this.#open.ask(requestOf(argv, options))) ?? (await this.#ended());
    if (result === ENDED && !options.allowFailure)
      throw new PerennialError(
        'engine-failed',
        `${argv[0]} ended early: its container was stopped or its shell killed`,
        {
          hint: 'Did the engine or the container end? See that both run, and try again.',
        },
      );
    if (result.code !== 0 && !options.allowFailure)
      throw commandFailed([this.#engine.name, 'exec'], result.code, result.stderr || result.stdout.toString());
    return result;
  }
}

/** What an engine says of a command whose container was killed. */
const ENDED: CommandResult = {
  code: 137,
  stdout: Buffer.alloc(0),
  stderr: 'its container was stopped or its shell killed',
};

/** A line for SERVE, and the input after it. Every word is quoted whole, whatever is in it; a line's end is a variable. */
export function requestOf(argv: string[], { env = {}, input = '' }: ExecOptions): Buffer {
  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv];
  const quoted = words.map(word => `'${word.replaceAll("'", `'\\''`).replaceAll('\n', `'"$NL"'`)}'`);
  const bytes = Buffer.from(input);
  return Buffer.concat([encodeBytes(`${bytes.length} exec env -- ${quoted.join(' ')}\n`), bytes]);
}

/** The two ends of SERVE. */
class Conversation {
  readonly #stream: CommandStream;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: CommandStream) {
    this.#stream = stream;
    this.#chunks = (stream.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  async isReady(): Promise<boolean> {
    return (await this.#line()) === 'ready';
  }

  /** Undefined when the shell ended before its answer did. */
  async ask(request: Buffer): Promise<CommandResult | undefined> {
    this.#stream.stdin.write(request);
    const [code, out, err] = (await this.#line())?.split(' ').map(Number) ?? [];
    if (code === undefined || out === undefined || err === undefined || !(out + err <= MOST_OUTPUT)) return undefined;
    const both = await this.#bytes(out + err);
    return both && { code, stdout: both.subarray(0, out), stderr: both.subarray(out).toString() };
  }

  async close(): Promise<void> {
    this.#stream.stdin.end();
    for await (const _ of { [Symbol.asyncIterator]: () => this.#chunks });
    await this.#stream.done.catch(() => {}); // an interruption is told by what is under way
  }

  async #line(): Promise<string | undefined> {
    let end = this.#rest.indexOf(10);
    while (end < 0) {
      const from = this.#rest.length;
      if (!(await this.#more([this.#rest]))) return undefined;
      end = this.#rest.indexOf(10, from);
    }
    const line = this.#rest.subarray(0, end).toString();
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  async #bytes(count: number): Promise<Buffer | undefined> {
    const parts = [this.#rest];
    for (let length = this.#rest.length; length < count; length += this.#rest.length) {
      if (!(await this.#more([]))) return undefined;
      parts.push(this.#rest);
    }
    const all = Buffer.concat(parts);
    this.#rest = all.subarray(count);
    return all.subarray(0, count);
  }

  /** Reads on; `before` is put before what comes. */
  async #more(before: Buffer[]): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = Buffer.concat([...before, value]);
    return true;
  }
}
