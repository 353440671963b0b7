/** The fields of a stanza that are kept, as they stand in the text; empty when absent. */
export interface StanzaFields {
  Package: string;
  Version: string;
  Architecture: string;
  Source: string;
  Section: string;
  Provides: string;
  Replaces: string;
  Breaks: string;
  Conflicts: string;
  Depends: string;
  'Pre-Depends': string;
  Description: string;
  Essential: string;
  'Installed-Size': string;
}

/** Words that packagers use for a package which only pulls in its successor. */
const TRANSITIONAL = /\b(transitional|dummy)\b.*\bpackages?\b|[([-] ?(transitional|dummy)\b/i;

/**
 * One package that a release offers. Relations stay text until they are asked for: an index has seventy thousand
 * of these and a restore looks at a few hundred.
 */
export class PackageCandidate {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Source package name, without its version. */
  readonly source: string;
  readonly section: string;
  /** First line of the description. */
  readonly description: string;
  readonly essential: boolean;
  /** KiB, as dpkg counts; 0 when unknown. */
  readonly installedSize: number;
  private readonly rawProvides: string;
  private readonly rawReplaces: string;
  private readonly rawBreaks: string;
  private readonly rawConflicts: string;
  private readonly rawDepends: string;

  constructor(fields: StanzaFields) {
    this.name = fields.Package;
    this.version = fields.Version;
    this.architecture = fields.Architecture;
    this.source = fields.Source.replace(/ .*/s, '') || fields.Package;
    this.section = fields.Section;
    this.description = fields.Description;
    this.essential = fields.Essential === 'yes';
    this.installedSize = Number(fields['Installed-Size']) || 0;
    this.rawProvides = fields.Provides;
    this.rawReplaces = fields.Replaces;
    this.rawBreaks = fields.Breaks;
    this.rawConflicts = fields.Conflicts;
    this.rawDepends = [fields['Pre-Depends'], fields.Depends].filter(Boolean).join(', ');
  }

  /** Names that it provides, without versions. */
  get provides(): string[] {
    return parseRelation(this.rawProvides).flat();
  }

  get replaces(): string[] {
    return parseRelation(this.rawReplaces).flat();
  }

  get breaks(): string[] {
    return parseRelation(this.rawBreaks).flat();
  }

  /** Names that it cannot be installed with in any version; conflicts with old versions only are left out. */
  get conflicts(): string[] {
    return parseRelation(dropVersioned(this.rawConflicts)).flat();
  }

  /** Hard dependencies: one list of alternatives each, first choice first. */
  get depends(): string[][] {
    return parseRelation(this.rawDepends);
  }

  /**
   * It exists to pull in its successor and has nothing of its own inside: the description says so, or it is a package of
   * section oldlibs with one dependency and hardly any size (oldlibs alone also holds real, obsolete libraries).
   */
  get transitional(): boolean {
    if (TRANSITIONAL.test(this.description)) return true;
    return /(^|\/)oldlibs$/.test(this.section) && this.depends.length === 1 && this.installedSize < 100;
  }
}

/**
 * Names of a relation field (Debian Policy 7.1): `a (>= 1) | b, c:any [amd64]` -> [['a', 'b'], ['c']].
 * Version, architecture and profile restrictions are left out.
 */
export function parseRelation(text: string): string[][] {
  if (text === '') return [];
  return text
    .split(',')
    .map(group => group.split('|').map(relationName).filter(Boolean))
    .filter(group => group.length > 0);
}

function relationName(text: string): string {
  return /^\s*([^\s:([<]+)/.exec(text)?.[1] ?? '';
}

function dropVersioned(text: string): string {
  return text
    .split(',')
    .filter(group => !group.includes('('))
    .join(',');
}
