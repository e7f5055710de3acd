import { describeOwnMetric, type OwnMetric } from "@pandaprobe/contract/rules";
import type { TraceMetric } from "../metric.ts";
import { checklistStage, judgeChecklist } from "./checklist.ts";
import { runCheck } from "./checks.ts";
import { judgeScale, scaleStage } from "./scale.ts";

/** How many metrics are cached. */
const mostKept = 200;
const kept = new Map<string, TraceMetric>();

/** A project's own metric, which is evaluated like a built-in one. */
export function createOwnMetric(own: OwnMetric): TraceMetric {
  // Making the schema of a question costs more than looking it up.
  const key = JSON.stringify([own.name, own.version, own.definition]);
  const metric = kept.get(key) ?? fromDefinition(own);
  kept.delete(key);
  kept.set(key, metric);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
  return metric;
}

function fromDefinition(own: OwnMetric): TraceMetric {
  const { definition, version } = own;
  const base = { ...describeOwnMetric(own), version, embeds: false };
  // So that two versions share no answers within a run.
  const stageName = `${own.name}.v${version}`;
  switch (definition.kind) {
    case "checklist": {
      const stage = checklistStage(stageName, definition);
      return {
        ...base,
        stages: { checklist: stage },
        evaluate: (subject, judge, signal) => judgeChecklist(stage, definition, subject, judge, signal),
      };
    }
    case "scale": {
      const stage = scaleStage(stageName, definition);
      return {
        ...base,
        stages: { scale: stage },
        evaluate: (subject, judge, signal) => judgeScale(stage, definition, subject, judge, signal),
      };
    }
    default:
      return {
        ...base,
        stages: {},
        needsThread: definition.kind === "json_schema",
        evaluate: async ({ trace }) => runCheck(definition, trace),
      };
  }
}
