import type { ReviewQueueResponse } from "@pandaprobe/sdk/review";
import { useState } from "preact/hooks";
import { useRoute } from "preact-iso/router";
import { useQuery } from "../../data/queries.ts";
import { review, session } from "../../data/session.ts";
import { Answered } from "../../ui/states.tsx";
import { QueueReview } from "./queue-review.tsx";

/** Asks who reviews, then shows one item after the other. */
export function Reviewing() {
  const id = useRoute().params["id"] ?? "";
  const queue = useQuery(["review-queue", id], (signal) => review().getReviewQueue(id, { signal }));
  return <Answered query={queue}>{(loaded) => <Named key={id} queue={loaded} />}</Answered>;
}

function Named({ queue }: { queue: ReviewQueueResponse }) {
  const reviewer = session.value?.reviewer ?? null;
  const rename = (name: string | null) => {
    if (session.value !== null) session.value = { ...session.value, reviewer: name };
  };
  return (
    <div class="page review-page">
      <header class="page-head trace-head">
        <p class="crumbs">
          <a href="/app/review" data-parent>
            Review
          </a>
          {reviewer !== null && (
            <span class="muted">
              As {reviewer}.{" "}
              <button type="button" class="plain" onClick={() => rename(null)}>
                Not you?
              </button>
            </span>
          )}
        </p>
        <h1>{queue.name}</h1>
      </header>
      {reviewer === null ? (
        <ReviewerForm onGiven={rename} />
      ) : (
        <QueueReview key={reviewer} queue={queue} reviewer={reviewer} />
      )}
    </div>
  );
}

function ReviewerForm({ onGiven }: { onGiven: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <form
      class="reviewer-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") onGiven(name.trim());
      }}
    >
      <label>
        Who reviews?
        <input
          required
          maxLength={255}
          autocomplete="email"
          placeholder="ana@example.com"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <p class="muted">Your scores get this name. It is kept until you sign out.</p>
      <button type="submit" class="primary">
        Begin
      </button>
    </form>
  );
}
