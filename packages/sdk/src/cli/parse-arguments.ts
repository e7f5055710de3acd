import { parseArgs } from "node:util";
import { didYouMean } from "./nearest.ts";
import { optionDefinitions } from "./option-definitions.ts";
import { UsageError } from "./usage-error.ts";

/** The options as they are written, with nothing read into them yet. */
export type Options = ReturnType<typeof parsed>["values"];

/** @throws UsageError for an option that there is not, a word that belongs to none, or an option without its value. */
export function parseArguments(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const [stray] = positionals;
  if (stray !== undefined) {
    throw new UsageError(`"${stray}" belongs to no option. A value with spaces needs quotes.`);
  }
  for (const [option, value] of Object.entries(values)) {
    if ([value].flat().some((each) => typeof each === "string" && each.trim() === "")) {
      throw new UsageError(`--${option} has no value. Is a variable of the shell not set?`);
    }
  }
  return values;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionDefinitions, allowPositionals: true });
  } catch (error) {
    // Node.js says it well, but for a hint at positionals, which there are none of.
    const message = (error as Error).message.replace(/\. To specify a positional .*/s, ".");
    throw new UsageError(message + suggestion(message, args));
  }
}

function suggestion(message: string, args: readonly string[]): string {
  const [, unknown] = /^Unknown option '(--?[^']+)'/.exec(message) ?? [];
  if (unknown === undefined) return "";
  // Node.js takes `-min` for `-m -i -n`, and names but the first of them.
  const written = args.find((each) => each.startsWith(unknown)) ?? unknown;
  const name = written.replace(/^-+/, "").replace(/=.*/s, "");
  return didYouMean(name, Object.keys(optionDefinitions), "--");
}
