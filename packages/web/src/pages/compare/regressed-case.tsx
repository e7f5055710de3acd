import type { RegressedScore, Regression } from "@pandaprobe/sdk/review";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { formatSigned } from "../../ui/format.ts";
import { ScoreMark } from "../../ui/marks.tsx";
import { CaseDiff } from "./case-diff.tsx";
import { type SideName, sideLabels } from "./comparison-choice.ts";

/** A case with the scores and reasons of both sides and, when opened, both answers. The URL says which one is open. */
export function RegressedCase({ regression }: { regression: Regression }) {
  const { get, set } = useUrlState();
  const { a, b, difference } = regression;
  const isOpen = get("case") === b.score_id;
  return (
    <li data-row tabIndex={-1}>
      <div class="case-head">
        <button
          type="button"
          class="plain"
          data-open
          aria-expanded={isOpen}
          onClick={() => set({ case: isOpen ? undefined : b.score_id })}
          {...(isOpen ? { "data-parent": true } : {})}
        >
          <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>{" "}
          {regression.case ?? `…${b.trace_id.slice(-12)}`}
        </button>
        <span class="case-difference">{formatSigned(difference)}</span>
      </div>
      <div class="sides">
        <CaseScore side="a" score={a} />
        <CaseScore side="b" score={b} />
      </div>
      {isOpen && <CaseDiff before={a.trace_id} after={b.trace_id} />}
    </li>
  );
}

function CaseScore({ side, score }: { side: SideName; score: RegressedScore }) {
  const { value, score_count, trace_id, reason } = score;
  return (
    <div class="case-score">
      <p>
        <ScoreMark value={value} />{" "}
        <a href={pagePath(["traces", trace_id])} aria-label={`${sideLabels[side]}: trace ${trace_id}`}>
          {sideLabels[side]}
        </a>
        {score_count > 1 && <span class="muted"> mean of {score_count}</span>}
      </p>
      <p class="reason">{reason ?? <span class="muted">No reason was given.</span>}</p>
    </div>
  );
}
