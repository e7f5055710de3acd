import { useQuery } from "../data/queries.ts";
import { firstPage, useUrlState } from "../data/url-state.ts";
import { formatCount } from "./format.ts";

/** How often all rows are counted again, in milliseconds, because counting is slow in a large project. */
const countMs = 30_000;

/** The number of all rows of a list. Its pages do not wait for it. @param count requests one row and the total */
export function useTotal(
  key: readonly unknown[],
  count: (signal: AbortSignal) => PromiseLike<{ total: number }>,
) {
  return useQuery([...key, "total"], async (signal) => (await count(signal)).total, {
    every: countMs,
    keepPrevious: true,
  }).data;
}

/** The parameters for the page after the cursor in the URL. */
export function useCursor() {
  return { cursor: useUrlState().get("cursor"), total: false };
}

/** The previous page of each page that Next led to in this tab. */
const pagesBefore = new Map<string, string | undefined>();

/** Shows which rows of a list with cursors are visible, and links to the others. The cursor is in the URL. */
export function CursorPager({
  shown,
  next,
  total,
  since,
}: {
  shown: number;
  next: string | null;
  total: number | undefined;
  /** When the chosen time range began, because a cursor belongs to it. */
  since: string | undefined;
}) {
  const { get, set } = useUrlState();
  const cursor = get("cursor");
  const skipped = Math.max(0, Number.parseInt(get("skipped") ?? "0", 10) || 0);
  if (next === null && cursor === undefined) return null;
  const goOn = (to: string) => {
    pagesBefore.set(to, cursor);
    set({ cursor: to, skipped: String(skipped + shown), since });
  };
  const goBack = () => {
    const before = pagesBefore.get(cursor ?? "");
    if (before === undefined) set(firstPage);
    else set({ cursor: before, skipped: String(skipped - pageSize) });
  };
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={cursor === undefined} onClick={goBack}>
        {cursor === undefined || pagesBefore.has(cursor) ? "Previous" : "First page"}
      </button>
      <span title={total === undefined ? "" : `${total}`}>
        {skipped + 1}–{skipped + shown}
        {total !== undefined && ` of ${formatCount(total)}`}
      </span>
      <button type="button" disabled={next === null} onClick={() => next !== null && goOn(next)}>
        Next
      </button>
    </nav>
  );
}

/** How many rows a page has. */
export const pageSize = 50;
