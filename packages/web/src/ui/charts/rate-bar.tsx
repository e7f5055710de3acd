import { formatPercent, rateInterval } from "../format.ts";

/** A rate as a tick on a bar, with its 95 % interval. */
export function RateBar({ passed, graded }: { passed: number; graded: number }) {
  const [low, high] = rateInterval(passed, graded);
  const text = `${passed} of ${graded}; 95 % interval ${formatPercent(low)} to ${formatPercent(high)}`;
  return (
    <span class="rate-bar" title={text} role="img" aria-label={text}>
      <span class="rate-interval" style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
      <span class="rate-tick" style={{ left: `${(passed / Math.max(1, graded)) * 100}%` }} />
    </span>
  );
}
