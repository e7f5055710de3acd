import { z } from "zod";

/** In the answer to data that was not stored as given. Each is a sentence of at most some hundred characters. */
export const warnings = z
  .array(z.string())
  .optional()
  .describe(
    "What was cut or dropped because it was too large, and what was ignored because it is not a field. At most 20. Left out if everything was stored as given.",
  );
