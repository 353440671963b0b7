import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempDir } from './temp-dir.ts';

/** An archive as `npm pack` makes it: all below `package/`. */
export function npmArchive(files: Record<string, string>): Buffer {
  return packed('package', files);
}

/** A .gem, as RubyGems lays it out: metadata.gz, data.tar.gz, checksums.yaml.gz. */
export function gemArchive(files: Record<string, string>): Buffer {
  const dir = tempDir();
  writeFileSync(join(dir, 'metadata.gz'), 'metadata');
  writeFileSync(join(dir, 'data.tar.gz'), packed('.', files));
  execFileSync('tar', ['-cf', 'x.gem', 'metadata.gz', 'data.tar.gz'], { cwd: dir });
  return readFileSync(join(dir, 'x.gem'));
}

function packed(top: string, files: Record<string, string>): Buffer {
  const dir = tempDir();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, top, path)), { recursive: true });
    writeFileSync(join(dir, top, path), content);
  }
  const names = Object.keys(files).map(path => (top === '.' ? path : `${top}/${path}`));
  return execFileSync('tar', ['-cz', '-C', dir, ...names]);
}
