import fc from "fast-check";
import { KnownId } from "./known-things.ts";

/*
 * The schema of many fields is just a string, and the server has rules for its content. These values, by field name,
 * obey the rules, so that generated requests also get past them.
 */

const traceMetrics = ["task_completion", "coherence", "confidence", "tool_correctness"];
const sessionMetrics = ["agent_reliability", "agent_consistency"];
const signals = ["confidence", "loop_detection", "tool_correctness", "coherence"];

const traceId = fc.nat(5).map((index) => new KnownId("trace", index));

const share = fc.constantFrom(0, 0.25, 0.5, 1);

function metricNames(place: string): string[] {
  return place.includes("session") ? sessionMetrics : traceMetrics;
}

/** Values that make sense in a field of this name; `undefined` if any value of its schema does. */
export function meaningfulValue(field: string, place: string): fc.Arbitrary<unknown> | undefined {
  if (place.endsWith("/try")) {
    // Each excludes the others.
    if (["session_ids", "definition"].includes(field)) return fc.constant(null);
    if (field === "trace_ids") return fc.array(traceId, { minLength: 1, maxLength: 2 });
    if (field === "version") return fc.constantFrom(null, 1);
  }
  if (place.includes("review-queues")) {
    // Most queues have the same metrics, so that scores fit them.
    if (field === "metrics")
      return fc.constant([{ name: "coherence" }, { name: "ok", data_type: "BOOLEAN" }]);
    if (field === "scores") {
      const [metric, label] = [
        { name: "coherence", value: "0.5" },
        { name: "ok", value: "true" },
      ];
      return fc.constantFrom([metric], [label], [metric, label]);
    }
    if (field === "reviewer") return fc.constantFrom("ana", "ben");
    if (field === "order") return fc.constantFrom("random", "random", "disagreement", "uncertainty");
    if (field === "from") return fc.constantFrom({}, { filters: {} }, { filters: { release: "a" } });
    if (field === "target_type") return fc.constantFrom("TRACE", "TRACE", "SESSION");
  }
  switch (field) {
    case "metrics":
      return place.includes("monitors")
        ? fc.constantFrom(traceMetrics.slice(0, 2), sessionMetrics)
        : fc.subarray(metricNames(place), { minLength: 1, maxLength: 2 });
    case "metric":
    case "metric_name":
      return fc.constantFrom(...metricNames(place), "quality");
    case "model":
      return fc.constantFrom("heuristic/v1", "heuristic/v1", "heuristic/v1", "gpt-5.4");
    // Requests with a model refuse them.
    case "judges":
    case "aggregate":
      return fc.constant(null);
    case "thresholds":
      return fc.dictionary(fc.constantFrom(...metricNames(place)), share, { maxKeys: 2 });
    case "signal_weights":
      return fc.dictionary(fc.constantFrom(...signals), share, { maxKeys: 4 });
    case "target_type":
      return fc.constantFrom("TRACE", "SESSION");
    case "cadence":
      return fc.constantFrom("every_6h", "daily", "weekly", "cron:0 9 * * 1", "cron:*/15 * * * *");
    case "timezone":
      return fc.constantFrom("UTC", "Europe/Berlin", "America/New_York");
    case "value":
      return fc.constantFrom("0.85", "1", ".5", "0", "true", "false", "PASS");
    case "name":
      return fc.constantFrom("quality", "coherence", "a run", "trace");
    case "environment":
    case "release":
    case "user_id":
      return fc.constantFrom("a", "b");
    case "tags":
    case "add_tags":
    case "remove_tags":
      return fc.array(fc.constantFrom("production", "a,b", "%"), { maxLength: 3 });
    case "input":
      return fc.constantFrom("What is the weather in Paris?", { question: "Who wrote Faust?" });
    case "output":
      return fc.constantFrom("It is sunny in Paris.", { answer: "Goethe wrote Faust." });
    case "token_usage":
      return fc.record({ prompt_tokens: fc.nat(1000), completion_tokens: fc.nat(1000) });
    default:
      return undefined;
  }
}
