/** What the page says about one field of a body, or one query parameter. */
export interface DocumentedValue {
  readonly required?: true;
  /** Each is accepted. */
  readonly takes: readonly unknown[];
  /** Each is refused, with 422 unless it says 400. */
  readonly refuses?: readonly unknown[];
  readonly refusedWith?: 400;
  /** Whether the value matches a listed item. If given, every value must match some. */
  readonly finds?: (item: Readonly<Record<string, unknown>>, value: unknown) => boolean;
  /** The value that applies if it is left out. */
  readonly default?: unknown;
}

/** One endpoint of the documentation page, as documented. */
export interface DocumentedEndpoint {
  /** Method and path, as the page writes them. */
  readonly endpoint: string;
  readonly status: 200 | 201 | 202 | 204;
  /** The query of the page's example. */
  readonly query?: string;
  /** The body of the page's example, unchanged. */
  readonly body?: string;
  /** By the path of the field in the body. */
  readonly fields?: Readonly<Record<string, DocumentedValue>>;
  readonly parameters?: Readonly<Record<string, DocumentedValue>>;
  /** The response of the page's example, unchanged. */
  readonly answer?: string;
  readonly isRateLimited?: true;
}

const paging = {
  limit: { takes: [1, 20, 50, 200], refuses: [0, 201, -1, "x"], default: 50 },
  offset: { takes: [0, 1, 1000], refuses: [-1, "x"], default: 0 },
} as const satisfies Record<string, DocumentedValue>;

const notDates = ["yesterday", "2026-02-30"];

/** The date range of queries. */
export const dateRange = {
  date_from: { takes: ["2026-03-01T00:00:00Z", "2026-03-01"], refuses: notDates },
  date_to: { takes: ["2126-03-29T00:00:00Z"], refuses: notDates },
} as const satisfies Record<string, DocumentedValue>;

/** The date range inside `filters`, where every error is 400. */
export const filterDates = {
  "filters.date_from": { takes: ["2026-03-01T00:00:00Z"], refuses: notDates, refusedWith: 400 },
  "filters.date_to": { takes: ["2026-03-29T00:00:00Z"], refuses: notDates, refusedWith: 400 },
} as const satisfies Record<string, DocumentedValue>;

const named =
  (field: string): NonNullable<DocumentedValue["finds"]> =>
  (item, value) =>
    item[field] === value;

/** An enum, each of whose values finds exactly the items that have it. */
export function oneOf(field: string, values: readonly string[]): DocumentedValue {
  return { takes: values, refuses: ["NONE", values[0]?.toLowerCase(), ""], finds: named(field) };
}

export { named, paging };
