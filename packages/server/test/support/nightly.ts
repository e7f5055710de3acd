/** Whether tests that are tagged `nightly` run in their long form: `npm test -- --nightly`. */
export const isNightly = process.env["NIGHTLY"] === "1";

/** How a property is tried: with the same few values each time, or with many new ones each night. */
export function trials(numRuns: number, nightly: number): { numRuns: number; seed?: number } {
  return isNightly ? { numRuns: nightly } : { numRuns, seed: 20_260_301 };
}
