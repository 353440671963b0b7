import type { ProbeField, ProbeKind } from '../src/knowledge/probe-kind.ts';

/** The kinds of knowledge/probes as a Markdown table: type, client, port, fields. Pure. */
export function probeTable(kinds: Iterable<ProbeKind>): string {
  const rows = [...kinds].map(kind => [
    `\`${kind.id}\``,
    kind.title,
    String(kind.port),
    Object.entries(kind.fields)
      .map(([name, field]) => fieldText(name, field))
      .join('; '),
  ]);
  const heads = ['`type`', 'What it asks', 'Port', 'Fields'];
  return [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

const BEGIN = '<!-- probes -->';
const END = '<!-- end -->';

/** Puts the table between its marks. Throws when the text lacks them. */
export function withProbeTable(text: string, kinds: Iterable<ProbeKind>): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`The text has no marks ${BEGIN} and ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n${probeTable(kinds)}\n${text.slice(to)}`;
}

function fieldText(name: string, field: ProbeField): string {
  const about = field.about.replaceAll('|', '\\|');
  const said = field.required
    ? ', required'
    : field.default === undefined || field.default === ''
      ? ''
      : ` (\`${[field.default].flat().join(' ')}\`)`;
  return `\`${name}\` ${about}${said}`;
}
