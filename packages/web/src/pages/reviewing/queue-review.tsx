import type { ReviewClaim, ReviewerProgress, ReviewQueueResponse } from "@pandaprobe/sdk/review";
import { pagePath } from "../../data/url-state.ts";
import { metricLabel } from "../../ui/format.ts";
import { Ago } from "../../ui/marks.tsx";
import { Failure, Loading } from "../../ui/states.tsx";
import { type ReviewFlow, useReviewFlow } from "./review-flow.ts";
import { ReviewedTarget } from "./reviewed-target.tsx";
import { ScoringForm } from "./scoring-form.tsx";

/** One item and nothing else: what the agent saw and did, and the form. */
export function QueueReview({ queue, reviewer }: { queue: ReviewQueueResponse; reviewer: string }) {
  const flow = useReviewFlow(queue.id, reviewer);
  const { claim, completed, error } = flow.state;
  const { item, next } = flow;
  if (claim === null) return error === null ? <Loading /> : <Failure error={error} onRetry={next} />;
  if (item === null) return <Nothing queue={queue} claim={claim} flow={flow} />;
  // An item that was completed before is shown again and does not count twice.
  const isCounted = completed === null && item.claimed_until !== null;
  return (
    <>
      <Progress progress={claim.progress} at={doneOf(claim.progress) + Number(isCounted)} />
      <div class="split review-split">
        <ReviewedTarget key={item.id} item={item} isShownToAll={!queue.blind || completed !== null} />
        <ScoringForm key={`form ${item.id}`} queue={queue} item={item} flow={flow} />
      </div>
    </>
  );
}

function doneOf({ completed_count, skipped_count }: ReviewerProgress): number {
  return completed_count + skipped_count;
}

function Progress({ progress, at }: { progress: ReviewerProgress; at: number }) {
  const total = doneOf(progress) + progress.remaining_count;
  return (
    <div class="review-progress">
      <progress value={doneOf(progress)} max={Math.max(1, total)} aria-label="Reviewed" />
      <p role="status">
        <strong>{at}</strong> of {total}
      </p>
    </div>
  );
}

/** Nothing is left, or others review the remaining items. */
function Nothing({
  queue,
  claim: { note, retry_at, progress },
  flow: { canUndo, undo, next },
}: {
  queue: ReviewQueueResponse;
  claim: ReviewClaim;
  flow: ReviewFlow;
}) {
  const known = queue.metrics.filter(({ description }) => description !== null);
  return (
    <div class="empty" role="status">
      <h2>
        {progress.remaining_count === 0 && doneOf(progress) > 0 ? "You are done" : "Nothing to review now"}
      </h2>
      <p>
        You reviewed {progress.completed_count} and skipped {progress.skipped_count}. {note}
        {retry_at !== null && (
          <>
            {" "}
            The first may return <Ago time={retry_at} />.
          </>
        )}
      </p>
      {known.length > 0 && (
        <p>
          Is the judge right?{" "}
          {known.map(({ name }) => (
            <a key={name} class="button" href={pagePath(["metrics", name])}>
              {metricLabel(name)}
            </a>
          ))}
        </p>
      )}
      <p class="actions">
        <button type="button" onClick={next}>
          Look for more
        </button>
        {canUndo && (
          <button type="button" onClick={undo}>
            Undo the last one <kbd>u</kbd>
          </button>
        )}
      </p>
    </div>
  );
}
