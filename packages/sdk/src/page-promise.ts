import type { Answer } from "./answer.ts";
import { ApiPromise } from "./api-promise.ts";
import { checkedCount } from "./checked-number.ts";
import { PandaProbeError } from "./errors/panda-probe-error.ts";

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

/** More items than any list has. */
const moreThanAny = 1e15;

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
   * @throws TypeError for a `max` that is no whole number; PandaProbeError where a page comes again, because something
   * ignores `offset`.
   */
  async *items(options: ItemsOptions = {}): AsyncGenerator<Item, void, undefined> {
    let left = checkedCount(options, "max", moreThanAny);
    let page: Page<Item> = await this;
    for (;;) {
      const { items, offset, total } = page;
      yield* items.slice(0, left);
      left -= items.length;
      const next = offset + items.length;
      if (left <= 0 || items.length === 0 || next >= total) return;
      page = (await this.#fetch({ offset: next })).data;
      if (page.offset !== next)
        throw new PandaProbeError(
          "A page came again: `offset` is ignored. Check the endpoint, and any proxy before it.",
        );
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.items();
  }
}
