import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';

/** Plain style in the measures and colours of GitHub's pages: this draws a summary, it does not copy a site. */
const STYLE = `
  :root { color-scheme: light dark; --ground: #fff; --text: #1f2328; --line: #d1d9e0; --soft: #f6f8fa; }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #0d1117; --text: #f0f6fc; --line: #3d444d; --soft: #151b23; }
  }
  body { margin: 0; padding: 24px 32px; background: var(--ground); color: var(--text);
    font: 16px/1.5 'Noto Sans', 'DejaVu Sans', sans-serif; }
  h2, h3 { line-height: 1.25; margin: 24px 0 16px; }
  h2 { margin-top: 0; padding-bottom: 8px; border-bottom: 1px solid var(--line); }
  table { border-collapse: collapse; margin: 0 0 16px; }
  th, td { padding: 6px 13px; border: 1px solid var(--line); text-align: left; }
  tr:nth-child(2n) { background: var(--soft); }
  code { padding: 2px 6px; border-radius: 6px; background: #818b9829; font: 85% 'DejaVu Sans Mono', monospace; }
  pre { padding: 16px; overflow: hidden; background: var(--soft); }
  details { margin-bottom: 16px; }
`;

/** Makes a page of the Markdown of a job summary, as a browser shows it in a workflow run. Gives its file. */
export function summaryPage(markdown: string, folder: string): string {
  const file = join(folder, 'summary.html');
  const body = marked.parse(markdown, { gfm: true, async: false });
  writeFileSync(file, `<!doctype html><html lang="en"><meta charset="utf-8"><style>${STYLE}</style>${body}</html>`);
  return file;
}
