import { createHash } from 'node:crypto';

/** One artifact of a run, as the service keeps it. */
export interface StoredArtifact {
  id: number;
  runId: string;
  name: string;
  content: Buffer;
  /** `sha256:...` as the service reports it; empty until it is finalized. */
  digest: string;
  /** What the client said that it is; a zip unless it uploaded a single raw file. */
  mimeType: string;
  createdAt: Date;
  expiresAt?: Date;
}

/** Artifacts by run and name, and the blocks of uploads under way. */
export class ArtifactStore {
  readonly artifacts: StoredArtifact[] = [];
  private readonly blocks = new Map<number, Map<string, Buffer>>();

  /** Undefined when the run has an artifact of this name already: artifacts are immutable. */
  create(runId: string, name: string, mimeType: string, expiresAt?: Date): StoredArtifact | undefined {
    if (this.artifacts.some(each => each.runId === runId && each.name === name && each.digest !== '')) return undefined;
    const id = 1000 + this.artifacts.length;
    const artifact: StoredArtifact = {
      id,
      runId,
      name,
      mimeType,
      content: Buffer.alloc(0),
      digest: '',
      createdAt: new Date(),
    };
    if (expiresAt) artifact.expiresAt = expiresAt;
    this.artifacts.push(artifact);
    return artifact;
  }

  stage(id: number, block: string, bytes: Buffer): void {
    this.blocks.set(id, (this.blocks.get(id) ?? new Map()).set(block, bytes));
  }

  /** Puts the staged blocks together in the order of the list. False when one was never sent. */
  commit(artifact: StoredArtifact, order: string[]): boolean {
    const staged = this.blocks.get(artifact.id) ?? new Map<string, Buffer>();
    const parts = order.map(block => staged.get(block));
    if (!parts.every(part => part !== undefined)) return false;
    artifact.content = Buffer.concat(parts);
    return true;
  }

  /** Checks what the client says that it sent against what arrived. */
  finalize(artifact: StoredArtifact, size: number, hash: string): boolean {
    const digest = `sha256:${createHash('sha256').update(artifact.content).digest('hex')}`;
    if (size !== artifact.content.length || (hash !== '' && hash !== digest)) return false;
    artifact.digest = digest;
    return true;
  }

  byId(id: number): StoredArtifact | undefined {
    return this.artifacts.find(each => each.id === id);
  }

  /** Finalized artifacts of a run. */
  ofRun(runId: string): StoredArtifact[] {
    return this.artifacts.filter(each => each.runId === runId && each.digest !== '');
  }

  remove(artifact: StoredArtifact): void {
    artifact.digest = '';
  }
}

export function isExpired(artifact: StoredArtifact): boolean {
  return artifact.expiresAt !== undefined && artifact.expiresAt.getTime() < Date.now();
}
