// Attacks a server on purpose, and measures what another tenant notices.
//
//   npm run abuse                       all families of attacks
//   npm run abuse -- cpu enum           one family, one of its attacks
//   npm run abuse -- --short            the form that the tests have
import { parseArgs } from "node:util";
import { perform } from "../perform.ts";
import { resultsTable } from "../results-table.ts";
import { families } from "./families/index.ts";
import { scenarioOf } from "./perform-family.ts";

const { values, positionals } = parseArgs({
  options: { short: { type: "boolean", default: false } },
  allowPositionals: true,
});
const known = families.flatMap(({ name, attacks }) => [name, ...attacks.map((attack) => attack.name)]);
const unknown = positionals.filter((name) => !known.includes(name));

const interrupted = new AbortController();
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted.abort();
    process.exitCode = 1;
  });
}

if (unknown.length > 0) {
  const usage = families.flatMap(({ name, title, attacks }) => [
    `  ${name.padEnd(24)} ${title}`,
    ...attacks.map((attack) => `    ${attack.name.padEnd(22)} ${attack.title}`),
  ]);
  console.error(`usage: npm run abuse -- [family | attack …] [--short]\n\n${usage.join("\n")}`);
  process.exitCode = 1;
} else {
  await attackAll();
}

async function attackAll(): Promise<void> {
  const performances = [];
  for (const family of families) {
    if (interrupted.signal.aborted) return;
    const names = family.attacks.map(({ name }) => name).filter((name) => positionals.includes(name));
    if (positionals.length > 0 && names.length === 0 && !positionals.includes(family.name)) continue;
    console.log(`\n${family.name}: ${family.title}`);
    const performance = await perform(scenarioOf(family, names), {
      seed: 1,
      short: values.short,
      signal: interrupted.signal,
      say: (progress) => console.log(`  ${progress}`),
    });
    performances.push({ name: family.name, performance });
  }
  console.log(`\n${resultsTable(performances)}`);
  if (performances.some(({ performance: { holds } }) => !holds)) process.exitCode = 1;
}
