import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { knowledgeFolder } from '../../knowledge/read-rules.ts';
import { printable } from '../../system/byte-text.ts';
import { accountsPart } from './accounts-part.ts';
import { answersPart } from './answers-part.ts';
import { sizesPart, timelinePart } from './bars.ts';
import { deedsPart } from './deeds-part.ts';
import { driftPart } from './drift-part.ts';
import { filesPart } from './files-part.ts';
import { historyPart } from './history-part.ts';
import { html, type Part, render } from './markup.ts';
import { newsPart } from './news-part.ts';
import { lookPart } from './notices.ts';
import type { PageModel } from './page-model.ts';
import { pathsPart } from './paths-part.ts';
import { Placed } from './placed.ts';
import { statePart } from './state-part.ts';
import { reasonsPart } from './treemap.ts';

/** Style and behaviour of a page: files of page/, which are beside knowledge/. */
export interface PageTexts {
  css: string;
  script: string;
}

export async function readPageTexts(): Promise<PageTexts> {
  const folder = join(knowledgeFolder(), '../page');
  const [css, script] = await Promise.all(
    ['report.css', 'report.js'].map(name => readFile(join(folder, name), 'utf8')),
  );
  return { css: css!, script: script! };
}

/**
 * A report as one HTML document that needs nothing else: no network, no other file. Its content policy allows the page's
 * own style and script, by digest, and nothing more. Pure; whatever the model says is shown as text.
 */
export function reportPage(model: PageModel, texts: PageTexts): string {
  const placed = new Placed();
  const parts = sections(model, placed);
  const css = `${texts.css}\n${placed.css()}\n`;
  const script = `\n${texts.script}`;
  const policy = `default-src 'none'; style-src ${digest(css)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
  const title = printable(`${model.title}: ${model.verdict.text}`);
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content=${policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>${title}</title>
      <style dangerouslySetInnerHTML=${{ __html: css }}></style>
    </head>
    <body>
      <a class="skip" href="#main">Skip to the report</a>
      ${header(model)} ${navigation(parts)}
      <main id="main">
        ${parts.map(({ id, title, part }) => html`<section id=${id} aria-labelledby=${`${id}-title`}><h2 id=${`${id}-title`}>${title}</h2>${part}</section>`)}
      </main>
      ${footer(model)}
      <script type="module" dangerouslySetInnerHTML=${{ __html: script }}></script>
    </body>
  </html>`;
  return `<!DOCTYPE html>\n${render(page)}\n`;
}

interface Section {
  id: string;
  title: string;
  part: Part;
}

function sections(model: PageModel, placed: Placed): Section[] {
  const restored = model.kind !== 'Decommissioned';
  const all: Section[] = [
    { id: 'look', title: 'Look at this', part: lookPart(model.look) },
    { id: 'answers', title: restored ? 'Answers, then and now' : 'Golden answers', part: answersPart(model.answers) },
    { id: 'state', title: 'State, then and now', part: statePart(model.state) },
    { id: 'history', title: 'Drills so far', part: historyPart(model.history) },
    { id: 'timeline', title: 'Timeline of the run', part: timelinePart(model.steps) },
    { id: 'kept', title: 'Kept against left', part: reasonsPart(model.reasons, placed) },
    { id: 'sizes', title: 'Sizes', part: sizesPart(model.sizes) },
    { id: 'packages', title: restored ? 'Packages that drifted' : 'Packages', part: driftPart(model.drift, restored) },
    { id: 'news', title: 'What the packages say that changed', part: newsPart(model.news) },
    { id: 'configuration', title: 'Configuration', part: filesPart(model.files) },
    { id: 'accounts', title: 'Accounts', part: accountsPart(model.accounts) },
    { id: 'deeds', title: 'What was done', part: deedsPart(model.deeds) },
    { id: 'paths', title: 'Every path, by reason', part: model.paths ? pathsPart(model.paths) : null },
  ];
  return all.filter(each => each.part !== null);
}

function header(model: PageModel): Part {
  return html`<header>
    <p class="kind">Perennial report: ${model.kind.toLowerCase()}</p>
    <h1>${printable(model.title)}</h1>
    <p class=${`verdict ${model.verdict.mark}`}>${printable(model.verdict.text)}</p>
    <p class="summary">${printable(model.summary)}</p>
    ${model.attestation ? html`<p class="summary">${model.attestation}.</p>` : null}
    <dl class="figures">
      ${model.figures.map(
        each =>
          html`<div>
            <dt>${each.label}</dt>
            <dd>${printable(each.value)}${each.note ? html`<small>${printable(each.note)}</small>` : null}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

function navigation(parts: Section[]): Part {
  const links = parts.map(({ id, title }) => html`<li><a href=${`#${id}`}>${title}</a></li>`);
  return html`<nav aria-label="Parts of the report"><ul>${links}</ul></nav>`;
}

function footer({ made }: PageModel): Part {
  return html`<footer>
    Made by Perennial ${made.version}, <time datetime=${made.at}>${made.at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>.
    Passwords, hashes and keys are left out. The page loads nothing from anywhere.
  </footer>`;
}

/** A source of a content policy (CSP 3, section 2.3.1). */
function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
