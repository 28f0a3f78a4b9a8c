// What the runtime must be told when it starts a program of ours in a process of its own.

/** Deno needs its permissions again for a child. */
export function runtimeFlags(): string[] {
  return 'Deno' in globalThis ? ['run', '-A', '--no-check'] : [];
}
