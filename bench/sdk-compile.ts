import { writeFile } from "node:fs/promises";
import path from "node:path";
import {
  type CompilationStatistics,
  type ModuleResolution,
  measureCompilation,
} from "../packages/sdk/test/support/compile.ts";
import { packPackage } from "../packages/sdk/test/support/packed-package.ts";
import { median } from "./times.ts";

/*
 * The time and memory that `tsc` takes for a program that makes two calls through the SDK ÷ those for an empty program. The
 * package is packed and installed. Both programs have the same options: `strict`, no `skipLibCheck`, TypeScript's default `lib`
 * for `es2023` (which includes the DOM), and no `types`.
 */

const rounds = 11;
const limit = 1.5;

const empty = "export {};\n";
const program = `
import { PandaProbe } from "@pandaprobe/sdk";

const client = new PandaProbe({ projectName: "my-agent" });
await client.createTrace({ name: "answer a question", started_at: new Date().toISOString() });
const { scores } = await client.evaluateTraces({ metrics: ["task_completion"] });
for (const { name, value, reason } of scores) console.log(name, value, reason);
`;

await using packed = await packPackage();
await writeFile(path.join(packed.project, "empty.mts"), empty);
await writeFile(path.join(packed.project, "program.mts"), program);

for (const moduleResolution of ["node16", "nodenext", "bundler"] as const) await compare(moduleResolution);

async function compare(moduleResolution: ModuleResolution): Promise<void> {
  const measure = (file: string) => measureCompilation(packed.project, moduleResolution, [file]);
  const bare: CompilationStatistics[] = [];
  const ours: CompilationStatistics[] = [];
  // Alternately, so that other load on the machine affects both.
  for (let round = 0; round < rounds; round++) {
    bare.push(await measure("empty.mts"));
    ours.push(await measure("program.mts"));
  }
  const ratio = (name: keyof CompilationStatistics) =>
    median(ours.map((each) => each[name])) / median(bare.map((each) => each[name]));
  const [time, memory] = [ratio("Total time"), ratio("Memory used")];
  console.log(
    `${moduleResolution}: compiling against the SDK takes ${time.toFixed(2)} × the time and ${memory.toFixed(2)} × the memory of an empty program (goal: ${limit})`,
  );
  if (time >= limit || memory >= limit) process.exitCode = 1;
}
