/** The course of values from 0 to 1, oldest first. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const width = 120;
  const height = 28;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const points = values.map((value, index) => [index * step, height - 3 - value * (height - 6)] as const);
  const [lastX, lastY] = points.at(-1) ?? [0, 0];
  return (
    <svg class="sparkline" viewBox={`0 0 ${width + 6} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
      {points.length > 0 && <circle cx={lastX} cy={lastY} r="2.5" />}
    </svg>
  );
}
