import { formatSigned } from "../format.ts";

/**
 * A figure with its 95 % interval, on a scale from −`reach` to `reach`.
 *
 * @param band the distance from 0 that is too small to detect; shaded @param ends the meaning of both ends of the scale
 */
export function IntervalPlot({
  name,
  value,
  low,
  high,
  band = null,
  reach,
  ends: [least, most],
}: {
  name: string;
  value: number;
  low: number;
  high: number;
  band?: number | null;
  reach: number;
  ends: readonly [string, string];
}) {
  const at = (x: number) => `${(50 + (reach === 0 ? 0 : (x / reach) * 46)).toFixed(2)}%`;
  const text = `${name} ${formatSigned(value)}, 95 % interval ${formatSigned(low)} to ${formatSigned(high)}`;
  return (
    <figure class="interval-plot">
      <svg role="img" aria-label={text}>
        <title>{text}</title>
        {band !== null && (
          <rect
            class="band"
            x={at(-band)}
            y="4"
            width={`${((band / (reach || 1)) * 92).toFixed(2)}%`}
            height="24"
          />
        )}
        <line class="zero" x1="50%" x2="50%" y1="0" y2="32" />
        <line class="interval" x1={at(low)} x2={at(high)} y1="16" y2="16" />
        <line class="interval" x1={at(low)} x2={at(low)} y1="11" y2="21" />
        <line class="interval" x1={at(high)} x2={at(high)} y1="11" y2="21" />
        <circle cx={at(value)} cy="16" r="5" />
      </svg>
      <figcaption>
        <span>
          {formatSigned(-reach)} {least}
        </span>
        <span>0</span>
        <span>
          {most} {formatSigned(reach)}
        </span>
      </figcaption>
    </figure>
  );
}
