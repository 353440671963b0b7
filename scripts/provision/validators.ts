import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from '../command.ts';
import { aptInstall } from './apt.ts';
import { CACHE, TOOL_BIN } from './paths.ts';

const VENV = join(CACHE, 'validators');
const PROGRAM = join(TOOL_BIN, 'validators-python');

/** A Python with validators of RO-Crate 1.1 and CycloneDX (which brings the JSON schemas), in a virtual environment. */
export const provideValidators = {
  userCanProvide: true,
  present: () => existsSync(PROGRAM),
  provide(): void {
    if (tryRun('python3', ['-c', 'import venv, ensurepip']).code !== 0) aptInstall(['python3-venv']);
    run('python3', ['-m', 'venv', '--clear', VENV]);
    const packages = ['roc-validator>=0.13', 'cyclonedx-python-lib[json-validation]'];
    run(join(VENV, 'bin', 'pip'), ['install', '-q', ...packages], { timeout: 900 });
    mkdirSync(TOOL_BIN, { recursive: true });
    writeFileSync(PROGRAM, `#!/bin/sh\nexec '${join(VENV, 'bin', 'python')}' "$@"\n`, { mode: 0o755 });
  },
};
