/** What a finding is about. `inventory`: something that a service holds, such as a table and its rows. */
export type ProofArea = 'account' | 'group' | 'file' | 'port' | 'process' | 'inventory';

/** One thing that is not now as it was before the end. */
export interface Finding {
  area: ProofArea;
  /** Name of an account or group, path, `tcp 80`, program, or `postgresql: table lab.public.samples`. */
  subject: string;
  /** What differs about it: `presence`, `shell`, `owner`, `content`, `rows`, ... */
  attribute: string;
  was: string;
  is: string;
  /** `explained`: meant to be so, `why` says for which reason. `differs`: nothing explains it; the service is not the same. */
  verdict: 'explained' | 'differs';
  why: string;
  /** Mechanism or knowledge entry that explains it, or that made the comparison. */
  rule: string;
}

/** The inventory comparison before and after, beyond what clients see. */
export interface StateProof {
  /** How many of each were compared; an area that is missing was not compared. */
  compared: Partial<Record<ProofArea, number>>;
  findings: Finding[];
}

/** Nothing differs that nothing explains. */
export function stateAgrees(proof: StateProof): boolean {
  return proof.findings.every(each => each.verdict === 'explained');
}

/** Several comparisons as one, the findings in their order. */
export function joinProofs(...proofs: StateProof[]): StateProof {
  return {
    compared: Object.assign({}, ...proofs.map(each => each.compared)),
    findings: proofs.flatMap(each => each.findings),
  };
}

/** A finding in one line of words, for a terminal; names are as the system has them (not yet printable). */
export function findingText({ area, subject, attribute, was, is }: Finding): string {
  const name = area === 'inventory' || area === 'port' ? subject : `${area} ${subject}`;
  if (attribute === 'presence' && is === 'missing') return `${name} is missing${was ? ` (was: ${was})` : ''}`;
  if (attribute === 'presence') return `${name} was not there`;
  return `${name}: ${attribute} is ${is || 'empty'}, was ${was || 'empty'}`;
}

const WORDS: Record<ProofArea, [one: string, many: string]> = {
  account: ['account', 'accounts'],
  group: ['group', 'groups'],
  file: ['file', 'files'],
  port: ['port', 'ports'],
  process: ['program', 'programs'],
  inventory: ['thing that services hold', 'things that services hold'],
};

/** How many of each were compared, in words; empty when nothing was. */
export function comparedText({ compared }: StateProof): string {
  return Object.entries(compared)
    .map(([area, count]) => `${count} ${WORDS[area as ProofArea][count === 1 ? 0 : 1]}`)
    .join(', ');
}
