/** Patterns of what changes from answer to answer, by the names that a mask may use instead of a pattern. */
const PATTERNS: Readonly<Record<string, string>> = {
  // ISO 8601, RFC 5322 and 3164, and what date(1) and `ls -l` print.
  date: String.raw`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/(?:\d{1,2}|[A-Z][a-z]{2})/\d{4}\b|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: +\d{1,2}\b)?(?: \d{4}\b)?`,
  time: String.raw`\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:[AP]M|Z|[+-]\d{2}:?\d{2}|UTC|GMT)\b)?`,
  uuid: String.raw`\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b`,
  hex: String.raw`\b(?:0x)?[0-9a-fA-F]{8,}\b`,
  port: String.raw`(?<=[\w\]]:)\d{2,5}\b|(?<=\bport )\d{2,5}\b`,
  number: String.raw`\d+(?:\.\d+)?`,
};

/** Names that masks may use, in braces: `{date}`. */
export const maskNames: readonly string[] = Object.keys(PATTERNS);

/** The pattern of a mask: that of its name, else the mask itself. */
export function maskPattern(mask: string): string {
  const name = /^\{([a-z]+)\}$/.exec(mask)?.[1];
  return (name !== undefined && PATTERNS[name]) || mask;
}
