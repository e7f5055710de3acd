import type { MaskedContent } from "@pandaprobe/contract";
import { malformedJson, maskContent, parseExactContent } from "@pandaprobe/contract/rules";
import { parseStorableJson } from "../db/storable.ts";
import { type CompiledMasking, compileMasking } from "../masking/compile-masking.ts";
import type { MaskingRules } from "../masking/masking-rules.ts";

export interface MaskTask {
  readonly body: Uint8Array;
  readonly content: MaskedContent;
  readonly rules: MaskingRules;
}

/** Parses a request's JSON and applies the masking rules. @returns JSON. @throws ProblemError `malformed_json` */
export function maskBody({ body, content, rules }: MaskTask): string {
  const parsed = parseBody(Buffer.from(body.buffer, body.byteOffset, body.length));
  return JSON.stringify(maskContent(maskingOf(rules), content, parsed));
}

/** @throws ProblemError `malformed_json` */
export function parseBody(body: Buffer): unknown {
  try {
    return parseStorableJson(body.toString("utf8"), parseExactContent);
  } catch (error) {
    throw malformedJson(error instanceof SyntaxError ? error.message : "it could not be read");
  }
}

/** The compiled rules; `null` if there are none. */
export function latestMasking(rules: MaskingRules): CompiledMasking | null {
  return Object.keys(rules).length === 0 ? null : maskingOf(rules);
}

let latest: { readonly rules: string; readonly masking: CompiledMasking } | undefined;

/** A server has the same rules for every request, so they are compiled once in each thread. */
function maskingOf(rules: MaskingRules): CompiledMasking {
  const key = JSON.stringify(rules);
  if (latest?.rules !== key) latest = { rules: key, masking: compileMasking(rules) };
  return latest.masking;
}
