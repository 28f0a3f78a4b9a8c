// Values out of the environment: numbers, switches, addresses; what is wrong with them is collected, not thrown.

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentReader {
  /** What has been found wrong so far, each naming its variable. Others may add theirs. */
  readonly faults: string[];
  /** Undefined for what is not set, or blank. */
  readonly text: (name: string) => string | undefined;
  readonly number: (name: string, fallback: number, min: number, max: number) => number;
  readonly flag: (name: string, fallback: boolean) => boolean;
  /** Without a slash at the end. */
  readonly url: (name: string, fallback: string) => string;
  /** As browsers and carriers write it, whatever capitals or usual port it was given with. */
  readonly origin: (name: string, fallback: string) => string;
  /** Exact origins, with commas between. */
  readonly origins: (name: string, fallback: readonly string[]) => readonly string[];
}

export function readEnvironment(environment: Environment): EnvironmentReader {
  const faults: string[] = [];
  return { faults, text, number, flag, url, origin, origins };

  function text(name: string): string | undefined {
    return environment[name]?.trim() || undefined;
  }

  function number(name: string, fallback: number, min: number, max: number): number {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    faults.push(`${name} must be a whole number from ${min} to ${max}, not "${given}"`);
    return fallback;
  }

  function flag(name: string, fallback: boolean): boolean {
    const given = text(name)?.toLowerCase();
    if (given === undefined) return fallback;
    if (['on', 'true', '1', 'yes'].includes(given)) return true;
    if (['off', 'false', '0', 'no'].includes(given)) return false;
    faults.push(`${name} must be on or off, not "${given}"`);
    return fallback;
  }

  function url(name: string, fallback: string): string {
    const given = text(name) ?? fallback;
    if (URL.canParse(given) && /^https?:\/\//i.test(given)) return given.replace(/\/+$/, '');
    faults.push(`${name} must be an http or https URL, not "${given}"`);
    return fallback;
  }

  function origin(name: string, fallback: string): string {
    const given = new URL(url(name, fallback));
    const { pathname, search, hash, username, password, protocol, hostname } = given;
    if (pathname !== '/' || search !== '' || hash !== '') faults.push(`${name} must have no path`);
    if (username !== '' || password !== '') faults.push(`${name} must have no user name`);
    if (protocol === 'http:' && !isLoopback(hostname)) {
      faults.push(`${name} must be https: carriers and browsers refuse anything else`);
    }
    return given.origin;
  }

  function origins(name: string, fallback: readonly string[]): readonly string[] {
    const given = text(name)
      ?.split(',')
      .map((each) => each.trim());
    if (!given) return fallback;
    return given.filter(Boolean).map((each) => {
      if (/^https?:[^*]+$/.test(each) && URL.canParse(each) && new URL(each).origin === each)
        return each;
      faults.push(`${name} must list origins such as https://app.example.com, not "${each}"`);
      return each;
    });
  }
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
