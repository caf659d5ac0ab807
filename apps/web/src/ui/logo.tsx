/** The mark: an arch with an ember in it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden className={className}>
      <path
        d="M4.5 21V11.5a7.5 7.5 0 0 1 15 0V21M2.5 21h19"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
      <path
        d="M12.3 8.6c.2 2.6 3.2 3.7 3.2 6.7A3.5 3.5 0 0 1 12 18.8a3.5 3.5 0 0 1-3.5-3.5c0-1.6.9-2.5 1.7-3.6.3.9.7 1.4 1.3 1.7-.3-1.800-.1-3.400.8-4.800Z"
        fill="var(--accent)"
      />
    </svg>
  );
}
