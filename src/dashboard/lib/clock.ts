// The only reader of time in the dashboard.

/** Wall time, milliseconds since 1970. */
export function now(): number {
  return Date.now();
}

/** Monotonic milliseconds, for what is measured. */
export function elapsed(): number {
  return performance.now();
}

/** Runs `act` once after `ms`; what it gives stops it before that. */
export function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Runs `act` every `ms` until stopped. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}
