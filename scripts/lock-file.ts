// The part of npm's lock file that concerns packages for one platform only.

export interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

export interface LockFile {
  packages: Record<string, LockedPackage>;
}

export interface MissingPackage {
  readonly name: string;
  readonly version: string;
  /** The path of the package that wants it. */
  readonly of: string;
}

/** Optional packages that others want and that the lock file does not list: `npm ci` refuses such a file. */
export function missingFromLock({ packages }: LockFile): MissingPackage[] {
  return Object.entries(packages).flatMap(([of, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !homes(of).some((home) => packages[`${home}node_modules/${name}`]))
      .map(([name, version]) => ({ name, version, of })),
  );
}

/** Where Node looks for what a package wants: below itself, then upward. */
function homes(path: string): string[] {
  const found = path === '' ? [] : [`${path}/`];
  for (let at = path.lastIndexOf('/node_modules/'); at >= 0;) {
    found.push(path.slice(0, at + 1));
    at = path.lastIndexOf('/node_modules/', at - 1);
  }
  return [...found, ''];
}
