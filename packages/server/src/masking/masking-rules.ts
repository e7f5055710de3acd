import { pathProblem } from "@pandaprobe/contract/rules";
import { RE2JS } from "re2js";
import { z } from "zod";
import { builtInRules } from "./built-in-rules.ts";

/** One rule. All of its fields apply. */
export interface MaskingRule {
  /** Names of fields whose values are hidden, in any case. */
  readonly keys: readonly string[];
  /** Where values are hidden, such as `input.card` or `spans.*.output`. */
  readonly paths: readonly string[];
  /** Text to hide wherever it occurs, in RE2's syntax. */
  readonly patterns: readonly string[];
}

/** Rules by name; the marks show the name. `true`: the built-in rule of that name. */
export type MaskingRules = Readonly<Record<string, MaskingRule | true>>;

/** Each pattern reads every text. */
const mostRules = 50;

const pathOrKey = z.string().min(1).max(200);
const path = without(pathOrKey, pathProblem);
const pattern = without(z.string().min(1).max(1000), patternProblem);

const listOf = (item: z.ZodString, most: number) => z.array(item).min(1).max(most).optional();
const rule = z
  .strictObject({ keys: listOf(pathOrKey, 100), paths: listOf(path, 100), patterns: listOf(pattern, 20) })
  .refine((sent) => Object.keys(sent).length > 0, "must have keys, paths or patterns")
  .transform(({ keys = [], paths = [], patterns = [] }): MaskingRule => ({ keys, paths, patterns }));

/** The rules of `MASKING_RULES`. */
export const maskingRules = z.record(z.string(), z.unknown()).transform((sent, context): MaskingRules => {
  const entries = Object.entries(sent).map(([name, value]): [string, MaskingRule | true] => {
    const problem = nameProblem(name, value === true);
    if (problem !== null) context.addIssue({ code: "custom", path: [name], message: problem });
    // A union's own message would not say what is wrong.
    if (value === true || Object.hasOwn(builtInRules, name)) return [name, true];
    const { data, error } = rule.safeParse(value);
    for (const issue of error?.issues ?? []) {
      context.addIssue({ code: "custom", path: [name, ...issue.path], message: issue.message });
    }
    return [name, data ?? noRule];
  });
  if (entries.length > mostRules) context.addIssue(`must be at most ${mostRules} rules`);
  return Object.fromEntries(entries);
});

const noRule: MaskingRule = { keys: [], paths: [], patterns: [] };

/** Rejects a text for which there is a problem. */
function without(text: z.ZodString, problemOf: (text: string) => string | null): z.ZodString {
  return text.superRefine((value, context) => {
    const problem = problemOf(value);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
}

function nameProblem(name: string, isBuiltIn: boolean): string | null {
  if (!/^[a-z0-9][\w-]{0,39}$/i.test(name)) return "must be up to 40 letters, digits, _ and -";
  const known = Object.hasOwn(builtInRules, name);
  if (isBuiltIn && !known)
    return `is not a built-in rule; the built-in rules are ${Object.keys(builtInRules).join(", ")}`;
  if (!isBuiltIn && known)
    return "is the name of a built-in rule, which takes only true; give a rule of your own another name";
  return null;
}

function patternProblem(text: string): string | null {
  try {
    return RE2JS.compile(text).matcher("").find() ? "matches an empty text" : null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `is not a valid regular expression for RE2, which has no lookaround and no backreferences: ${why}`;
  }
}
