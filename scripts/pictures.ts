/*
 * npm run pictures
 *
 * Makes docs/images of a real run: the example's file server is operated, archived and restored by the actions, and what they
 * wrote is photographed with Chromium. Needs a container engine, root, and a minute or two.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marked } from 'marked';
import puppeteer, { type Browser } from 'puppeteer-core';
import { parse } from 'yaml';
import { ROOT, toolEnv } from './provision/paths.ts';
import { provision } from './provision/provision.ts';

const IMAGES = join(ROOT, 'docs/images');
const NAME = 'perennial-pictures';
const BASE = process.env.PERENNIAL_OLD_BASE ?? 'debian:bullseye';
const work = mkdtempSync(join(tmpdir(), 'pictures-'));

/** How a job summary looks on GitHub, near enough. */
const STYLE = `body{font:16px/1.5 system-ui,"Liberation Sans","DejaVu Sans",sans-serif;color:#1f2328;margin:24px 32px;max-width:980px}
h2{border-bottom:1px solid #d1d9e0;padding-bottom:.3em}table{border-collapse:collapse;margin:16px 0}
td,th{border:1px solid #d1d9e0;padding:6px 13px;text-align:left}tr:nth-child(2n){background:#f6f8fa}
code{background:#eff1f3;padding:.2em .4em;border-radius:6px;font-size:85%}th:empty{padding:0}`;

async function main(): Promise<void> {
  await provision({ engine: true, bases: ['bullseye', 'trixie'], tools: ['chromium', 'smbclient'] }, console.error);
  mkdirSync(IMAGES, { recursive: true });
  try {
    operate();
    runAction('archive', { container: NAME, context: 'examples/samba', 'build-args': `BASE=${BASE}`, upload: 'false' });
    const bag = /^bag<<.*\n(.*)$/m.exec(readFileSync(join(work, 'archive.out'), 'utf8'))![1]!;
    const report = join(work, 'report');
    runAction('restore', { bag, name: `${NAME}-new`, report, keep: 'false', 'upload-report': 'false' });
    await photograph(report);
  } finally {
    rmSync(work, { recursive: true, force: true });
    execFileSync('docker', ['rm', '-f', '-v', NAME], { stdio: 'ignore' });
  }
}

/** The file server of the example, with some people's work in it. */
function operate(): void {
  const docker = (args: string[], input?: Buffer) =>
    execFileSync('docker', args, {
      cwd: ROOT,
      stdio: [input ? 'pipe' : 'ignore', 'ignore', 'inherit'],
      ...(input ? { input } : {}),
    });
  docker(['build', '-q', '-t', NAME, '--build-arg', `BASE=${BASE}`, 'examples/samba']);
  docker(['run', '-d', '--name', NAME, NAME, 'sleep', 'infinity']);
  docker(['exec', NAME, 'sh', '-c', 'mkdir -p /run/samba; smbd -D; nmbd -D']);
  docker(['exec', '-i', NAME, 'bash', '-e'], readFileSync(join(ROOT, 'examples/samba/operate.sh')));
  docker(['exec', NAME, 'smbcontrol', 'smbd', 'reload-config']);
}

/** Runs an action as a runner does: its inputs, with defaults of action.yml, in the environment. */
function runAction(name: 'archive' | 'restore', given: Record<string, string>): void {
  const { inputs } = parse(readFileSync(join(ROOT, name, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  const values = Object.entries(inputs).map(([input, each]) => {
    const value = given[input] ?? each.default ?? '';
    return [`INPUT_${input.toUpperCase()}`, value.startsWith('${{') ? '' : value];
  });
  for (const suffix of ['out', 'md']) execFileSync('touch', [join(work, `${name}.${suffix}`)]);
  const env = {
    ...Object.fromEntries(values),
    RUNNER_TEMP: work,
    GITHUB_OUTPUT: join(work, `${name}.out`),
    GITHUB_STEP_SUMMARY: join(work, `${name}.md`),
  };
  execFileSync('node', [join(ROOT, `src/actions/${name}.ts`)], {
    cwd: ROOT,
    env: toolEnv(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function photograph(report: string): Promise<void> {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = `file://${join(report, 'index.html')}`;
    await shoot(browser, page, 'page-light', { width: 1000, height: 1150, scheme: 'light' });
    await shoot(browser, page, 'page-dark', { width: 1000, height: 1150, scheme: 'dark' });
    const summary = await marked(readFileSync(join(work, 'restore.md'), 'utf8'));
    const html = `<!DOCTYPE html><meta charset="utf-8"><style>${STYLE}</style>${summary}`;
    await shoot(browser, `data:text/html;base64,${Buffer.from(html).toString('base64')}`, 'summary', {
      width: 1000,
      height: 1150,
      scheme: 'light',
    });
  } finally {
    await browser.close();
  }
}

async function shoot(
  browser: Browser,
  address: string,
  name: string,
  { width, height, scheme }: { width: number; height: number; scheme: string },
): Promise<void> {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(address);
  await page.screenshot({ path: join(IMAGES, `${name}.png`), optimizeForSpeed: false });
  await page.close();
}

await main();
