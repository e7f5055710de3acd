import { useLocation } from "preact-iso/router";

/** The path of a page, with its parameters. Ids are encoded, because a session's id may contain any character. */
export function pagePath(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  return `/app/${parts.map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

/** The URL's parameters, from which a view can be restored completely; a change replaces the URL. */
export function useUrlState() {
  const { url, route } = useLocation();
  const { pathname, searchParams } = new URL(url, location.origin);
  return {
    get: (name: string) => searchParams.get(name) ?? undefined,
    /** The URL with these parameters changed, for a link. */
    hrefWith(changes: Changes): string {
      return `${pathname}${queryWith(searchParams, changes)}`;
    },
    /** How many entries of a list come before its page. */
    offset: Math.max(0, Number.parseInt(searchParams.get("offset") ?? "0", 10) || 0),
    list: (name: string) => searchParams.get(name)?.split(",").filter(Boolean),
    /** Sets these parameters; `undefined` removes one. */
    set(changes: Changes): void {
      route(`${pathname}${queryWith(new URL(location.href).searchParams, changes)}`, true);
    },
  };
}

type Changes = Readonly<Record<string, string | undefined>>;

function queryWith(params: URLSearchParams, changes: Changes): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === "" ? "" : `?${text}`;
}

/** Changes that lead to the first page of a list, as a change of any filter does. */
export const firstPage = { offset: undefined, cursor: undefined, skipped: undefined, since: undefined };

/** The top line's time range, as it is in the URL. */
export const timeRanges = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
  "30d": 2_592_000_000,
} as const;

/** When the chosen time range begins, on a whole minute; `undefined` for all time. The same on all pages. */
export function useRangeStart(): string | undefined {
  const { get } = useUrlState();
  const range = get("range");
  const since = get("since");
  if (since !== undefined) return since;
  if (range === undefined || !Object.hasOwn(timeRanges, range)) return undefined;
  const minute = 60_000;
  const start = Date.now() - timeRanges[range as keyof typeof timeRanges];
  return new Date(Math.floor(start / minute) * minute).toISOString();
}
