import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeTarMember, endOfTar, memberPadding } from '../bag/tar-encode.ts';
import { EMPTY_FILE } from '../bag/tar-header.ts';
import type { Engine } from '../engine/engine.ts';
import { BUILD_LABEL } from '../engine/inspect.ts';
import { PerennialError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { formatAccounts } from '../system/accounts.ts';
import { printable } from '../system/byte-text.ts';
import type { Accounts } from '../system/system-facts.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { buildReasons, isTransient } from './build-reasons.ts';
import { PRE_STATE, PRE_STATE_LINES } from './pre-state.ts';

export interface BuildRequest {
  engine: Engine;
  base: string;
  /** Accounts right after FROM: `adduser --system` of the packages finds the names and keeps them. */
  accounts: Accounts;
  /** Whether the base has an account file (absolute path); what it has not it does not get. */
  baseHas: (path: string) => boolean;
  dockerfile: string;
  /** Folder of the recorded build context, if any. */
  context: string | undefined;
  /** Texts, as latin1, for files of the context. */
  contextTexts: Record<string, string>;
  buildArgs: Record<string, string>;
  tag: string;
  /** Value of BUILD_LABEL on every layer that this build makes, so that they are found again when it fails. */
  label: string;
  /** Labels of the image. */
  labels: Record<string, string>;
  /** Adds the state that comes before the packages to the context of the base. */
  writePreState?: (context: string) => Promise<void>;
  /** Latest packages are the point of a restore, so old build layers are not used unless asked for. */
  useCache: boolean;
  /** The base with the accounts is there already, made for this restore, and so is what was built on it. */
  begun?: boolean;
  /** Every layer is made anew, also of the base with the accounts: nothing built on it can be an earlier restore's. */
  fresh?: boolean;
  /** Called when the base with the accounts is there. */
  onBase?: () => void;
  /** Ends the build. */
  signal?: AbortSignal;
  onLine: (line: string) => void;
}

/**
 * While the image is built dpkg need not flush every file to the disk (dpkg(1), --force-unsafe-io): a build that was cut off is done
 * anew. Debian's own images say the same in general. The container of the image is without it.
 */
export const UNFLUSHED = '/etc/dpkg/dpkg.cfg.d/perennial-build';

/** Name of the image that is the base with the accounts: the rewritten Dockerfile starts from it. */
export const ACCOUNTS_BASE = 'perennial-base';

/** Builds the service's image on the base with the old system accounts merged in. Returns the image id. */
export async function buildImage(request: BuildRequest): Promise<string> {
  const temporary = await temporaryFolder('restore');
  const folder = temporary.path;
  const said: string[] = [];
  try {
    if (!request.begun) await buildAccountsBase(request, join(folder, 'base'));
    request.onBase?.();
    const context = join(folder, 'context');
    await mkdir(context, { recursive: true });
    if (request.context) await cp(request.context, context, { recursive: true, verbatimSymlinks: true });
    for (const [path, text] of Object.entries(request.contextTexts))
      await writeFile(join(context, path), text, 'latin1');
    const dockerfile = join(folder, 'Dockerfile');
    await writeFile(dockerfile, request.dockerfile);
    return await buildAgain(request, said, onLine =>
      request.engine.build({
        context,
        dockerfile,
        tag: request.tag,
        buildArgs: request.buildArgs,
        labels: request.labels,
        noCache: !request.useCache && !request.begun,
        onLine,
        ...(request.signal ? { signal: request.signal } : {}),
      }),
    );
  } catch (cause) {
    if (cause instanceof PerennialError && cause.code === 'command-failed') {
      const reasons = buildReasons(said).map(printable).join('\n');
      const message = `The image does not build on ${request.base}: ${reasons ? `${reasons}\n` : ''}${cause.message}`;
      throw new PerennialError('step-failed', message, {
        cause,
        hint: 'The report shows the rewritten Dockerfile. Mend the one in the bag (data/rebuild) or name another --base.',
      });
    }
    throw cause;
  } finally {
    await temporary.remove();
  }
}

/** Where a build stopped at the network, it is tried again; `said` has what stopped the last try. */
async function buildAgain(
  { onLine, signal }: BuildRequest,
  said: string[],
  build: (onLine: (line: string) => void) => Promise<string>,
): Promise<string> {
  for (let left = TRIES - 1; ; left--) {
    said.length = 0;
    try {
      return await build(line => {
        if (buildReasons([line]).length > 0) said.push(line);
        onLine(line);
      });
    } catch (cause) {
      const reasons = buildReasons(said);
      if (left === 0 || signal?.aborted || interruption.signal || !isTransient(reasons)) throw cause;
      onLine(`Building again in ${PAUSE / 1000} s: ${reasons[0]}`);
      await sleep(PAUSE);
    }
  }
}

/** A mirror or resolver that is away for a moment must not cost a restore. */
const TRIES = 3;
/** Milliseconds. */
const PAUSE = 5000;

async function buildAccountsBase(request: BuildRequest, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FIRST_LAYER), firstLayer(request));
  await request.writePreState?.(folder);
  const hasPreState = (await readdir(folder)).includes(PRE_STATE);
  const lines = [
    `FROM ${request.base}`,
    `LABEL ${BUILD_LABEL}=${request.label}`,
    `ADD ${FIRST_LAYER} /`,
    ...(hasPreState ? PRE_STATE_LINES : []),
  ];
  await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
  await request.engine.build({
    context: folder,
    tag: accountsTag(request.tag),
    noCache: request.fresh ?? false,
    onLine: request.onLine,
    ...(request.signal ? { signal: request.signal } : {}),
  });
}

const FIRST_LAYER = 'accounts.tar';

/**
 * The account files of the base with the old system's accounts, and UNFLUSHED. A tar that ADD unpacks keeps owners and modes, and
 * needs no container of its own as a RUN does: a second less on every restore.
 */
function firstLayer({ accounts, baseHas }: Pick<BuildRequest, 'accounts' | 'baseHas'>): Buffer {
  const shadow = accounts.group.find(each => each.name === 'shadow')?.gid;
  const members = Object.entries(formatAccounts(accounts))
    .filter(([name, content]) => content.length > 0 && baseHas(`/etc/${name}`))
    .map(([name, content]) => {
      // As Debian's base-passwd and shadow make them (Debian Policy 9.2.2: group shadow).
      const isShadow = name.endsWith('shadow');
      const mode = isShadow ? (shadow === undefined ? 0o600 : 0o640) : 0o644;
      return memberOf(`etc/${name}`, content, mode, isShadow ? (shadow ?? 0) : 0);
    });
  return Buffer.concat([
    ...members,
    encodeTarMember({ ...EMPTY_FILE, kind: 'directory', path: dirname(UNFLUSHED).slice(1), mode: 0o755 }),
    memberOf(UNFLUSHED.slice(1), Buffer.from('force-unsafe-io\n'), 0o644, 0),
    endOfTar,
  ]);
}

function memberOf(path: string, content: Buffer, mode: number, gid: number): Buffer {
  const { length } = content;
  const mtime = String(Math.floor(Date.now() / 1000));
  const header = { ...EMPTY_FILE, path, mode, gid, mtime, size: length, storedSize: length };
  return Buffer.concat([encodeTarMember(header), content, memberPadding(length)]);
}

/** The base image belongs to one restore: `perennial-base:<tag of the result>`. */
export function accountsTag(tag: string): string {
  return `${ACCOUNTS_BASE}:${tag.replace(/[^a-zA-Z0-9_.-]+/g, '-')}`;
}
