import { useState } from "preact/hooks";
import { TextField } from "./fields.tsx";
import { FilterFields, type Filters, givenFilters, withoutEmpty } from "./filter-fields.tsx";

export interface RunFieldValues {
  readonly filters: Filters;
  readonly sampling_rate: number;
  readonly model: string | null;
  readonly max_cost_usd: number | null;
}

/** The fields that runs and monitors share, as typed. */
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
    /** @throws RangeError for an invalid number, which would otherwise be left out. */
    values: (): RunFieldValues => ({
      filters: givenFilters(filters),
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
  kind: "trace" | "session";
  fields: ReturnType<typeof useRunFields>;
  hasFilters: boolean;
  onChange?: () => void;
}) {
  const { filters, rate, model, budget } = fields;
  const changed = (act: () => void) => {
    act();
    onChange?.();
  };
  return (
    <>
      {hasFilters && (
        <FilterFields
          kind={kind}
          filters={filters}
          onChange={(next) => changed(() => fields.setFilters(next))}
        />
      )}
      {hasFilters && (
        <TextField
          label="Sampling rate"
          inputMode="decimal"
          value={rate}
          onInput={(next) => changed(() => fields.setRate(next))}
        />
      )}
      <TextField
        label="Judge"
        placeholder="The server's default"
        value={model}
        onInput={(next) => changed(() => fields.setModel(next))}
      />
      <TextField
        label="Budget in USD"
        inputMode="decimal"
        placeholder="No limit"
        value={budget}
        onInput={(next) => changed(() => fields.setBudget(next))}
      />
    </>
  );
}

function numberIn(what: string, text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new RangeError(`${what} must be a number, such as 0.5.`);
}
