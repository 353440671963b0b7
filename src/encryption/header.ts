/** Ends the head of an age file, with its seal in 43 characters of base64 (https://github.com/C2SP/C2SP/blob/main/age.md#header). */
const LAST_LINE = Buffer.from('\n--- ');
const NEWLINE = 0x0a;

/** Where the head of an age file ends, which begins with these bytes: after the line of its seal. Undefined when they hold no whole head. */
export function headerEnd(file: Buffer): number | undefined {
  const seal = file.indexOf(LAST_LINE);
  const end = seal < 0 ? -1 : file.indexOf(NEWLINE, seal + LAST_LINE.length);
  return end < 0 ? undefined : end + 1;
}
