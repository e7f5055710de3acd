import { type OtlpReceipt, ProblemError, Rejections, readLogs } from "@pandaprobe/contract/rules";
import { noteEvaluations } from "../scores/evaluations.ts";
import type { OtlpCall } from "./otlp-call.ts";

/** Stores the results of evaluations in a request, those of each resource in its project. */
export function receiveLogs({ request, named, store, open }: OtlpCall): OtlpReceipt {
  const rejections = new Rejections("log record");
  for (const [name, evaluations] of readLogs(request, named, rejections)) {
    try {
      noteEvaluations(store.world, open(name), evaluations);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      rejections.reject(evaluations.length, error.message);
    }
  }
  return rejections.summary();
}
