import { printable } from '../system/byte-text.ts';

/**
 * Text that may be printed in a workflow's log. Runners take `::name::` at the beginning of a line, and `##[name]` anywhere, for
 * commands (github.com/actions/runner, ActionCommand.cs): a container must not set outputs or unmask secrets through what it says.
 */
export function logText(text: string): string {
  return text
    .replace(/\r+$/gm, '')
    .split(/[\r\n]/) // a lone carriage return redraws a line on a terminal; a log shows each state
    .map(line =>
      printable(line)
        .replace(/^(\s*)::/, '$1: :')
        .replaceAll('##[', '## ['),
    )
    .join('\n');
}
