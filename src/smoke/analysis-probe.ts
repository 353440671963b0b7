import { isUtf8 } from 'node:buffer';
import { textLines } from './answer-lines.ts';
import { type Content, finish } from './content.ts';
import { imageSketch } from './image-sketch.ts';
import type { Probe } from './probe.ts';
import type { SmokeSession } from './smoke-session.ts';
import type { AnalysisProbe } from './smoke-test.ts';

/** Lines of a result file that are compared one by one; a longer one is compared by its digest. */
const MOST_LINES = 5000;

/** Marks of lines of an answer that are not text of the analysis. */
export const FILE_MARK = 'file ';
export const IMAGE_MARK = 'image ';

/** Runs an analysis again in the service's container: what it prints, the files and the images that it makes. */
export const analysisProbe: Probe<AnalysisProbe> = {
  type: 'analysis',
  async prepare(test, session) {
    const argv = typeof test.run === 'string' ? ['sh', '-c', test.run] : test.run;
    return async signal => {
      const { code, stdout } = await run(session, test, argv, signal);
      const head: string[] = [];
      for (const path of test.files ?? []) head.push(...fileLines(path, await read(session, test, path, signal)));
      for (const path of test.images ?? []) head.push(imageLine(path, await read(session, test, path, signal)));
      return { status: `exit ${code}`, head, content: stdout };
    };
  },
};

function run({ target }: SmokeSession, test: AnalysisProbe, argv: string[], signal: AbortSignal) {
  const options = { allowFailure: true, ...(test.user === undefined ? {} : { user: test.user }) };
  return finish(target.engine.execStream(target.container, argv, options), signal);
}

async function read(
  session: SmokeSession,
  test: AnalysisProbe,
  path: string,
  signal: AbortSignal,
): Promise<Content | undefined> {
  const { code, stdout } = await run(session, test, ['cat', '--', path], signal);
  return code === 0 ? stdout : undefined;
}

function fileLines(path: string, content: Content | undefined): string[] {
  if (!content) return [`${FILE_MARK}${path}: missing`];
  const { bytes, sha256 } = content;
  const lines = bytes && !bytes.includes(0) && isUtf8(bytes) ? textLines(bytes.toString('utf8')) : undefined;
  if (!lines || lines.length > MOST_LINES) return [`${FILE_MARK}${path}: sha256 ${sha256}`];
  return [`${FILE_MARK}${path}: ${lines.length} lines`, ...lines];
}

function imageLine(path: string, content: Content | undefined): string {
  if (!content) return `${IMAGE_MARK}${path}: missing`;
  try {
    return `${IMAGE_MARK}${path}: ${imageSketch(content.bytes ?? Buffer.alloc(0))}`;
  } catch (error) {
    return `${IMAGE_MARK}${path}: ${(error as Error).message}; sha256 ${content.sha256}`;
  }
}
