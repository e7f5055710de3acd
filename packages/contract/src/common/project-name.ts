import { z } from "zod";

/** What a project's name may be, for a person. */
export const projectNameRule =
  "1 to 255 ASCII letters, digits, spaces and _ . ' -, the first and last a letter or digit";

const pattern = /^[A-Za-z0-9](?:[A-Za-z0-9 _.'-]{0,253}[A-Za-z0-9])?$/;

/** The name as it is stored, without the spaces around it, or `null` where it breaks {@link projectNameRule}. */
export function parseProjectName(sent: string): string | null {
  const name = sent.trim();
  return pattern.test(name) ? name : null;
}

/** A project, by name. */
export const projectName = z
  .string()
  .refine((value) => parseProjectName(value) !== null, { error: `must have ${projectNameRule}` })
  .overwrite((value) => value.trim())
  .meta({ minLength: 1, maxLength: 255 });
