import { useEffect, useRef, useState } from "preact/hooks";
import { firstPage, useUrlState } from "../data/url-state.ts";

/** In milliseconds: long enough not to send a request for each letter. */
const typingPause = 250;

/** A text filter that is in the URL. */
export function TextFilter({
  name,
  label,
  isSearch = false,
}: {
  name: string;
  label: string;
  isSearch?: boolean;
}) {
  const { get, set } = useUrlState();
  const inUrl = get(name) ?? "";
  const [text, setText] = useState(inUrl);
  const sent = useRef(inUrl);
  useEffect(() => {
    // Text that was typed since the URL was updated stays.
    if (inUrl !== sent.current) setText(inUrl);
    sent.current = inUrl;
  }, [inUrl]);
  useEffect(() => {
    if (text === inUrl) return;
    const timer = setTimeout(() => {
      sent.current = text;
      set({ [name]: text, ...firstPage });
    }, typingPause);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      {...(isSearch ? { "data-search": true } : {})}
      onInput={({ currentTarget }) => setText(currentTarget.value)}
    />
  );
}

/** A choice that is in the URL; the first option is none. */
export function ChoiceFilter({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: readonly (readonly [string, string])[];
}) {
  const { get, set } = useUrlState();
  return (
    <select
      aria-label={label}
      value={get(name) ?? ""}
      onChange={({ currentTarget }) => set({ [name]: currentTarget.value, ...firstPage })}
    >
      <option value="">{label}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** A column header that sorts by its column, and reverses the order when pressed again. */
export function SortHead({ by, label, isNumber = false }: { by: string; label: string; isNumber?: boolean }) {
  const { get, set } = useUrlState();
  const isSorted = get("sort") === by;
  const isUp = get("order") === "asc";
  return (
    <th class={isNumber ? "number" : ""} aria-sort={isSorted ? (isUp ? "ascending" : "descending") : "none"}>
      <button
        type="button"
        class="plain"
        onClick={() => set({ sort: by, order: isSorted && !isUp ? "asc" : undefined, ...firstPage })}
      >
        {label} {isSorted ? (isUp ? "↑" : "↓") : ""}
      </button>
    </th>
  );
}

/** The sort in the URL, if it is one of the API's. */
export function useSort<SortBy extends string>(allowed: readonly SortBy[]) {
  const { get } = useUrlState();
  const sortBy = allowed.find((each) => each === get("sort"));
  const sortOrder = get("order") === "asc" ? ("asc" as const) : undefined;
  return { sort_by: sortBy, sort_order: sortOrder };
}
