// The product's sign: a desk bell.

export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" strokeWidth="2.6" strokeLinecap="round" className="stroke-on-accent">
        <path d="M8 21.5a8 8 0 0 1 16 0" />
        <path d="M6.5 24.4h19" />
      </g>
      <circle cx="16" cy="9.6" r="1.9" className="fill-on-accent" />
    </svg>
  );
}
