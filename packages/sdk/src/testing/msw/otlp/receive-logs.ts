import { type OtlpReceipt, ProblemError, Rejections, readLogs } from "@pandaprobe/contract/rules";
import { noteEvaluations } from "../scores/evaluations.ts";
import { noteMessages } from "../traces/logged-messages.ts";
import type { OtlpCall } from "./otlp-call.ts";

/**
 * Stores the evaluation results and the messages of model calls in a request, those of each resource in its
 * project.
 */
export function receiveLogs({ request, named, store, open }: OtlpCall): OtlpReceipt {
  const rejections = new Rejections("log record");
  for (const [name, { evaluations, messages }] of readLogs(request, named, rejections)) {
    try {
      const project = open(name);
      noteEvaluations(store.world, project, evaluations);
      noteMessages(store.world, project, messages);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      rejections.reject(evaluations.length + messages.length, error.message);
    }
  }
  return rejections.summary();
}
