/*
 * npm run provision [-- --bases bullseye,trixie --tools act,podman | --all]
 *
 * Makes a bare Debian or Ubuntu ready for the demo and the tests; run again, it does nothing. Exit 2 when something is
 * missing that only root can provide.
 */
import { parseArgs } from 'node:util';
import { BASES } from './provision/bases.ts';
import { MissingError, type Needs, provision } from './provision/provision.ts';
import { TOOLS } from './provision/tools.ts';

const { values } = parseArgs({
  options: { bases: { type: 'string' }, tools: { type: 'string' }, all: { type: 'boolean', default: false } },
});
const list = (text: string | undefined, every: string[], none: string[]) =>
  values.all ? every : (text?.split(',').filter(Boolean) ?? none);
const needs: Needs = {
  engine: true,
  bases: list(values.bases, [...BASES], ['bullseye', 'trixie']),
  tools: list(
    values.tools,
    TOOLS.map(tool => tool.name),
    ['smbclient'],
  ),
};

try {
  await provision(needs);
  console.error('provision: everything is there');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof MissingError)
    console.error('Run `npm run provision` as root on Debian or Ubuntu, or install these yourself.');
  process.exitCode = error instanceof MissingError ? 2 : 1;
}
