import { PandaProbeError } from "../errors/panda-probe-error.ts";
import { checkedCount } from "../options/checked-number.ts";
import { type Answer, ApiPromise } from "./api-promise.ts";

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** How many items match, on all pages together. */
  total: number;
  limit: number;
  offset: number;
}

/** One page of a list that also has cursors. */
export interface KeysetPage<Item> extends Page<Item> {
  /** The `cursor` of the next page. `null` on the last page. */
  next_cursor: string | null;
}

export interface ItemsOptions {
  /** The most items to return. Default: all. */
  readonly max?: number | undefined;
}

/** More than any list has. */
const moreThanAny = 1e15;

/** Where a page starts: at an offset, or after the last item of another page. */
interface PageStart {
  readonly cursor?: string;
  readonly offset: number;
  /** Whether to count all matching items. */
  readonly total?: boolean;
}

/** Fetches the requested page, or another one. */
type FetchPage<OnePage> = (from?: PageStart) => Promise<Answer<OnePage>>;

/**
 * A list. Await it to get one page, or use `for await` to get all items from that page on; it fetches further pages as
 * needed. A list whose pages have a `next_cursor` yields each item once. In other lists, items that are stored or
 * deleted meanwhile shift the pages, so an item may come twice or be missed.
 */
export class PagePromise<Item, OnePage extends Page<Item> = Page<Item>>
  extends ApiPromise<OnePage>
  implements AsyncIterable<Item>
{
  readonly #fetch: FetchPage<OnePage>;

  constructor(fetch: FetchPage<OnePage>) {
    super(fetch());
    this.#fetch = fetch;
  }

  /**
   * The items from this page on: all of them, or at most `max`. The list's `limit` sets the size of a page.
   *
   * @throws TypeError if `max` is not a whole number; PandaProbeError if the server sends the same page again, because
   * something ignores `cursor` or `offset`.
   */
  async *items(options: ItemsOptions = {}): AsyncGenerator<Item, void, undefined> {
    let left = checkedCount(options, "max", moreThanAny);
    let page: Page<Item> & Partial<KeysetPage<Item>> = await this;
    for (;;) {
      const { items, offset, total, next_cursor: cursor } = page;
      yield* items.slice(0, left);
      left -= items.length;
      const next = offset + items.length;
      if (left <= 0 || items.length === 0 || cursor === null || !(cursor ?? next < total)) return;
      page = (await this.#fetch(cursor ? { cursor, offset: 0, total: false } : { offset: next })).data;
      if (page.next_cursor === cursor && page.offset !== next)
        throw new PandaProbeError(
          "The server ignores `offset`. Check the endpoint, and any proxy before it.",
        );
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.items();
  }
}
