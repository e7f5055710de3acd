import { inject } from "vitest";
import { type BuiltPackage, type PackedPackage, packPackage } from "./packed-package.ts";

/** {@link packPackage} with the build that all test files of a run share. */
export async function packSharedPackage(): Promise<PackedPackage> {
  const answer = await fetch(inject("builtPackageUrl"));
  if (!answer.ok) throw new Error(`The package could not be built: ${await answer.text()}`);
  return packPackage((await answer.json()) as BuiltPackage);
}
