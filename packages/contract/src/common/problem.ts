import { z } from "zod";

/** One error in a request, and where it is. */
export const ProblemError = z
  .object({
    loc: z
      .array(z.union([z.string(), z.int()]))
      .describe('Where: `["body", "metrics", 0]`, `["query", "limit"]`, `["path", "run_id"]`.'),
    msg: z.string().describe("What is wrong, for people."),
    type: z.string().describe("What is wrong, for programs."),
  })
  .meta({ id: "ProblemError" });
export type ProblemError = z.infer<typeof ProblemError>;

/** The body of every error: RFC 9457 `application/problem+json`. */
export const Problem = z
  .object({
    type: z.string().describe("A URI that identifies the kind of problem."),
    title: z.string().describe("The kind of problem, the same for every occurrence."),
    status: z.int().describe("The HTTP status."),
    detail: z.string().describe("What went wrong this time, and what to do about it."),
    code: z.string().describe("A stable code for programs, such as `unknown_metric`."),
    errors: z.array(ProblemError).optional().describe("The invalid fields, if there are any."),
    request_id: z.string().describe("Also in the `X-Request-ID` header. Quote it in reports."),
  })
  .meta({ id: "Problem", description: "An error, as RFC 9457 describes it." });
export type Problem = z.infer<typeof Problem>;

/** The statuses that any operation may answer with a {@link Problem}. `metadata.errors` says which it does. */
export const problemResponses = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  408: Problem,
  409: Problem,
  413: Problem,
  414: Problem,
  415: Problem,
  422: Problem,
  429: Problem,
  431: Problem,
  500: Problem,
  503: Problem,
} as const;
