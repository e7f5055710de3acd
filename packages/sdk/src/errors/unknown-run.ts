import { NotFoundError } from "./not-found-error.ts";

/** The error of an id that no run of the project has, whatever it would be over. @param cause what the last look met. */
export function unknownRun(runId: string, projectName: string, cause: NotFoundError): NotFoundError {
  const message = `The project "${projectName}" has no run ${runId}, over traces or sessions. Check the id and \`projectName\`.`;
  return new NotFoundError(message, { ...cause, detail: message, cause });
}
