// Builds packages: `node scripts/bootstrap.mjs scripts/build-package.ts packages/sdk`. The packages' `prepack` calls it, so
// that `npm pack` works in a fresh checkout.
import { runCommand } from "./run-command.ts";

const folders = process.argv.slice(2);
if (folders.length === 0)
  throw new Error("usage: node scripts/bootstrap.mjs scripts/build-package.ts packages/<name> …");
for (const cwd of folders) {
  const command = { program: "node", args: ["--run", "build"], cwd };
  const { succeeded, output } = await runCommand(command, "collected");
  if (succeeded) continue;
  console.error(output);
  process.exitCode = 1;
  break;
}
