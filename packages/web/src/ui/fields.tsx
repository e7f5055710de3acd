import { useId } from "preact/hooks";

interface Labelled {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

interface TextFieldProps extends Labelled {
  readonly type?: "text" | "number";
  readonly inputMode?: "decimal" | "text";
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly min?: number;
  readonly max?: number;
  /** Values to choose from; others may be typed. */
  readonly suggestions?: readonly string[];
}

/** One line of text. */
export function TextField({ label, onInput, suggestions = [], ...input }: TextFieldProps) {
  const id = useId();
  return (
    <label>
      {label}
      <input
        {...input}
        {...(suggestions.length > 0 && { list: id })}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {suggestions.length > 0 && (
        <datalist id={id}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </label>
  );
}

/** One of some values. @param options each value, with its words. */
export function Choice({
  label,
  value,
  options,
  onInput,
}: Labelled & { readonly options: readonly (readonly [string, string])[] }) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Check({
  label,
  value,
  onInput,
}: {
  readonly label: string;
  readonly value: boolean;
  readonly onInput: (value: boolean) => void;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value}
        onChange={({ currentTarget }) => onInput(currentTarget.checked)}
      />
      {label}
    </label>
  );
}
