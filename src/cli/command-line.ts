import { findNearestName } from '../config/nearest-name.ts';
import { sweepLeftovers } from '../engine/sweep.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { interruption, interruptOnSignals, signalExitCode } from '../interruption.ts';
import { printableLines } from '../system/byte-text.ts';
import { toolVersion } from '../version.ts';
import { commands } from './commands.ts';
import { parseArguments } from './parse-arguments.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/**
 * Runs the command line and gives its exit code. Results go to stdout, progress and errors to stderr.
 * A signal ends it in order: what it made is removed, and the exit code is 128 and the signal's number.
 * @param args without the program's name
 */
export async function runCommandLine(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') return say(`perennial ${toolVersion}`);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return say(overview());
  const progress = createTerminalProgress();
  interruptOnSignals(signal => progress.warn(`${signal}: ending; what was made is removed (once more ends at once)`));
  process.stdout.on('error', ignoreClosedPipe);
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) {
      const near = findNearestName(name, Object.keys(commands));
      throw new PerennialError('bad-input', `There is no command "${name}"`, {
        hint: near ? `Did you mean \`perennial ${near}\`?` : 'See `perennial --help`.',
      });
    }
    if (rest.includes('--help') || rest.includes('-h')) return say(command.usage);
    await sweepLeftovers(progress);
    const code = await command.run(parseArguments(rest, command), progress);
    progress.close();
    return code;
  } catch (error) {
    progress.close('failed');
    return interruption.signal ? await endInterrupted(interruption.signal) : fail(error);
  }
}

async function endInterrupted(signal: NodeJS.Signals): Promise<number> {
  await interruption.settled();
  process.stderr.write(`interrupted by ${signal}: nothing half written is left\n`);
  return signalExitCode(signal);
}

/** `perennial explain BAG | head` closes our output; that is no fault of anybody. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function say(text: string): ExitCode {
  process.stdout.write(`${text.trimEnd()}\n`);
  return ExitCode.done;
}

/** What is wrong may be a name or a message out of a bag or a container: it must not reach the terminal as codes. */
function fail(error: unknown): ExitCode {
  if (error instanceof PerennialError) {
    process.stderr.write(`error: ${printableLines(error.toText())}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `error: ${printableLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\nThis is a defect of perennial; please report it.\n`,
  );
  return ExitCode.failed;
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(10)} ${command.summary}`);
  return `perennial: archive the Mutable data of a service, and bring the service back on today's systems.

usage: perennial COMMAND [options]     (perennial COMMAND --help tells more)

${lines.join('\n')}

exit codes: 0 done; 1 failed; 2 bad input; 3 restored, but the service does not answer as before;
4 archived, but some data could not be read (each path is named)`;
}
