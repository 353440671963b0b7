/** What apt-get(8), dpkg(1), pip and shells say of what stopped them; a builder only tells the step's exit code. */
const REASON = /^((E|Err|error|ERROR|fatal|\/bin\/sh): |dpkg: error )/;
/** dpkg names the package, and what went wrong in the next line. */
const CONTINUED = /^dpkg: error .*:$/;

/** Failures of the network or of a mirror, which another try may not meet. Words of apt's methods (methods/connect.cc, http.cc). */
const TRANSIENT = /Temporary failure resolving|Could not connect to|Connection (timed out|failed)|50[234]\s/;

/** Lines of a build that say why it stopped, without colours, at most the last five. */
export function buildReasons(said: readonly string[]): string[] {
  const plain = said.map(line => line.replace(/\u001b\[[\d;]*m/g, '').trim());
  const reasons = plain.flatMap((line, at) => {
    if (!REASON.test(line)) return [];
    return [CONTINUED.test(line) ? `${line} ${plain[at + 1] ?? ''}`.trim() : line];
  });
  return [...new Set(reasons)].slice(-5);
}

/** Whether a build stopped at the network: then it is worth another try. */
export function isTransient(reasons: readonly string[]): boolean {
  return reasons.some(line => TRANSIENT.test(line));
}
