import { requestRefusal } from "@pandaprobe/contract";
import { type ProblemError, refusalProblem } from "@pandaprobe/contract/rules";

type Issues = { readonly issues: readonly unknown[] } | null;

/** What the contract's schemas refused, as a problem. */
export function validationProblem(error: {
  readonly pathParams: Issues;
  readonly query: Issues;
  readonly body: Issues;
}): ProblemError {
  return refusalProblem(
    requestRefusal({
      path: error.pathParams?.issues,
      query: error.query?.issues,
      body: error.body?.issues,
    }),
  );
}
