import { type AvailableTool, readAvailableTools } from "../../../metrics/reading/available-tools.ts";
import type { ToolCall } from "../../../metrics/reading/tool-call.ts";
import { trimText } from "../../../metrics/trim/text.ts";
import { createSchemaCheck, type SchemaCheck } from "../compare/check-schema.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { heuristicReason } from "../finding.ts";

/** A call with its number among all calls of the trace, from 1. */
interface NumberedCall extends ToolCall {
  readonly call: number;
}

interface ArgumentVerdict {
  verdict: "yes" | "no";
  reason: string;
}

/** Placeholders that a model writes if it has no value. */
const PLACEHOLDER =
  /^(?:unknown|undefined|null|none|n\/?a|tbd|todo|xxx+|\?+|your[_ -].*|<.*>|\[.*\]|\{\{.*\}\}|string|example|placeholder|lorem ipsum.*)$/i;

/** A longer text is not a placeholder. */
const MAX_PLACEHOLDER_CHARS = 500;
const MAX_REASON = 600;

/** Words of an error that blames the arguments. */
const BLAMES_ARGUMENTS =
  /invalid|missing|required|argument|parameter|must be|expected|not a valid|unknown (?:field|column|key|option)|no such|does not exist|not found|malformed|bad request|schema|type ?error|fehlt|ungültig|muss|invalide|manquant|inválid|falta|mancante|不正|無効|必須|无效|缺少|잘못된|필수|غير صالح|неверн|недопустим/i;

/** One verdict per call, by the tool's schema, by placeholders in the arguments, and by the error of the call. */
export function judgeArguments(
  evidence: Evidence,
  calls: readonly NumberedCall[],
): { verdicts: (ArgumentVerdict & { call: number })[] } {
  const schemas = new Map(readAvailableTools(evidence.trace).map((tool) => [tool.name, tool]));
  const check = createSchemaCheck();
  return {
    verdicts: calls.map((call) => ({
      call: call.call,
      ...judge(call, schemas.get(call.name), {
        check,
        failure: evidence.calls[call.call - 1]?.failure ?? null,
      }),
    })),
  };
}

function judge(
  call: ToolCall,
  tool: AvailableTool | undefined,
  { check, failure }: { check: SchemaCheck; failure: string | null },
): ArgumentVerdict {
  const violations = tool?.schema == null ? [] : check(call.parameters, tool.schema);
  if (violations.length > 0) return no(`${call.name}: ${violations.slice(0, 3).join("; ")}`);
  const empty = Object.entries(call.parameters).find(
    ([, value]) =>
      typeof value === "string" && value.length <= MAX_PLACEHOLDER_CHARS && PLACEHOLDER.test(value),
  );
  if (empty !== undefined)
    return no(`${call.name}: ${empty[0]} is the placeholder ${JSON.stringify(empty[1])}`);
  if (failure !== null && BLAMES_ARGUMENTS.test(failure))
    return no(`${call.name}: the call failed with "${failure}"`);
  const schema = tool?.schema == null ? "no schema is declared" : "they fit the declared schema";
  return {
    verdict: "yes",
    reason: heuristicReason(`${call.name}: no problem found with the arguments (${schema})`),
  };
}

function no(text: string): ArgumentVerdict {
  return { verdict: "no", reason: heuristicReason(trimText(text, MAX_REASON)) };
}

/** Summarizes the verdicts in one sentence. */
export function summarizeVerdicts(
  verdicts: readonly { name: string; verdict: "yes" | "no"; reason: string }[],
): string {
  const wrong = verdicts.filter(({ verdict }) => verdict === "no");
  const share = `no problem found with the arguments of ${verdicts.length - wrong.length} of ${verdicts.length} calls`;
  const named = wrong
    .slice(0, 3)
    .map(({ reason }) => reason.replace(/^Heuristic judge: /, "").replace(/\.$/, ""));
  return heuristicReason([share, ...named].join("; "));
}
