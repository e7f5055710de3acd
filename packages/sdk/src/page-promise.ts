import type { Answer } from "./answer.ts";
import { ApiPromise } from "./api-promise.ts";
import { checkedCount } from "./checked-number.ts";

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface ItemsOptions {
  /** How many items at most. Default: all. */
  readonly max?: number | undefined;
}

/**
 * The promise of one page of a list, and all items from that page on: awaited it gives the page, and `for await` goes
 * through the items, fetching page after page as it needs them. Items that are stored or deleted meanwhile shift the
 * pages: an item may then come twice, or not.
 */
export class PagePromise<Item> extends ApiPromise<Page<Item>> implements AsyncIterable<Item> {
  readonly #fetchFrom: (offset: number) => Promise<Page<Item>>;

  /** @param fetchFrom fetches the page that starts at an offset. */
  constructor(first: Promise<Answer<Page<Item>>>, fetchFrom: (offset: number) => Promise<Page<Item>>) {
    super(first);
    this.#fetchFrom = fetchFrom;
  }

  /**
   * The items from this page on, all or at most `max`. A page holds as many as the list's `limit` says.
   *
   * @throws TypeError for a `max` that is no whole number.
   */
  async *items(options: ItemsOptions = {}): AsyncGenerator<Item, void, undefined> {
    let left = checkedCount(options, "max", Number.MAX_SAFE_INTEGER);
    let page: Page<Item> = await this;
    for (;;) {
      yield* page.items.slice(0, left);
      left -= page.items.length;
      const next = page.offset + page.items.length;
      if (left <= 0 || page.items.length === 0 || next >= page.total) return;
      page = await this.#fetchFrom(next);
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.items();
  }
}
