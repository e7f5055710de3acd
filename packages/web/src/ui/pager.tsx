import { useUrlState } from "../data/url-state.ts";
import { formatCount } from "./format.ts";

/** Which rows of a list are shown, and the way to the others. The offset is in the URL. */
export function Pager({
  offset,
  shown,
  total,
  limit,
}: {
  offset: number;
  shown: number;
  total: number;
  limit: number;
}) {
  const { set } = useUrlState();
  if (total <= limit && offset === 0) return null;
  const go = (to: number) => set({ offset: to <= 0 ? undefined : String(to) });
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={offset === 0} onClick={() => go(offset - limit)}>
        Previous
      </button>
      <span title={`${total}`}>
        {offset + 1}–{offset + shown} of {formatCount(total)}
      </span>
      <button type="button" disabled={offset + shown >= total} onClick={() => go(offset + limit)}>
        Next
      </button>
    </nav>
  );
}
