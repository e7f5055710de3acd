import { z } from "zod";

/** On the answer to something that was not stored as it came. */
export const warnings = z
  .array(z.string())
  .optional()
  .describe("What was cut or dropped because it was too large. Left out where everything was stored.");
