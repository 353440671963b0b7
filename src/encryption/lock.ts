/** What a bag is encrypted to: any of these recipients (age1…), or a passphrase. */
export type Lock = { recipients: string[] } | { passphrase: string };

/** What may open an encrypted bag. Both lists may be empty. Secrets: never printed, logged or saved. */
export interface Keys {
  /** AGE-SECRET-KEY-1… */
  identities: string[];
  passphrases: string[];
}

export const noKeys: Keys = { identities: [], passphrases: [] };
