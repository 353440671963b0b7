#!/usr/bin/env node
import { runOnNewerNode } from './newer-node.ts';

// Node 20 has neither zstd nor much else that is used; a copy of Node 24 among the dependencies takes over when it is there.
if (!(await runOnNewerNode())) {
  const { runCommandLine } = await import('./command-line.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
