import { answers } from "./answers.ts";
import type { Behaviours } from "./behaviour.ts";
import { embeddings } from "./embeddings.ts";
import { errors } from "./errors.ts";
import { formats } from "./formats.ts";
import { streams } from "./streams.ts";

/** All behaviours of the zoo, by model name. */
export const behaviours: Behaviours = { ...errors, ...formats, ...streams, ...answers, ...embeddings };
