// Builds one package: `node scripts/bootstrap.mjs scripts/build-package.ts packages/sdk`. The packages' `prepack` calls it,
// so that `npm pack` works in a fresh checkout.
import { runCommand } from "./run-command.ts";

const [cwd] = process.argv.slice(2);
if (cwd === undefined)
  throw new Error("usage: node scripts/bootstrap.mjs scripts/build-package.ts packages/<name>");
const command = { program: "node", args: ["--run", "build"], cwd };
const { succeeded, output } = await runCommand(command, "collected");
if (!succeeded) console.error(output);
process.exitCode = succeeded ? 0 : 1;
