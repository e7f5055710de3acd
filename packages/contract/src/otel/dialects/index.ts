import type { Dialect } from "../dialect.ts";
import { aiSdk } from "./ai-sdk.ts";
import { claudeCode } from "./claude-code.ts";
import { genAi } from "./gen-ai.ts";
import { googleAdk } from "./google-adk.ts";
import { langSmith } from "./langsmith.ts";
import { logfire } from "./logfire.ts";
import { mastra } from "./mastra.ts";
import { openInference } from "./openinference.ts";
import { openLlmetry } from "./openllmetry.ts";
import { strands } from "./strands.ts";

/** All dialects. If several have a value for the same field of a span, the first one counts. */
export const dialects: readonly Dialect[] = [
  claudeCode,
  strands,
  googleAdk,
  genAi,
  openInference,
  openLlmetry,
  aiSdk,
  mastra,
  logfire,
  langSmith,
];
