/** Whether tests tagged `nightly` run in their long form: `npm test -- --nightly`. */
export const isNightly = process.env["NIGHTLY"] === "1";

/** How a property is tested: with a few fixed values, or nightly with many random ones. */
export function trials(numRuns: number, nightly: number): { numRuns: number; seed?: number } {
  return isNightly ? { numRuns: nightly } : { numRuns, seed: 20_260_301 };
}
