import type { WrongField } from "./response-validation-error.ts";

const most = 10;
const longest = 80;

/** The part of a zod schema that is used. */
export interface Schema {
  safeParse(
    value: unknown,
    options: { reportInput: boolean },
  ): { readonly success: boolean; readonly error?: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly code?: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly input?: unknown;
  readonly expected?: unknown;
  readonly values?: readonly unknown[];
  readonly errors?: readonly (readonly Issue[])[];
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && "safeParse" in value;
}

/** The invalid fields of a value, at most ten. */
export function wrongFields(schema: Schema, value: unknown): WrongField[] {
  const { error } = schema.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).slice(0, most).map((issue) => ({
    path: issue.path.map((key) => (typeof key === "number" ? key : String(key))),
    expected: expectedBy(issue),
    got: shown(issue.input),
  }));
}

function expectedBy({ code, message, expected, values, errors = [] }: Issue): string {
  if (code === "invalid_union") {
    const choices = errors.flatMap(([first]) => (first === undefined ? [] : [expectedBy(first)]));
    if (choices.length > 0) return [...new Set(choices)].join(" or ");
  }
  if (values !== undefined) return values.map((item) => JSON.stringify(item)).join(" or ");
  return code === "invalid_type" ? String(expected) : `what it is not (${message})`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
