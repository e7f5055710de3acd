import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { didYouMean } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads the arguments of a command, which takes no words outside of options.
 *
 * @throws UsageError for an unknown option, a word outside of options, or an option without its value.
 */
export function parseArguments<const Definitions extends ParseArgsOptionsConfig>(
  args: readonly string[],
  definitions: Definitions,
) {
  const { values, positionals } = parseWords(args, definitions);
  const [stray] = positionals;
  if (stray !== undefined) {
    throw new UsageError(`Unexpected argument "${stray}". A value with spaces needs quotes.`);
  }
  return values;
}

/**
 * Reads the arguments of a command that takes words outside of options.
 *
 * @throws UsageError for an unknown option, or an option without its value.
 */
export function parseWords<const Definitions extends ParseArgsOptionsConfig>(
  args: readonly string[],
  definitions: Definitions,
) {
  const { values, positionals } = parsed(args, definitions);
  for (const [option, value] of Object.entries(values)) {
    if ([value].flat().some((each) => typeof each === "string" && each.trim() === "")) {
      throw new UsageError(`--${option} has no value. Is a shell variable not set?`);
    }
  }
  return { values, positionals };
}

function parsed<const Definitions extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Definitions,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node.js's own message, without its hint about positional arguments.
    const message = (error as Error).message.replace(/\. To specify a positional .*/s, ".");
    throw new UsageError(message + suggestion(message, args, Object.keys(options)));
  }
}

function suggestion(message: string, args: readonly string[], known: readonly string[]): string {
  const [, unknown] = /^Unknown option '(--?[^']+)'/.exec(message) ?? [];
  if (unknown === undefined) return "";
  // Node.js reads `-min` as `-m -i -n`, and names only the first of them.
  const written = args.find((each) => each.startsWith(unknown)) ?? unknown;
  const name = written.replace(/^-+/, "").replace(/=.*/s, "");
  return didYouMean(name, known, "--");
}
