import { createHash } from "node:crypto";
import type { AnswerKey } from "./ledger.ts";

/** The same for the same model, settings and question, in whichever process and order of keys. */
export function answerKey(question: unknown): AnswerKey {
  return createHash("sha256").update(stableJson(question)).digest("hex");
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
