import { shareOf, tooManyProjects } from "./project-shares.ts";
import { type OtelEvaluation, readEvaluation } from "./read-evaluation.ts";
import { projectOf } from "./read-span.ts";
import type { Rejections } from "./rejections.ts";
import { type Part, partOf, recordOf } from "./values.ts";

/**
 * The results of evaluations in an `ExportLogsServiceRequest`, by the name of their project. Other log records are
 * rejected.
 *
 * @param project the project that the request names; `null` if each resource has its own.
 */
export function readLogs(
  request: object,
  project: string | null,
  rejections: Rejections,
): ReadonlyMap<string, readonly OtelEvaluation[]> {
  const byProject = new Map<string, OtelEvaluation[]>();
  for (const resourceLogs of rejections.partsOf(request as Part, "resourceLogs")) {
    rejections.attempt(() => {
      const name = project ?? projectOf(recordOf(partOf(resourceLogs, "resource")));
      const evaluations = shareOf(byProject, name, (): OtelEvaluation[] => []);
      for (const scope of rejections.partsOf(resourceLogs, "scopeLogs")) {
        const records = rejections.partsOf(scope, "logRecords");
        if (evaluations === undefined) rejections.reject(records.length, tooManyProjects);
        else
          for (const record of records) {
            rejections.attempt(() => evaluations.push(readEvaluation(record)));
          }
      }
    });
  }
  return byProject;
}
