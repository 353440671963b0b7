import * as core from '@actions/core';
import { type Instance, PUBLIC_INSTANCE } from '../attestation/sign-bag.ts';
import { type ExpectedSigner, parseExpectedSigner } from '../attestation/signer.ts';
import { secretVariables } from '../classify/secrets.ts';
import type { Keys, Lock } from '../encryption/lock.ts';
import { parseIdentities, parsePassphrase, parseRecipients } from '../encryption/parse-keys.ts';
import { PerennialError } from '../errors.ts';
import { parseReference, type Reference } from '../store/reference.ts';
import { parseKeepFor } from '../store/retention.ts';
import type { AttestInputs } from './attest-archive.ts';
import { VERIFICATIONS, type Verification } from './verify-archive.ts';

/* The only place that reads inputs. Names and defaults are those of the action.yml files; a test compares them. */

/** What becomes of an archive. Secrets in it are masked in the log, and never saved: post reads its inputs again. */
export interface KeepInputs {
  artifactName: string;
  retentionDays: number;
  /** Where to keep it. */
  to: Reference[];
  /** Days; undefined where the input is not given. */
  keepForDays: number | undefined;
  lock: Lock | undefined;
  githubToken: string;
  allowPlaintextSecrets: boolean;
  attest: AttestInputs;
}

export interface MainInputs extends KeepInputs {
  context: string;
  dockerfile: string;
  buildArgs: Record<string, string>;
  image: string;
  name: string;
  ports: string[];
  volumes: string[];
  env: Record<string, string>;
  runOptions: string[];
  start: string;
  readyPort: number | undefined;
  readyTimeout: number;
  config: string;
  /** Folder with knowledge entries of the owner's own; empty: what perennial.yml says. */
  knowledge: string;
  archiveOn: 'always' | 'success';
  /** success, failure or cancelled: of the steps so far. */
  jobStatus: string;
  keepContainer: boolean;
  verify: Verification;
  engine: string;
}

export interface ArchiveInputs extends KeepInputs {
  container: string;
  context: string;
  dockerfile: string;
  buildArgs: Record<string, string>;
  start: string;
  config: string;
  /** Folder with knowledge entries of the owner's own; empty: what perennial.yml says. */
  knowledge: string;
  baseline: string;
  upload: boolean;
  verify: Verification;
  engine: string;
}

export interface RestoreInputs {
  bag: string;
  artifact: string;
  runId: number | undefined;
  githubToken: string;
  repository: string;
  keys: Keys;
  /** Who must have made the archive; undefined: anybody. */
  expected: ExpectedSigner | undefined;
  /** Path of the keys that attestations are verified with; empty: Sigstore's. */
  trustedRoot: string;
  name: string;
  base: string;
  smoke: string;
  /** Folder with knowledge entries of the owner's own; empty: none. */
  knowledge: string;
  /** Whether older releases are asked for packages that today's has not. */
  olderPackages: boolean;
  keep: boolean;
  report: string;
  uploadReport: boolean;
  engine: string;
}

/** Inputs of the root action. @throws PerennialError `bad-input` naming the input */
export function mainInputs(): MainInputs {
  const inputs: MainInputs = {
    context: core.getInput('context'),
    dockerfile: core.getInput('dockerfile'),
    buildArgs: pairs('build-args'),
    image: core.getInput('image'),
    name: core.getInput('name'),
    ports: core.getMultilineInput('ports'),
    volumes: core.getMultilineInput('volumes'),
    env: pairs('env'),
    runOptions: core.getMultilineInput('run-options'),
    start: core.getInput('start'),
    readyPort: number('ready-port'),
    readyTimeout: number('ready-timeout') ?? 60,
    config: core.getInput('config'),
    knowledge: core.getInput('knowledge'),
    archiveOn: oneOf('archive-on', ['always', 'success']),
    jobStatus: core.getInput('job-status'),
    keepContainer: core.getBooleanInput('keep-container'),
    verify: oneOf('verify', VERIFICATIONS),
    ...keepInputs(),
    engine: core.getInput('engine'),
  };
  if (!inputs.context && !inputs.image) {
    throw new PerennialError('bad-input', 'Neither `context` nor `image` is given', {
      hint: 'Name the folder of the Dockerfile, or the image to start.',
    });
  }
  return inputs;
}

/** Inputs of archive/action.yml. */
export function archiveInputs(): ArchiveInputs {
  return {
    container: core.getInput('container', { required: true }),
    context: core.getInput('context'),
    dockerfile: core.getInput('dockerfile'),
    buildArgs: pairs('build-args'),
    start: core.getInput('start'),
    config: core.getInput('config'),
    knowledge: core.getInput('knowledge'),
    baseline: core.getInput('baseline'),
    upload: core.getBooleanInput('upload'),
    verify: oneOf('verify', VERIFICATIONS),
    ...keepInputs(),
    engine: core.getInput('engine'),
  };
}

/**
 * Inputs of restore/action.yml. The token is masked in the log.
 * @param fixed what a drill, which has the other inputs too, does not leave to its user
 */
export function restoreInputs(fixed: Partial<Pick<RestoreInputs, 'name' | 'keep'>> = {}): RestoreInputs {
  const inputs: RestoreInputs = {
    bag: core.getInput('bag'),
    artifact: core.getInput('artifact'),
    runId: number('run-id'),
    githubToken: secret('github-token'),
    repository: core.getInput('repository'),
    keys: keys(),
    expected: expectedSigner(),
    trustedRoot: core.getInput('trusted-root'),
    name: fixed.name ?? core.getInput('name'),
    base: core.getInput('base'),
    smoke: core.getInput('smoke'),
    knowledge: core.getInput('knowledge'),
    olderPackages: core.getBooleanInput('older-packages'),
    keep: fixed.keep ?? core.getBooleanInput('keep'),
    report: core.getInput('report'),
    uploadReport: core.getBooleanInput('upload-report'),
    engine: core.getInput('engine'),
  };
  if ((inputs.bag === '') === (inputs.artifact === '')) {
    throw new PerennialError('bad-input', 'Give either `bag` or `artifact`', {
      hint: '`bag` is a path on the runner or a reference such as `release:TAG`, `artifact` the name of a workflow artifact.',
    });
  }
  return inputs;
}

/** What the inputs say of the restore itself; an empty one is not given. */
export function givenToRestore({ name, base, knowledge, olderPackages, keep }: RestoreInputs) {
  return { name, keep, olderPackages, ...(base ? { base } : {}), ...(knowledge ? { knowledge } : {}) };
}

function keepInputs(): KeepInputs {
  const keepFor = core.getInput('keep-for');
  return {
    artifactName: core.getInput('artifact-name'),
    retentionDays: number('retention-days') ?? 0,
    to: references('to'),
    keepForDays: keepFor === '' ? undefined : parseKeepFor(keepFor, 'The input keep-for'),
    lock: lock(),
    githubToken: secret('github-token'),
    allowPlaintextSecrets: core.getBooleanInput('allow-plaintext-secrets'),
    attest: attestInputs(),
  };
}

function attestInputs(): AttestInputs {
  const how = oneOf('attest', ['false', 'true', 'public']);
  const given = parsePairs('sigstore');
  const wrong = Object.keys(given).find(name => !SIGSTORE_PARTS.includes(name));
  if (wrong !== undefined || (Object.keys(given).length > 0 && !given.fulcio)) {
    const what = wrong === undefined ? 'names no fulcio' : `has the line ${JSON.stringify(wrong)}`;
    throw new PerennialError('bad-input', `The input sigstore ${what}`, {
      hint: `Give the addresses of an instance of your own, NAME=VALUE a line: ${SIGSTORE_PARTS.join(', ')}.`,
    });
  }
  const { fulcio, rekor = '', timestamp = '' } = given;
  const instance: Instance = fulcio ? { fulcio, rekor, timestamp } : PUBLIC_INSTANCE;
  return {
    instance: how === 'false' ? undefined : instance,
    allowPublicLog: how === 'public',
    trustedRoot: given['trusted-root'] ?? '',
  };
}

const SIGSTORE_PARTS = ['fulcio', 'rekor', 'timestamp', 'trusted-root'];

function expectedSigner(): ExpectedSigner | undefined {
  return parseExpectedSigner({
    attestedBy: core.getInput('attested-by'),
    identity: core.getInput('certificate-identity'),
    issuer: core.getInput('certificate-oidc-issuer'),
    names: {
      attestedBy: 'the input attested-by',
      identity: 'the input certificate-identity',
      issuer: 'the input certificate-oidc-issuer',
    },
  });
}

/** References of stores, one a line; the word `artifact` is the workflow artifact. */
function references(name: string): Reference[] {
  const lines = core.getMultilineInput(name);
  if (lines.length > 0) return lines.map(line => parseReference(line === 'artifact' ? 'artifact:' : line));
  throw new PerennialError('bad-input', `The input ${name} is empty`, {
    hint: 'Say where to keep the archive, for instance `artifact`.',
  });
}

/** An input whose value the log must not show; each line of it, since the log is masked line by line. */
function secret(name: string): string {
  const value = core.getInput(name);
  for (const line of value.split(/\r?\n/)) if (line.trim() !== '') core.setSecret(line.trim());
  return value;
}

function lock(): Lock | undefined {
  const recipients = core.getInput('encrypt-to');
  const passphrase = secret('passphrase');
  if (recipients !== '' && passphrase !== '') {
    throw new PerennialError('bad-input', '`encrypt-to` and `passphrase` are both given', {
      hint: 'An age file takes either recipients or a passphrase.',
    });
  }
  if (recipients !== '') return { recipients: parseRecipients(recipients, 'The input encrypt-to') };
  return passphrase === '' ? undefined : { passphrase: parsePassphrase(passphrase, 'The input passphrase') };
}

function keys(): Keys {
  const identity = secret('identity');
  const passphrase = secret('passphrase');
  return {
    identities: identity === '' ? [] : parseIdentities(identity, 'The input identity'),
    passphrases: passphrase === '' ? [] : [parsePassphrase(passphrase, 'The input passphrase')],
  };
}

/** NAME=value lines. Values that are secrets by their name are masked in the log from here on. */
function pairs(name: string): Record<string, string> {
  const values = parsePairs(name);
  for (const secret of secretVariables(values)) core.setSecret(values[secret]!);
  return values;
}

function parsePairs(name: string): Record<string, string> {
  return Object.fromEntries(
    core.getMultilineInput(name).map(line => {
      const at = line.indexOf('=');
      if (at <= 0)
        throw new PerennialError(
          'bad-input',
          `The input ${name} has a line that is not NAME=value`, // the line itself may be a secret
        );
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

function number(name: string): number | undefined {
  const text = core.getInput(name);
  if (text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new PerennialError('bad-input', `The input ${name} is "${text}", not a number`);
  return Number(text);
}

function oneOf<T extends string>(name: string, values: readonly T[]): T {
  const text = core.getInput(name);
  const found = values.find(value => value === text);
  if (found === undefined)
    throw new PerennialError('bad-input', `The input ${name} is "${text}"`, { hint: `Use ${values.join(' or ')}.` });
  return found;
}
