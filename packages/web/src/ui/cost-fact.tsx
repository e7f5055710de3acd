import { type CostTotals, formatCost, formatCounted } from "./format.ts";

/** A cost and the number of unpriced spans: "≥ $0.0031 · 4 spans unpriced". Nothing if there is no cost. */
export function CostFact({ totals }: { totals: CostTotals }) {
  const { total_cost, unpriced_spans } = totals;
  if (total_cost === 0 && unpriced_spans === 0) return null;
  if (unpriced_spans === 0) return <span>{formatCost(totals)}</span>;
  const known = total_cost === 0 ? "" : `${formatCost(totals)} · `;
  return (
    <span title="Model calls whose sender gave no cost, and whose price or tokens are unknown">
      {known}
      {formatCounted(unpriced_spans, "span")} unpriced
    </span>
  );
}
