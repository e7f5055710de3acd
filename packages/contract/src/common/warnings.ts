import { z } from "zod";

/** In the answer to data that was not stored as given. */
export const warnings = z
  .array(z.string())
  .optional()
  .describe("What was cut or dropped because it was too large. Left out if everything was stored as given.");
