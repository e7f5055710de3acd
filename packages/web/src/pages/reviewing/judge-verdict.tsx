import type { ReviewVerdict } from "@pandaprobe/sdk/review";
import { ScoreMark } from "../../ui/marks.tsx";

/** The judge's verdict, and whether it agrees with the reviewer's. */
export function JudgeVerdict({
  verdict: { judge, agrees },
  given,
}: {
  verdict: ReviewVerdict;
  given: string | null;
}) {
  if (judge === null) return <p class="muted">No judge scored this.</p>;
  return (
    <div class="judge-verdict">
      <p>
        {agrees !== null && given !== null && (
          <strong class={agrees ? "" : "disagrees"}>{agrees ? "● Agrees" : "▲ Disagrees"}</strong>
        )}{" "}
        <JudgeValue judge={judge} /> <span class="muted">{judge.model ?? "judge"}</span>
      </p>
      {judge.reason !== null && <p class="reason">{judge.reason}</p>}
    </div>
  );
}

function JudgeValue({
  judge: { value, data_type, status, applicable },
}: {
  judge: NonNullable<ReviewVerdict["judge"]>;
}) {
  if (status !== "SUCCESS" || value === null) return <span>failed</span>;
  if (!applicable) return <span>n/a</span>;
  return data_type === "NUMERIC" ? <ScoreMark value={Number(value)} /> : <span>{value}</span>;
}
