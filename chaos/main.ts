import { parseArgs } from "node:util";
import { runCommand, UsageError } from "./command.ts";
import { type Performance, perform } from "./perform.ts";
import { resultsTable } from "./results-table.ts";
import { scenarios } from "./scenarios/index.ts";

const usage = `Breaks things on purpose while runs go on, and checks what must hold nevertheless.

Usage: npm run chaos -- [scenario …] [options]

Scenarios (default: all of them, which takes half an hour or more):
${scenarios.map(({ name, title }) => `  ${name.padEnd(14)}${title}`).join("\n")}

Options:
  --seed <n>    Repeat the random choices of an earlier performance. Default: a random seed, which is printed.
  --short       Perform the short form, a few seconds per scenario, as npm test -- --nightly does.
  -h, --help    Show this help.

The exit code is 0 if everything held, and 1 if not.`;

await runCommand(async (signal) => {
  const { values, positionals } = parseArgs({
    options: {
      seed: { type: "string" },
      short: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  const unknown = positionals.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new UsageError(`Unknown scenario "${unknown}".`);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) throw new UsageError("--seed must be an integer.");
  const wanted = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return await performAll(wanted, { seed, short: values.short, signal });
});

async function performAll(
  wanted: typeof scenarios,
  { seed, short, signal }: { readonly seed: number; readonly short: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  console.log(`seed ${seed}, ${short ? "short" : "full"} form`);
  const performances: { name: string; performance: Performance }[] = [];
  for (const scenario of wanted) {
    if (signal.aborted) break;
    console.log(`\n${scenario.name}: ${scenario.title}`);
    const startedAt = performance.now();
    const say = (progress: string) =>
      console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${progress}`);
    performances.push({
      name: scenario.name,
      performance: await perform(scenario, { seed, short, signal, say }),
    });
  }
  if (signal.aborted) return false;
  console.log(`\n${resultsTable(performances)}\n\nseed ${seed}`);
  return performances.every(({ performance: { holds } }) => holds);
}
