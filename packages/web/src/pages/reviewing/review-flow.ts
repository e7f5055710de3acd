import { ApiError } from "@pandaprobe/sdk";
import type { ClaimedReviewItem, CompletedReview, ReviewClaim } from "@pandaprobe/sdk/review";
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { queryClient } from "../../data/queries.ts";
import { review, session } from "../../data/session.ts";

/** A reviewer's score of a metric; an empty value is none yet. */
export interface Given {
  readonly value: string;
  readonly reason: string;
}

/** By the metric's name. */
export type Draft = Readonly<Record<string, Given>>;

interface State {
  /** `null` before the first claim. */
  readonly claim: ReviewClaim | null;
  /** The judges' verdicts, which follow the reviewer's scores. */
  readonly completed: CompletedReview | null;
  readonly draft: Draft;
  readonly error: unknown;
  readonly isBusy: boolean;
}

const untouched: State = { claim: null, completed: null, draft: {}, error: null, isBusy: false };

/**
 * One reviewer's way through a queue: claim, score, see the judge's verdict, claim the next. Scores stay with their
 * item, so that undoing, a failure or a lost claim loses nothing.
 */
export class ReviewFlow {
  readonly #queueId: string;
  readonly #reviewer: string;
  /** A signal, because keys may be pressed faster than the page is drawn. */
  readonly #state = signal(untouched);
  readonly #drafts = new Map<string, Draft>();
  /** Completed or skipped, newest last. */
  readonly #done: string[] = [];

  constructor(queueId: string, reviewer: string) {
    this.#queueId = queueId;
    this.#reviewer = reviewer;
  }

  get state(): State {
    return this.#state.value;
  }

  get item(): ClaimedReviewItem | null {
    return this.state.claim?.item ?? null;
  }

  /** Whether others took the item, so that the reviewer must continue with another. */
  get isLost(): boolean {
    return this.state.error instanceof ApiError && this.state.error.code === "claim_lost";
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  give(metric: string, changes: Partial<Given>): void {
    const { item } = this;
    if (item === null || this.state.completed !== null) return;
    const { draft } = this.state;
    const given = { ...draft, [metric]: { value: "", reason: "", ...draft[metric], ...changes } };
    this.#drafts.set(item.id, given);
    this.#change({ draft: given });
  }

  next = (): Promise<void> => this.#act(() => this.#claim());

  complete = (): Promise<void> =>
    this.#act(async () => {
      const { item } = this;
      const scores = Object.entries(this.state.draft).flatMap(([name, { value, reason }]) =>
        value === "" ? [] : [{ name, value, reason: reason.trim() === "" ? null : reason }],
      );
      if (item === null || scores.length === 0) return;
      const body = { reviewer: this.#reviewer, scores };
      const completed = await review().completeReviewItem(this.#queueId, item.id, body);
      this.#end(item);
      const { claim } = this.state;
      if (completed.verdicts.every(({ judge }) => judge === null)) await this.#claim();
      else this.#change({ completed, claim: claim && { ...claim, progress: completed.progress } });
    });

  skip = (): Promise<void> =>
    this.#act(async () => {
      const { item } = this;
      if (item === null) return;
      await review().skipReviewItem(this.#queueId, item.id, { reviewer: this.#reviewer });
      this.#end(item);
      await this.#claim();
    });

  undo = (): Promise<void> =>
    this.#act(async () => {
      const last = this.#done.at(-1);
      if (last === undefined) return;
      await this.#claim(last);
      this.#done.pop();
    });

  /** Renews the claim on the shown item. */
  keep = async (): Promise<void> => {
    const { item } = this;
    if (item?.claimed_until == null) return;
    try {
      const body = { reviewer: this.#reviewer, item_id: item.id };
      const kept = await review().claimReviewItem(this.#queueId, body);
      if (kept.item !== null && this.item?.id === item.id) this.#change({ claim: kept, error: null });
    } catch (error) {
      this.#change({ error });
    }
  };

  async #claim(itemId?: string): Promise<void> {
    const body = { reviewer: this.#reviewer, item_id: itemId };
    const claim = await review().claimReviewItem(this.#queueId, body);
    this.#change({ claim, completed: null, draft: this.#drafts.get(claim.item?.id ?? "") ?? {} });
  }

  #end({ id }: ClaimedReviewItem): void {
    if (this.#done.at(-1) !== id) this.#done.push(id);
    queryClient.invalidateQueries({ queryKey: [session.value?.project, "review-queues"] });
  }

  /** One at a time, because a key that is held down must not complete the next item too. */
  async #act(work: () => Promise<void>): Promise<void> {
    if (this.state.isBusy) return;
    this.#change({ isBusy: true, error: null });
    try {
      await work();
    } catch (error) {
      this.#change({ error });
    }
    this.#change({ isBusy: false });
  }

  #change(changes: Partial<State>): void {
    this.#state.value = { ...this.#state.peek(), ...changes };
  }
}

/** The review of this queue, with its first item claimed. */
export function useReviewFlow(queueId: string, reviewer: string): ReviewFlow {
  const [flow] = useState(() => new ReviewFlow(queueId, reviewer));
  const { claim } = flow.state;
  useEffect(() => {
    flow.next();
  }, [flow]);
  useWaitingFor(claim, flow.next);
  return flow;
}

/** Claims again when the claim of another reviewer ends. */
function useWaitingFor(claim: ReviewClaim | null, next: () => void): void {
  const retryAt = claim?.item === null ? claim.retry_at : null;
  useEffect(() => {
    if (retryAt === null) return;
    const timer = setTimeout(next, Math.max(1000, Date.parse(retryAt) - Date.now()));
    return () => clearTimeout(timer);
  }, [claim]);
}

/** Whether the claim has ended. It is claimed again while the reviewer works on it, before it ends. */
export function useClaimEnd(
  item: ClaimedReviewItem,
  draft: Draft,
  claimSeconds: number,
  keep: () => void,
): boolean {
  const until = item.claimed_until === null ? Number.POSITIVE_INFINITY : Date.parse(item.claimed_until);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (!Number.isFinite(until)) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, until - Date.now()) + 1);
    return () => clearTimeout(timer);
  }, [until]);
  useEffect(() => {
    if (Object.keys(draft).length > 0 && until - Date.now() < claimSeconds * 500) keep();
  }, [draft]);
  return now >= until;
}
