import { useState } from "preact/hooks";

/** The filters that a form offers, and their labels. Others that a run or monitor has stay as they are. */
const textFilters = {
  trace: {
    name: "Name contains",
    session_id: "Session",
    user_id: "User",
    tags: "Tags",
    release: "Release",
    environment: "Environment",
  },
  session: {
    trace_name: "Name of a trace contains",
    user_id: "User",
    tags: "Tags",
    release: "Release",
    environment: "Environment",
  },
} as const;

type Kind = keyof typeof textFilters;
type Filters = Readonly<Record<string, unknown>>;

export interface RunFieldValues {
  readonly filters: Filters;
  readonly sampling_rate: number;
  readonly model: string | null;
  readonly max_cost_usd: number | null;
}

/** The fields that runs and monitors share, as they are typed. */
export function useRunFields(initial: Partial<RunFieldValues>) {
  const [filters, setFilters] = useState<Filters>(withoutEmpty(initial.filters ?? {}));
  const [rate, setRate] = useState(String(initial.sampling_rate ?? 1));
  const [model, setModel] = useState(initial.model ?? "");
  const [budget, setBudget] = useState(initial.max_cost_usd == null ? "" : String(initial.max_cost_usd));
  return {
    filters,
    rate,
    model,
    budget,
    setFilters,
    setRate,
    setModel,
    setBudget,
    /** @throws RangeError for a number that is none, which would otherwise be left out. */
    values: (): RunFieldValues => ({
      filters: { ...filters, ...tagsOf(filters) },
      sampling_rate: numberIn("The sampling rate", rate),
      model: model.trim() === "" ? null : model.trim(),
      max_cost_usd: budget.trim() === "" ? null : numberIn("The budget", budget),
    }),
  };
}

/** @param onChange called after each change that an estimate depends on */
export function RunFields({
  kind,
  fields,
  hasFilters,
  onChange,
}: {
  kind: Kind;
  fields: ReturnType<typeof useRunFields>;
  hasFilters: boolean;
  onChange?: () => void;
}) {
  const { filters, rate, model, budget } = fields;
  const changed = (act: () => void) => {
    act();
    onChange?.();
  };
  const setFilter = (name: string, value: unknown) =>
    changed(() => fields.setFilters(withoutEmpty({ ...filters, [name]: value })));
  const count = Object.keys(filters).length;
  return (
    <>
      {hasFilters && (
        <details class="filter-fields" open={count > 0}>
          <summary>Filters{count > 0 && ` (${count})`}</summary>
          {Object.entries(textFilters[kind]).map(([name, label]) => (
            <label key={name}>
              {label}
              <input
                value={textOf(filters[name])}
                onInput={({ currentTarget: { value } }) =>
                  setFilter(name, name === "tags" && value !== "" ? value.split(",") : value)
                }
              />
            </label>
          ))}
          <label>
            Errors
            <select
              value={errorsOf(kind, filters)}
              onChange={({ currentTarget: { value } }) =>
                kind === "trace"
                  ? setFilter("status", value === "true" ? "ERROR" : undefined)
                  : setFilter("has_error", value === "" ? undefined : value === "true")
              }
            >
              <option value="">With or without</option>
              <option value="true">With errors</option>
              {kind === "session" && <option value="false">Without errors</option>}
            </select>
          </label>
        </details>
      )}
      {hasFilters && (
        <label>
          Sampling rate
          <input
            inputMode="decimal"
            value={rate}
            onInput={({ currentTarget }) => changed(() => fields.setRate(currentTarget.value))}
          />
        </label>
      )}
      <label>
        Judge
        <input
          placeholder="The server's default"
          value={model}
          onInput={({ currentTarget }) => changed(() => fields.setModel(currentTarget.value))}
        />
      </label>
      <label>
        Budget in USD
        <input
          inputMode="decimal"
          placeholder="No limit"
          value={budget}
          onInput={({ currentTarget }) => changed(() => fields.setBudget(currentTarget.value))}
        />
      </label>
    </>
  );
}

function errorsOf(kind: Kind, { status, has_error }: Filters): string {
  if (kind === "trace") return status === "ERROR" ? "true" : "";
  return typeof has_error === "boolean" ? String(has_error) : "";
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : "";
}

/** Tags as they are typed, with commas between them. */
function tagsOf({ tags }: Filters) {
  return Array.isArray(tags) ? { tags: tags.map((tag) => String(tag).trim()).filter(Boolean) } : {};
}

function withoutEmpty(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value != null && value !== ""));
}

function numberIn(what: string, text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new RangeError(`${what} must be a number, such as 0.5.`);
}
