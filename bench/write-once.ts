/*
 * node bench/write-once.ts CONTAINER FOLDER OUT
 *
 * Streams a folder of a container into the payload of a new bag, with the digest of every file and a look for secrets, in a process of
 * its own, and removes it again. Prints JSON: seconds, bytes of the payload, most megabytes of memory, files that hold secrets.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { headBytes } from '../src/archive/payload.ts';
import { createBag, type PayloadMember } from '../src/bag/write-bag.ts';
import { findSecretContent } from '../src/classify/secret-content.ts';
import { TAR_CREATE } from '../src/detect/probe.ts';
import { chunksOf } from '../src/engine/chunks-of.ts';
import { findEngine } from '../src/engine/find-engine.ts';
import { useStream } from '../src/engine/use-stream.ts';

const [container = '', folder = '', out = ''] = process.argv.slice(2);
const engine = await findEngine();
const argv = TAR_CREATE.filter(word => !/^--(no-recursion|null|verbatim|files-from)/.test(word)).concat(folder);

const start = performance.now();
const bag = await createBag(out);
try {
  let members = 0;
  let secrets = 0;
  const stream = engine.execStream(container, argv, { allowFailure: true });
  const onMember = ({ header, head }: PayloadMember) => {
    members++;
    if (head && head.length > 0 && findSecretContent(head, `/${header.path}`)) secrets++;
  };
  await useStream(stream, ({ stdout }) => bag.addPayload(chunksOf(stdout), onMember, headBytes));
  const seconds = (performance.now() - start) / 1000;
  const { size } = await stat(join(bag.partialDir, 'data/payload.tar.zst'));
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1000);
  console.log(JSON.stringify({ seconds, bytes: size, members, megabytes, secrets }));
} finally {
  await bag.abort();
}
