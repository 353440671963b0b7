/** One way to bring one case back. */
export interface Row {
  service: string;
  way: string;
  bytes: number;
  seconds: number | undefined;
  /** Lines that clients see as before, of all. */
  same: number;
  lines: number;
  note: string;
}

const number = (value: number) => value.toLocaleString('en-US');

/** docs/comparison.md. */
export function comparisonText(rows: Row[], day: string): string {
  return `# Perennial, the paper's procedure, and install-then-overlay

Each service was operated on Debian 11 (bullseye), archived in three ways, and brought back on Debian 13 (trixie). "Same lines" are
lines of the case's \`smoke.sh\`: what clients see, and a few attributes of its files. \`npm run compare\` writes this table anew
(it takes about half an hour on two cores); seconds are of one shared machine, from the archive to the started service, \`docker build\`
without its cache included.

- **paper**: the procedure of 2016 (\`scripts/paper-procedure.ts\`): \`find -newer\`, tar of files, untar over the old Dockerfile
  built on the new base.
- **overlay**: the old Dockerfile built on the new base, then everything that \`docker diff\` names and all volumes laid over it with
  owners by name, modes, ACLs and attributes.
- **Perennial**: \`perennial archive\`, \`perennial restore\`, with no input but the bag. By itself it decides for each package whether
  its old state comes before or after it; for these five services that is after. \`state-first\` is the other order, asked for.

Where a Dockerfile does not build on the new base, both other ways get the one that Perennial made of it: without it they end there.

| service | way | archive, bytes | same lines | seconds | |
|---|---|---|---|---|---|
${rows.map(rowText).join('\n')}

Measured on ${day}, on two shared cores.
`;
}

function rowText({ service, way, bytes, seconds, same, lines, note }: Row): string {
  const took = seconds === undefined || seconds === 0 ? '' : seconds.toFixed(0);
  const cell = note.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 160);
  return `| ${service} | ${way} | ${number(bytes)} | ${same} of ${lines}${same === lines ? '' : ' **no**'} | ${took} | ${cell} |`;
}
