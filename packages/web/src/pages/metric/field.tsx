import { ApiError } from "@pandaprobe/sdk";
import { createContext } from "preact";
import { useContext, useId } from "preact/hooks";

/** The server's errors for the form, by the path of the field: `criteria.1.id`. */
export type FieldErrors = ReadonlyMap<string, string>;

export const FieldErrorsContext = createContext<FieldErrors>(new Map());

/** The errors for a request whose body is, or contains, a definition. */
export function fieldErrors(error: unknown): FieldErrors {
  if (!(error instanceof ApiError)) return new Map();
  return new Map(
    error.errors.map(({ loc, msg }) => {
      const path = loc.slice(loc[1] === "definition" ? 2 : 1);
      // The texts to look for are the lines of one field.
      if (path[0] === "values") return ["values", msg] as const;
      return [path.join("."), msg] as const;
    }),
  );
}

interface Common {
  readonly label: string;
  /** The path of the field in the definition. */
  readonly path: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

interface FieldProps extends Common {
  /** Several lines of text. Default: one. */
  readonly lines?: number;
  readonly type?: "text" | "number";
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly disabled?: boolean;
}

/** A field of the form with the server's errors. */
export function Field({
  label,
  path,
  value,
  onInput,
  lines,
  type = "text",
  required = false,
  placeholder = "",
  disabled = false,
}: FieldProps) {
  const error = useContext(FieldErrorsContext).get(path);
  const id = useId();
  const shared = {
    id,
    required,
    placeholder,
    disabled,
    value,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      onInput(currentTarget.value),
    ...(error !== undefined && { "aria-invalid": true, "aria-describedby": `${id}-error` }),
  };
  return (
    <div class="field">
      <label htmlFor={id}>{label}</label>
      {lines !== undefined ? (
        <textarea {...shared} rows={lines} />
      ) : type === "number" ? (
        <input {...shared} type="number" step="any" />
      ) : (
        <input {...shared} type="text" />
      )}
      <FieldError id={`${id}-error`} path={path} />
    </div>
  );
}

/** The server's errors for a field, or for a list as a whole. */
export function FieldError({ path, id }: { path: string; id?: string }) {
  const error = useContext(FieldErrorsContext).get(path);
  if (error === undefined) return null;
  return (
    <span class="field-error" {...(id === undefined ? {} : { id })}>
      {error}
    </span>
  );
}
