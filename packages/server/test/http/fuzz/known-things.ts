/** A placeholder for an existing id in a generated request, filled in when the request is sent. */
export class KnownId {
  readonly kind: string;
  /** 0 for the newest. */
  readonly index: number;

  constructor(kind: string, index: number) {
    this.kind = kind;
    this.index = index;
  }
}

/** The ids of one thing, by the parameter that each fills: a span has its trace's id and its own. */
export type Ids = Readonly<Record<string, string>>;

type Item = Readonly<Record<string, unknown>>;

/** Recognizes the kinds of things in a response of any operation. */
const kinds: readonly { readonly is: (item: Item) => string | undefined; readonly ids: readonly string[] }[] =
  [
    { is: (item) => (item["built_in"] === false ? "metric" : undefined), ids: ["name"] },
    { is: (item) => ("cadence" in item ? "monitor" : undefined), ids: ["id"] },
    { is: (item) => ("reviewers_per_item" in item ? "review queue" : undefined), ids: ["id"] },
    { is: (item) => ("queue_id" in item ? "review item" : undefined), ids: ["queue_id", "id"] },
    { is: (item) => ("metric_names" in item ? `${item["target_type"]} run` : undefined), ids: ["id"] },
    { is: (item) => ("data_type" in item && "span_id" in item ? "span score" : undefined), ids: ["id"] },
    { is: (item) => ("data_type" in item && "trace_id" in item ? "trace score" : undefined), ids: ["id"] },
    {
      is: (item) => ("data_type" in item && "session_id" in item ? "session score" : undefined),
      ids: ["id"],
    },
    { is: (item) => ("span_id" in item ? "span" : undefined), ids: ["trace_id", "span_id"] },
    { is: (item) => ("trace_id" in item ? "trace" : undefined), ids: ["trace_id"] },
    { is: (item) => ("session_id" in item ? "session" : undefined), ids: ["session_id"] },
  ];

/** The kind of thing that a parameter names, by the parameter's name and the path of its operation. */
export function kindOf(parameter: string, place: string): string | undefined {
  const ofSession = place.includes("session");
  switch (parameter.replace(/s$/, "")) {
    case "name":
      return place.startsWith("/evaluations/metrics/") ? "metric" : undefined;
    case "run_id":
    case "eval_run_id":
      return ofSession ? "SESSION run" : "TRACE run";
    case "score_id":
      if (place.includes("span-scores")) return "span score";
      return ofSession ? "session score" : "trace score";
    case "queue_id":
      return "review queue";
    case "item_id":
      return "review item";
    case "monitor_id":
      return "monitor";
    case "span_id":
    case "parent_span_id":
      return "span";
    case "trace_id":
      return "trace";
    case "session_id":
      return "session";
    default:
      return undefined;
  }
}

/** The known contents of one project, collected from its responses. */
export class KnownThings {
  readonly #byKind = new Map<string, Map<string, Ids>>();

  /** Collects the things with ids from a response. */
  learn(answer: unknown): void {
    if (typeof answer !== "object" || answer === null) return;
    if (Array.isArray(answer)) {
      for (const item of answer.slice(0, 20)) this.learn(item);
      return;
    }
    const item = answer as Item;
    for (const { is, ids } of kinds) {
      const kind = is(item);
      if (kind !== undefined) this.#add(kind, item, ids);
    }
    for (const name of ["items", "item", "traces", "spans"]) this.learn(item[name]);
  }

  /** The ids of one thing of this kind; `undefined` if none is known. */
  find(kind: string, index: number): Ids | undefined {
    const things = [...(this.#byKind.get(kind)?.values() ?? [])];
    return things.length === 0 ? undefined : things[things.length - 1 - (index % things.length)];
  }

  #add(kind: string, item: Item, names: readonly string[]): void {
    const ids = names.map((name) => [name, item[name]]);
    if (!ids.every(([, id]) => typeof id === "string")) return;
    const known = this.#byKind.get(kind) ?? new Map<string, Ids>();
    known.set(JSON.stringify(ids), Object.fromEntries(ids));
    this.#byKind.set(kind, known);
    // Drops the oldest, which has most likely been deleted.
    const [oldest] = known.keys();
    if (known.size > 30 && oldest !== undefined) known.delete(oldest);
  }
}
