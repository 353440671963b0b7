import { findNearestName } from '../config/nearest-name.ts';
import { ExitCode, PerennialError } from '../errors.ts';
import { toolVersion } from '../version.ts';
import { commands } from './commands.ts';
import { parseArguments } from './parse-arguments.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/**
 * Runs the command line and gives its exit code. Results go to stdout, progress and errors to stderr.
 * @param args without the program's name
 */
export async function runCommandLine(args: string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === '--version') return say(`perennial ${toolVersion}`);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return say(overview());
  const progress = createTerminalProgress();
  try {
    const command = commands[name];
    if (!command) {
      const near = findNearestName(name, Object.keys(commands));
      throw new PerennialError('bad-input', `There is no command "${name}"`, {
        hint: near ? `Did you mean \`perennial ${near}\`?` : 'See `perennial --help`.',
      });
    }
    if (rest.includes('--help') || rest.includes('-h')) return say(command.usage);
    const code = await command.run(parseArguments(rest, command), progress);
    progress.close();
    return code;
  } catch (error) {
    progress.close('failed');
    return fail(error);
  }
}

function say(text: string): ExitCode {
  process.stdout.write(`${text.trimEnd()}\n`);
  return ExitCode.done;
}

function fail(error: unknown): ExitCode {
  if (error instanceof PerennialError) {
    process.stderr.write(`error: ${error.toText()}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a defect of perennial; please report it.\n`,
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
