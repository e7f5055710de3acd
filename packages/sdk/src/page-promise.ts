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

/** Fetches the page that was asked for, or the one that starts at an offset. */
type FetchPage<Item> = (from?: { readonly offset: number }) => Promise<Answer<Page<Item>>>;

/**
 * The promise of one page of a list, and all items from that page on: awaited it gives the page, and `for await` goes
 * through the items, fetching page after page as it needs them. Items that are stored or deleted meanwhile shift the
 * pages: an item may then come twice, or not.
 */
export class PagePromise<Item> extends ApiPromise<Page<Item>> implements AsyncIterable<Item> {
  readonly #fetch: FetchPage<Item>;

  constructor(fetch: FetchPage<Item>) {
    super(fetch());
    this.#fetch = fetch;
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
      const offset = page.offset + page.items.length;
      if (left <= 0 || page.items.length === 0 || offset >= page.total) return;
      page = (await this.#fetch({ offset })).data;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.items();
  }
}
