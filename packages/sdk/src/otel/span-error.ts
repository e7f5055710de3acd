import type { OtelSpan } from "./otel-span.ts";

/** The code of a status that says that the operation failed. */
export const errorStatus = 2;

/** What went wrong: the last exception that the span tells of, else what its status says, else of which type it was. */
export function spanError({ status, events, attributes }: OtelSpan): string | undefined {
  const exception = events.findLast(({ name }) => name === "exception")?.attributes ?? {};
  const { "exception.type": type, "exception.message": message } = exception;
  const said = [type, message].filter((part) => typeof part === "string" && part !== "").join(": ");
  if (said !== "" && status.code === errorStatus) return said;
  if (status.message !== undefined && status.message !== "") return status.message;
  const errorType = attributes["error.type"];
  return status.code === errorStatus && typeof errorType === "string" ? errorType : undefined;
}
