import { UsageError } from "./usage-error.ts";

export interface DemoOptions {
  /** Keep the server until Ctrl-C. */
  readonly keep: boolean;
  /** Judge with the heuristic even if a provider is configured. */
  readonly offline: boolean;
  readonly help: boolean;
}

const flags = { "--keep": "keep", "--offline": "offline", "--help": "help", "-h": "help" } as const;

export const usage = `Usage: npm run demo [-- options]

Starts an evaluation server with its own database, sends it sample traces of agents, evaluates each with all eight
metrics and each session with both session metrics, and shows the scores. It needs no key and no database, and
removes everything at the end.

Options
  --keep      keep the server running until Ctrl-C, to try the API on it
  --offline   judge with the built-in heuristic, even if a provider is configured
  --help      show this

The environment configures the judge, as for any server: OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY,
GOOGLE_CLOUD_PROJECT, or OPENAI_BASE_URL for an OpenAI-compatible endpoint such as Ollama; EVAL_LLM_MODEL picks a
model. Without any of them the built-in heuristic judges, offline. See docs/judges.md.`;

/** @throws UsageError for anything but the known flags. */
export function readOptions(args: readonly string[]): DemoOptions {
  const given = new Set(args.map(parseFlag));
  return { keep: given.has("keep"), offline: given.has("offline"), help: given.has("help") };
}

function parseFlag(arg: string): (typeof flags)[keyof typeof flags] {
  if (Object.hasOwn(flags, arg)) return flags[arg as keyof typeof flags];
  throw new UsageError(`The demo does not know ${JSON.stringify(arg)}.\n\n${usage}`);
}
