/** How an engine sees whether a container is well (Docker Engine API, HealthConfig). Durations in nanoseconds. */
export interface HealthCheck {
  /** `['CMD', word, ...]`, `['CMD-SHELL', text]`, or `['NONE']`: none, whatever the image says. */
  test: string[];
  interval?: number;
  timeout?: number;
  startPeriod?: number;
  retries?: number;
}

/** Reads the health check of a container's or an image's `Config`; undefined where there is none. */
export function parseHealthCheck(config: { Healthcheck?: unknown }): HealthCheck | undefined {
  const given = (config.Healthcheck ?? {}) as Record<string, unknown>;
  const test = Array.isArray(given.Test) ? given.Test.map(String) : [];
  if (test.length === 0) return undefined;
  const found: HealthCheck = { test };
  for (const [name, key] of [
    ['interval', 'Interval'],
    ['timeout', 'Timeout'],
    ['startPeriod', 'StartPeriod'],
    ['retries', 'Retries'],
  ] as const) {
    const value = Number(given[key]);
    if (Number.isSafeInteger(value) && value > 0) found[name] = value;
  }
  return found;
}

/** A duration as both engines and Dockerfiles read it: `1500ms`. */
export function milliseconds(nanoseconds: number): string {
  return `${Math.max(1, Math.round(nanoseconds / 1e6))}ms`;
}
