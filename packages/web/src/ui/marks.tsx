import type { EvaluationStatus, ScoreSource, TraceStatus } from "@pandaprobe/sdk";
import { formatAgo, formatScore, formatTime, metricLabel } from "./format.ts";

/** A shape for each status, so that color is not the only difference. */
const statuses: Readonly<Record<string, readonly [string, string]>> = {
  COMPLETED: ["●", "Completed"],
  SUCCESS: ["●", "Scored"],
  OK: ["●", "OK"],
  ACTIVE: ["●", "Active"],
  RUNNING: ["◐", "Running"],
  PENDING: ["○", "Waiting"],
  PAUSED: ["○", "Paused"],
  ERROR: ["▲", "Error"],
  FAILED: ["▲", "Failed"],
};

export function StatusMark({ status }: { status: TraceStatus | EvaluationStatus | string }) {
  const [shape, words] = statuses[status] ?? ["–", status.toLowerCase()];
  return (
    <span class={`status status-${status.toLowerCase()}`}>
      <span aria-hidden="true">{shape}</span> {words}
    </span>
  );
}

export function Ago({ time }: { time: string | null | undefined }) {
  if (time == null) return <>–</>;
  return (
    <time dateTime={time} title={formatTime(time)}>
      {formatAgo(time)}
    </time>
  );
}

/** The fields of a score that its marks show. */
export interface ShownScore {
  readonly name: string;
  readonly value: string | null;
  readonly status: string;
  readonly data_type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Who gave a score: a person, a program, the judge's model, a jury, or the rule of a metric without a judge. */
export function scoredBy({
  source,
  metadata,
}: Pick<ShownScore, "metadata"> & { source: ScoreSource }): string {
  if (source === "ANNOTATION") return "Person";
  if (source === "PROGRAMMATIC") return "Program";
  const { model, votes } = metadata;
  if (Array.isArray(votes)) return `Jury of ${votes.length}`;
  return model === null ? "Rule" : String(model ?? "Judge");
}

export function isApplicable(score: ShownScore): boolean {
  return score.metadata["applicable"] !== false;
}

/** The number of a score; `null` if it failed, is not applicable, or is not a number. */
export function scoreNumber(score: ShownScore): number | null {
  const isNumber = score.data_type === "NUMERIC" && score.value !== null && isApplicable(score);
  return isNumber ? Number(score.value) : null;
}

/** The value as text: two decimals, `n/a`, a label, or that it failed. */
export function scoreText(score: ShownScore): string {
  if (score.status === "FAILED") return "failed";
  if (!isApplicable(score)) return "n/a";
  const number = scoreNumber(score);
  return number === null ? (score.value ?? "–") : formatScore(number);
}

/** The value on the ramp from orange (0) to blue (1). */
export function ScoreValue({ score }: { score: ShownScore }) {
  const number = scoreNumber(score);
  if (number === null)
    return <span class={`score-text score-${score.status.toLowerCase()}`}>{scoreText(score)}</span>;
  return <ScoreMark value={number} title={score.value ?? ""} />;
}

/** A score's number on the ramp. */
export function ScoreMark({ value, title = String(value) }: { value: number; title?: string }) {
  return (
    <span class="score-value" style={{ "--score": value }} title={title}>
      {formatScore(value)}
    </span>
  );
}

/** The cells of Score, Metric and Reason. */
export function ScoreCells({ score }: { score: ShownScore & { readonly reason: string | null } }) {
  return (
    <>
      <td class="number">
        <ScoreValue score={score} />
      </td>
      <td>{metricLabel(score.name)}</td>
      <td class="cell-reason" title={score.reason ?? ""}>
        {score.reason}
      </td>
    </>
  );
}

/** A score with its metric's name. */
export function ScoreChip({ score }: { score: ShownScore }) {
  const missed = score.metadata["success"] === false && isApplicable(score) && score.status !== "FAILED";
  return (
    <span class={missed ? "chip chip-missed" : "chip"}>
      <span class="chip-name">{metricLabel(score.name)}</span>
      <ScoreValue score={score} />
    </span>
  );
}

/** A bar from 0 to 1 with the threshold as a tick. */
export function ScoreBar({ value, threshold }: { value: number; threshold?: number | undefined }) {
  return (
    <span class="score-bar" aria-hidden="true">
      <span class="score-bar-fill" style={{ "--score": value, width: `${value * 100}%` }} />
      {threshold !== undefined && <span class="score-bar-tick" style={{ left: `${threshold * 100}%` }} />}
    </span>
  );
}

export function thresholdOf({ metadata }: ShownScore): number | undefined {
  const threshold = metadata["threshold"];
  return typeof threshold === "number" ? threshold : undefined;
}
