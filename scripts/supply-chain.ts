// The packages' dependencies: their bill of materials, and a check for known vulnerabilities.
//
//   npm run sbom          writes the bill (CycloneDX) to sbom.cdx.json
//   npm test              makes the bill and asks the registry about vulnerabilities; says so if the registry has no such service
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.ts";

const root = new URL("../", import.meta.url);
const { packageManager } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
  packageManager: string;
};

/** The pnpm of this checkout, as `bootstrap.mjs` calls it. */
function pnpm(...args: string[]) {
  const command = ["--yes", packageManager, "--config.pm-on-fail=ignore", ...args];
  return runCommand({ program: "npx", args: command, cwd: fileURLToPath(root) }, "collected");
}

/** @returns the bill; `null` if pnpm itself cannot be downloaded. */
async function billOfMaterials(): Promise<string | null> {
  const format = ["--sbom-format", "cyclonedx", "--sbom-spec-version", "1.6"];
  const { succeeded, output } = await pnpm("sbom", "--prod", "--lockfile-only", ...format);
  if (!succeeded && output.includes("npm error")) return null;
  const bill = output.slice(output.indexOf("{"));
  const { components = [] } = succeeded ? (JSON.parse(bill) as { components?: unknown[] }) : {};
  if (components.length === 0) throw new Error(`Could not make a bill of materials:\n${output}`);
  return bill;
}

/** True if the registry lists no vulnerability of severity high or critical, or cannot be asked. */
async function hasNoKnownVulnerability(): Promise<boolean> {
  const { succeeded, output } = await pnpm("audit", "--prod", "--audit-level", "high");
  if (succeeded) return true;
  // pnpm's own errors have a code; its findings have none.
  const [failure] = /ERR_PNPM_\w+|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.exec(output) ?? [];
  if (failure === undefined) {
    console.error(output);
    return false;
  }
  console.log(`Skipped: the registry does not answer questions about vulnerabilities (${failure}).`);
  return true;
}

const bill = await billOfMaterials();
if (bill === null) console.log(`Skipped: npx cannot get ${packageManager}.`);
else if (process.argv.includes("--write")) {
  writeFileSync(new URL("sbom.cdx.json", root), `${bill}\n`);
  console.log("sbom.cdx.json");
} else if (!(await hasNoKnownVulnerability())) process.exitCode = 1;
