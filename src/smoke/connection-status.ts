const STATUSES: Record<string, string> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};

/**
 * The answer that a failed connection is: `refused`, `timeout`, `reset`, `unreachable`, else `error CODE`.
 * @throws the error again when it is not one of a connection: then it is ours, not the service's answer
 */
export function connectionStatus(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code !== 'string' || !/^(E[A-Z0-9]+$|HPE_|ERR_SSL|ERR_TLS)/.test(code)) throw error;
  return STATUSES[code] ?? `error ${code}`;
}
