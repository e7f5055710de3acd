import { useUrlState } from "../data/url-state.ts";
import { formatCount } from "./format.ts";

interface Shown {
  readonly items: readonly unknown[];
  readonly offset: number;
  readonly total: number;
}

/** Shows which rows of a list are visible, and links to the others. The offset is in the URL. */
export function Pager({ page, limit }: { page: Shown; limit: number }) {
  const { set } = useUrlState();
  const { offset, total } = page;
  const end = offset + page.items.length;
  if (total <= limit && offset === 0) return null;
  const go = (to: number) => set({ offset: to <= 0 ? undefined : String(to) });
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={offset === 0} onClick={() => go(offset - limit)}>
        Previous
      </button>
      <span title={`${total}`}>
        {offset + 1}–{end} of {formatCount(total)}
      </span>
      <button type="button" disabled={end >= total} onClick={() => go(offset + limit)}>
        Next
      </button>
    </nav>
  );
}
