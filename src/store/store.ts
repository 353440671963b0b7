/** One packed bag, on this machine. */
export interface PackedBag {
  file: string;
  /** As it is called where it is kept, with its ending. */
  name: string;
  bytes: number;
  /** Hex, of the file as it is: of the encrypted one where it is encrypted. */
  sha256: string;
  /** Name of the service; empty for an encrypted bag, whose names are nobody's business. */
  service: string;
  /** ISO 8601, when the archive was taken. */
  created: string;
}

/** What a store tells of a bag that it keeps. */
export interface KeptBag {
  /** What `restore` takes. */
  reference: string;
  name: string;
  /** Empty where the store does not know. */
  service: string;
  bytes: number;
  /** Hex; empty where the store does not know. */
  sha256: string;
  /** ISO 8601; empty where the store does not know. */
  created: string;
  /** ISO 8601 of the day on which the store forgets it; empty when it has no such day. */
  expires: string;
  encrypted: boolean;
  /** Id of a workflow artifact. */
  id?: number;
}

/**
 * Who can read what is put into a store: the owner of this machine, those who were let into a private repository, others too, or nobody
 * can say.
 */
export type Readers = 'owner' | 'collaborators' | 'others' | 'unknown';

/**
 * A place that keeps packed bags. All stores behave the same (`__tests__/support/store-contract.ts`): what is kept is complete or is not
 * listed, nothing is replaced by something else of the same name, and each byte is checked before success is told.
 */
export interface Store {
  /** In words: `release v1 of OWNER/NAME`. */
  readonly place: string;
  readers(): Promise<Readers>;
  /**
   * Keeps a bag, and checks by the store's own digest or by reading it again that it is the same. Putting the same bag again changes nothing;
   * what an interrupted put left is used. @throws PerennialError `output-exists`, `store-failed`, `digest-mismatch`
   */
  put(bag: PackedBag): Promise<KeptBag>;
  /**
   * Fetches the bag that the reference names into a folder, which may be made, or leaves it where it is on this machine.
   * @returns path of the packed bag, or of a bag's folder @throws PerennialError `artifact-missing`, `digest-mismatch`, `store-failed`
   */
  fetch(folder: string): Promise<string>;
  /** The bags that are kept there, complete ones only, by name. */
  list(): Promise<KeptBag[]>;
}
