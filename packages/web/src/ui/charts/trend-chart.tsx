import type { ScoreTrendItem } from "@pandaprobe/sdk";
import { formatScore, formatTime } from "../format.ts";

const hourMs = 3_600_000;
const width = 600;
const height = 140;
const pad = 8;

/** Means by hour on a scale from 0 to 1; each point links to the scores behind it. */
export function TrendChart({
  points,
  label,
  hrefOf,
}: {
  points: readonly ScoreTrendItem[];
  label: string;
  hrefOf: (start: string, end: string) => string;
}) {
  const dated = points.flatMap(({ bucket, ...rest }) =>
    bucket === null ? [] : [{ at: Date.parse(bucket), ...rest }],
  );
  const first = dated[0]?.at ?? 0;
  const span = Math.max(hourMs, (dated.at(-1)?.at ?? 0) - first);
  const drawn = dated.map((point) => ({
    ...point,
    x: pad + ((point.at - first) / span) * (width - 2 * pad),
    y: height - pad - point.avg_score * (height - 2 * pad),
  }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset, and `img` would hide its links
    <svg class="trend" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${label}, mean per hour`}>
      {[0, 0.5, 1].map((value) => {
        const y = height - pad - value * (height - 2 * pad);
        return <line key={value} class="grid" x1={pad} x2={width - pad} y1={y} y2={y} />;
      })}
      <polyline points={drawn.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
      {drawn.map(({ at, x, y, avg_score, count }) => {
        const start = new Date(at).toISOString();
        const text = `${formatTime(start)}: ${formatScore(avg_score)}, mean of ${count}`;
        return (
          <a key={at} href={hrefOf(start, new Date(at + hourMs).toISOString())} aria-label={text}>
            <title>{text}</title>
            <circle cx={x} cy={y} r="4" />
          </a>
        );
      })}
    </svg>
  );
}
