import { z } from "zod";

/** The rule for project names, in words. */
export const projectNameRule =
  "1 to 255 ASCII letters, digits, spaces and _ . ' -, the first and last a letter or digit";

const pattern = /^[A-Za-z0-9](?:[A-Za-z0-9 _.'-]{0,253}[A-Za-z0-9])?$/;

/** The trimmed name, or `null` if it breaks {@link projectNameRule}. */
export function parseProjectName(sent: string): string | null {
  const name = sent.trim();
  return pattern.test(name) ? name : null;
}

/** The name of a project. */
export const projectName = z
  .string()
  .refine((value) => parseProjectName(value) !== null, { error: `must have ${projectNameRule}` })
  .overwrite((value) => value.trim())
  .meta({ minLength: 1, maxLength: 255 });
