import type {
  CompletedReview,
  ReviewClaim,
  ReviewerProgress,
  ReviewItem,
  ReviewItemPage,
  ReviewQueueResponse,
} from "@pandaprobe/contract";
import { expect } from "vitest";
import type { Answer } from "../../support/answer.ts";
import type { ApiClient } from "../../support/api-client.ts";

export const queuesPath = "/evaluations/review-queues";

/** A review queue, used over HTTP. */
export class TestQueue {
  readonly created: ReviewQueueResponse;
  readonly #api: ApiClient;

  constructor(api: ApiClient, created: ReviewQueueResponse) {
    this.#api = api;
    this.created = created;
  }

  get path(): string {
    return `${queuesPath}/${this.created.id}`;
  }

  async read(): Promise<ReviewQueueResponse> {
    return expected(await this.#api.get(this.path));
  }

  async items(query = "limit=200"): Promise<ReviewItem[]> {
    return expected<ReviewItemPage>(await this.#api.get(`${this.path}/items?${query}`)).items;
  }

  async claim(reviewer: string, fields: object = {}): Promise<ReviewClaim> {
    return expected(await this.tryClaim(reviewer, fields));
  }

  tryClaim(reviewer: string, fields: object = {}): Promise<Answer<ReviewClaim>> {
    return this.#api.post(`${this.path}/claim`, { reviewer, ...fields });
  }

  /** @returns the claimed item; fails if there is none. */
  async claimed(reviewer: string, fields: object = {}): Promise<NonNullable<ReviewClaim["item"]>> {
    const { item, note } = await this.claim(reviewer, fields);
    if (item === null) throw new Error(`There is nothing to claim: ${note}`);
    return item;
  }

  tryComplete(itemId: string, reviewer: string, scores: readonly object[]): Promise<Answer<CompletedReview>> {
    return this.#api.post(`${this.path}/items/${itemId}/complete`, { reviewer, scores });
  }

  async complete(itemId: string, reviewer: string, value: string, fields: object = {}) {
    const scores = [{ name: "quality", value, ...fields }];
    return expected<CompletedReview>(await this.tryComplete(itemId, reviewer, scores));
  }

  async skip(itemId: string, reviewer: string, reason?: string): Promise<ReviewerProgress> {
    return expected(await this.#api.post(`${this.path}/items/${itemId}/skip`, { reviewer, reason }));
  }

  async release(itemId: string, reviewer: string): Promise<ReviewerProgress> {
    return expected(await this.#api.post(`${this.path}/items/${itemId}/release`, { reviewer }));
  }
}

/** Creates a queue over all traces, in which people score `quality`. */
export async function createQueue(api: ApiClient, fields: object = {}): Promise<TestQueue> {
  const answer = await api.post<ReviewQueueResponse>(queuesPath, queueBody(fields));
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return new TestQueue(api, answer.body);
}

export function queueBody(fields: object = {}) {
  return { name: "a queue", metrics: [{ name: "quality", data_type: "NUMERIC" }], seed: 7, ...fields };
}

function expected<Body>({ status, body }: Answer<Body>): Body {
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
