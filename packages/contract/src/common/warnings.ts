import { z } from "zod";

/** In the response to data that was not stored as given. Each is a sentence of at most a few hundred characters. */
export const warnings = z
  .array(z.string())
  .optional()
  .describe(
    "What was cut or dropped because it was too large, and which unknown fields were ignored. At most 20. Left out if everything was stored as given.",
  );
