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
/** The filters as typed. */
export type Filters = Readonly<Record<string, unknown>>;

/** Chooses traces or sessions by filters; open if there are any. */
export function FilterFields({
  kind,
  filters,
  onChange,
}: {
  kind: Kind;
  filters: Filters;
  onChange: (filters: Filters) => void;
}) {
  const setFilter = (name: string, value: unknown) => onChange(withoutEmpty({ ...filters, [name]: value }));
  const count = Object.keys(filters).length;
  return (
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
  );
}

/** The filters in the form of the API. */
export function givenFilters(filters: Filters): Filters {
  const { tags } = filters;
  if (!Array.isArray(tags)) return filters;
  return { ...filters, tags: tags.map((tag) => String(tag).trim()).filter(Boolean) };
}

export function withoutEmpty(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value != null && value !== ""));
}

function errorsOf(kind: Kind, { status, has_error }: Filters): string {
  if (kind === "trace") return status === "ERROR" ? "true" : "";
  return typeof has_error === "boolean" ? String(has_error) : "";
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : "";
}
