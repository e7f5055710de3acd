// Breaks things on purpose, and looks whether what must hold does.
//
//   npm run chaos                                      all scenarios, in their full form
//   npm run chaos -- kills --seed 7 --short            some of them, the same chance again, the tests' form
import { parseArgs } from "node:util";
import { type Performance, perform } from "./perform.ts";
import { resultsTable } from "./results-table.ts";
import { scenarios } from "./scenarios/index.ts";

const { values, positionals } = parseArgs({
  options: { seed: { type: "string" }, short: { type: "boolean", default: false } },
  allowPositionals: true,
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
const wanted = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const interrupted = new AbortController();
for (const [name, number] of [
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const) {
  process.on(name, () => {
    if (interrupted.signal.aborted) return;
    console.error("\nEnding all processes and removing their data.");
    interrupted.abort();
    process.exitCode = 128 + number;
  });
}

if (unknown.length > 0 || !Number.isInteger(seed)) {
  console.error(
    `usage: npm run chaos -- [scenario …] [--seed N] [--short]\n\n${scenarios.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join("\n")}`,
  );
  process.exitCode = 1;
} else {
  await performAll();
}

async function performAll(): Promise<void> {
  console.log(`seed ${seed}, ${values.short ? "short" : "full"} form`);
  const performances: { name: string; performance: Performance }[] = [];
  for (const scenario of wanted) {
    if (interrupted.signal.aborted) break;
    console.log(`\n${scenario.name}: ${scenario.title}`);
    const began = performance.now();
    const say = (progress: string) =>
      console.log(`  ${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${progress}`);
    performances.push({
      name: scenario.name,
      performance: await perform(scenario, { seed, short: values.short, signal: interrupted.signal, say }),
    });
  }
  if (interrupted.signal.aborted) return;
  console.log(`\n${resultsTable(performances)}\n\nseed ${seed}`);
  process.exitCode = performances.every(({ performance: { holds } }) => holds) ? 0 : 1;
}
