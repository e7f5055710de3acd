import type { ReviewQueueSummary } from "@pandaprobe/sdk/review";
import { useQuery } from "../../data/queries.ts";
import { review } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ActionButton } from "../../ui/action.tsx";
import { metricLabel } from "../../ui/format.ts";
import { Ago } from "../../ui/marks.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { Answered, Empty } from "../../ui/states.tsx";
import { QueueForm } from "./queue-form.tsx";

const pageSize = 50;
/** How often the progress of others is updated, in milliseconds. */
const progressMs = 5000;

/**
 * The review queues. The form for a new one is in the URL, so that other pages can link to it with the source
 * filled in.
 */
export function Review() {
  const { get, list, set, offset } = useUrlState();
  const page = useQuery(
    ["review-queues", offset],
    (signal) => review().listReviewQueues({ limit: pageSize, offset }, { signal }),
    { every: progressMs },
  );
  const isNew = get("new") !== undefined;
  return (
    <div class="page">
      <header class="page-head">
        <h1>Review</h1>
        <div class="actions">
          <button type="button" class="primary" onClick={() => set({ new: "1" })}>
            New queue
          </button>
        </div>
      </header>
      <Answered query={page}>
        {(loaded) =>
          loaded.items.length === 0 ? (
            <Empty title="No review queues yet">
              <p>
                A queue has traces or sessions for people to score. Their scores show how far a judge can be
                trusted.
              </p>
            </Empty>
          ) : (
            <>
              <Table label="Review queues">
                <thead>
                  <tr>
                    <th>Queue</th>
                    <th>Reviewed</th>
                    <th>Scores</th>
                    <th>Order</th>
                    <th class="number">People each</th>
                    <th class="number">Created</th>
                    <th>
                      <span class="visually-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {loaded.items.map((queue) => (
                    <QueueRow key={queue.id} queue={queue} />
                  ))}
                </tbody>
              </Table>
              <Pager page={loaded} limit={pageSize} />
            </>
          )
        }
      </Answered>
      {isNew && (
        <QueueForm
          runId={get("run")}
          metrics={list("metrics") ?? []}
          type={get("type") === "SESSION" ? "SESSION" : "TRACE"}
          onClose={() => set({ new: undefined, run: undefined, metrics: undefined, type: undefined })}
        />
      )}
    </div>
  );
}

function QueueRow({ queue }: { queue: ReviewQueueSummary }) {
  const { id, name, metrics, order, completed_count, item_count, reviewers_per_item, closed_at } = queue;
  const labels = metrics.map((metric) => metricLabel(metric.name)).join(", ");
  return (
    <Row>
      <td class="name">
        <a data-open href={pagePath(["review", id])}>
          {name}
        </a>
      </td>
      <td class="cell-progress">
        <progress value={completed_count} max={item_count} aria-label={`Reviewed of ${name}`} />
        {completed_count} of {item_count}
        {closed_at !== null && ", closed"}
      </td>
      <td title={labels}>{labels}</td>
      <td>{order}</td>
      <td class="number">{reviewers_per_item}</td>
      <td class="number">
        <Ago time={queue.created_at} />
      </td>
      <td class="row-actions">
        <ActionButton act={async () => await review().updateReviewQueue(id, { closed: closed_at === null })}>
          {closed_at === null ? "Close" : "Reopen"}
        </ActionButton>
        <ActionButton
          kind="danger"
          question="Delete this queue? Its scores stay."
          act={async () => await review().deleteReviewQueue(id)}
        >
          Delete
        </ActionButton>
      </td>
    </Row>
  );
}
