import type { TraceResponse } from "@pandaprobe/sdk";
import type { RegressedScore, Regression } from "@pandaprobe/sdk/review";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ValueView } from "../../ui/content/value-view.tsx";
import { formatSigned } from "../../ui/format.ts";
import { ScoreMark } from "../../ui/marks.tsx";
import { Answered } from "../../ui/states.tsx";
import { type SideName, sideLabels } from "./comparison-choice.ts";

/** A case with what both sides scored and why; opened, what both answered. Which one is open is in the URL. */
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

function CaseDiff({ before, after }: { before: string; after: string }) {
  const traces = useQuery(["compared-traces", before, after], (signal) =>
    Promise.all([api().getTrace(before, { signal }), api().getTrace(after, { signal })]),
  );
  return (
    <div class="case-diff">
      <Answered query={traces}>
        {([a, b]) => (
          <>
            <Values what="Input" a={a} b={b} />
            <Values what="Output" a={a} b={b} />
          </>
        )}
      </Answered>
    </div>
  );
}

/** One value if both sides have the same, else the two side by side. */
function Values({ what, a, b }: { what: "Input" | "Output"; a: TraceResponse; b: TraceResponse }) {
  const [before, after] = what === "Input" ? [a.input, b.input] : [a.output, b.output];
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  if (isSame)
    return (
      <Value label={a.trace_id === b.trace_id ? what : `${what}, the same on both sides`} value={before} />
    );
  return (
    <div class="sides">
      <Value label={`${what}, ${sideLabels.a.toLowerCase()}`} value={before} />
      <Value label={`${what}, ${sideLabels.b.toLowerCase()}`} value={after} />
    </div>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  return value == null ? <p class="muted">{label}: none.</p> : <ValueView label={label} value={value} />;
}
