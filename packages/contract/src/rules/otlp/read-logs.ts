import { holdsMessages } from "../../otel/event-messages.ts";
import { shareOf, tooManyProjects } from "./project-shares.ts";
import { evaluationEvent, type OtelEvaluation, readEvaluation } from "./read-evaluation.ts";
import { type OtelMessage, readMessage } from "./read-message.ts";
import { projectOf } from "./read-span.ts";
import type { Rejections } from "./rejections.ts";
import { type Part, partOf, recordOf, textOf, UnreadableError } from "./values.ts";

/** What log records say about traces. */
export interface OtelLogs {
  readonly evaluations: OtelEvaluation[];
  readonly messages: OtelMessage[];
}

/**
 * The evaluation results and the messages of model calls in an `ExportLogsServiceRequest`, by the name of their
 * project. Other log records are rejected.
 *
 * @param project the project that the request names; `null` if each resource has its own.
 */
export function readLogs(
  request: object,
  project: string | null,
  rejections: Rejections,
): ReadonlyMap<string, OtelLogs> {
  const byProject = new Map<string, OtelLogs>();
  for (const resourceLogs of rejections.partsOf(request as Part, "resourceLogs")) {
    rejections.attempt(() => {
      const name = project ?? projectOf(recordOf(partOf(resourceLogs, "resource")));
      const logs = shareOf(byProject, name, (): OtelLogs => ({ evaluations: [], messages: [] }));
      for (const scope of rejections.partsOf(resourceLogs, "scopeLogs")) {
        const records = rejections.partsOf(scope, "logRecords");
        if (logs === undefined) rejections.reject(records.length, tooManyProjects);
        else
          for (const [at, record] of records.entries()) {
            rejections.attempt(() => addTo(logs, record, at));
          }
      }
    });
  }
  return byProject;
}

/** @throws UnreadableError */
function addTo({ evaluations, messages }: OtelLogs, record: Part, at: number): void {
  const name = eventName(record);
  if (name === evaluationEvent) evaluations.push(readEvaluation(record));
  else if (holdsMessages(name)) {
    const message = readMessage(record, name, at);
    if (message !== null) messages.push(message);
  } else {
    throw new UnreadableError(
      `only events ${evaluationEvent} and those with messages of a model call, such as gen_ai.user.message, are stored.`,
    );
  }
}

/** Older SDKs have no field for it. */
function eventName(record: Part): string {
  const name = textOf(record, "eventName") || recordOf(record)["event.name"];
  return typeof name === "string" ? name : "";
}
