import { parseArgs } from "node:util";
import { runCommand, UsageError } from "../command.ts";
import { perform } from "../perform.ts";
import { resultsTable } from "../results-table.ts";
import { families } from "./families/index.ts";
import { scenarioOf } from "./perform-family.ts";

const attackList = families.flatMap(({ name, title, attacks }) => [
  `  ${name.padEnd(18)}${title}`,
  ...attacks.map((attack) => `    ${attack.name.padEnd(16)}${attack.title}`),
]);

const usage = `Attacks a server as a hostile tenant would, and measures what another tenant notices.

Usage: npm run abuse -- [family or attack …] [options]

Families and their attacks (default: all of them, which takes a few minutes):
${attackList.join("\n")}

Options:
  --short       Perform the short form, which the tests run: fewer attacks, wider limits.
  -h, --help    Show this help.

Run it on an otherwise idle machine. The exit code is 0 if all limits held, and 1 if not.`;

await runCommand(async (signal) => {
  const { values, positionals } = parseArgs({
    options: {
      short: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  const known = families.flatMap(({ name, attacks }) => [name, ...attacks.map((attack) => attack.name)]);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`Unknown family or attack "${unknown}".`);
  return await attackAll(positionals, values.short, signal);
});

async function attackAll(wanted: readonly string[], short: boolean, signal: AbortSignal): Promise<boolean> {
  const performances = [];
  for (const family of families) {
    if (signal.aborted) return false;
    const names = family.attacks.map(({ name }) => name).filter((name) => wanted.includes(name));
    if (wanted.length > 0 && names.length === 0 && !wanted.includes(family.name)) continue;
    console.log(`\n${family.name}: ${family.title}`);
    const performance = await perform(scenarioOf(family, names), {
      seed: 1,
      short,
      signal,
      say: (progress) => console.log(`  ${progress}`),
    });
    performances.push({ name: family.name, performance });
  }
  console.log(`\n${resultsTable(performances)}`);
  return performances.every(({ performance: { holds } }) => holds);
}
