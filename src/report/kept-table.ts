import type { KeptBag } from '../store/store.ts';
import { printable } from '../system/byte-text.ts';
import { byteText } from './byte-text.ts';

const HEAD = ['NAME', 'SERVICE', 'DATE', 'SIZE', 'EXPIRES', 'ENCRYPTED', 'WHERE'];

/** What is kept where, as a table for a terminal, a bag a line. Pure; names from stores are made printable. */
export function keptTable(kept: readonly KeptBag[]): string {
  const rows = [HEAD, ...kept.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf({ name, service, created, bytes, expires, encrypted, reference }: KeptBag): string[] {
  return [
    printable(name),
    printable(service) || '-',
    created.slice(0, 10) || '-',
    byteText(bytes),
    expires.slice(0, 10) || 'never',
    encrypted ? 'yes' : 'no',
    printable(reference),
  ];
}
