import type { MetricResult } from "@pandaprobe/contract/rules";
import type { Trace } from "../trace.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { checkContains, checkExactMatch } from "./check-output.ts";
import { type Check, type CheckDefinition, checked, notApplicable } from "./check-result.ts";
import { checkToolSequence } from "./check-tool-sequence.ts";

const checks: { readonly [Kind in CheckDefinition["kind"]]: Check<Kind> } = {
  tool_sequence: checkToolSequence,
  exact_match: checkExactMatch,
  contains: checkContains,
  json_schema: checkJsonSchema,
  latency({ max_ms }, { started_at, ended_at }) {
    if (ended_at === null) return notApplicable("no_end", "the trace has not ended.");
    const ms = Date.parse(ended_at) - Date.parse(started_at);
    return checked(ms <= max_ms, `The trace took ${ms} ms; at most ${max_ms} are allowed.`, {
      latency_ms: ms,
    });
  },
  cost({ max_usd }, { cost_usd: usd = null }) {
    if (usd === null) return notApplicable("no_cost", "no span of the trace has a cost.");
    return checked(usd <= max_usd, `The trace cost ${usd} USD; at most ${max_usd} are allowed.`, {
      cost_usd: usd,
    });
  },
  no_errors(_definition, { status, spans }) {
    const failed = spans.filter((span) => span.status === "ERROR");
    const named = failed.slice(0, mostNamed).map(({ name }) => JSON.stringify(name));
    const count = failed.length;
    const reasons = [
      ...(status === "ERROR" ? ["The trace ended in an error."] : []),
      ...(count > 0
        ? [
            `${count} of ${spans.length} spans ended in an error: ${named.join(", ")}${count > mostNamed ? ", …" : ""}.`,
          ]
        : []),
    ];
    const spanIds = failed.slice(0, mostNamed).map(({ span_id }) => span_id);
    return checked(reasons.length === 0, reasons.join(" ") || "Nothing ended in an error.", {
      spans: spanIds,
    });
  },
};

/** How many failed spans a score names. */
const mostNamed = 20;

export function runCheck(definition: CheckDefinition, trace: Trace): MetricResult {
  // The check of a kind takes the definitions of that kind, which TypeScript cannot follow here.
  const check = checks[definition.kind] as Check<CheckDefinition["kind"]>;
  return check(definition as never, trace);
}
