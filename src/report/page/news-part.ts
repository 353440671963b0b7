import type { PackageNews } from '../../plan/package-news.ts';
import { printable } from '../../system/byte-text.ts';
import { count } from '../markdown.ts';
import { textBlock } from './diff-block.ts';
import { html, type Part } from './markup.ts';

/** Entries that a page shows. */
const MOST = 100;

/** What the packages' maintainers tell those who upgrade from the old versions, folded, in their own words. */
export function newsPart(news: readonly PackageNews[]): Part {
  if (news.length === 0) return null;
  return html`<div>
    <p class="lead">
      Written by the maintainers of today's packages for everybody who comes from the old versions. Perennial does not act upon
      it: read what concerns something that you use.
    </p>
    ${bySource(news.slice(0, MOST)).map(source)}
    ${news.length > MOST ? html`<p class="lead">… and ${count(news.length - MOST)} more.</p>` : null}
  </div>`;
}

function bySource(news: readonly PackageNews[]): PackageNews[][] {
  const sources = new Map<string, PackageNews[]>();
  for (const each of news) sources.set(each.source, [...(sources.get(each.source) ?? []), each]);
  return [...sources.values()];
}

/** All entries of a package; a single one is told by itself. */
function source(entries: PackageNews[]): Part {
  const [first] = entries;
  if (entries.length === 1) return entry(first!);
  const dates = entries
    .map(each => each.date)
    .filter(Boolean)
    .sort();
  return html`<details>
    <summary><span class="mono">${printable(first!.source)}</span> ${count(entries.length)} times${dates.length > 0 ? `, ${dates[0]} to ${dates.at(-1)}` : ''}</summary>
    <div class="inner">${entries.map(entry)}</div>
  </details>`;
}

function entry(each: PackageNews): Part {
  const title = printable(`${each.source} ${each.version}`);
  return html`<details>
    <summary><span class="mono">${title}</span> ${each.date}</summary>
    ${textBlock(each.text, title)}
  </details>`;
}
