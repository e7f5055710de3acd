import type { ApiPromise, PandaProbeOptions, RequestOptions } from "@pandaprobe/sdk";
import type { Agreement, ComputeAgreementRequest } from "../generated/types.ts";
import { OpenRequests } from "../open-requests.ts";

/**
 * Compares judges with people. Options, retries and errors are those of the client in `@pandaprobe/sdk`.
 *
 * @example
 * ```ts
 * import { PandaProbeReview } from "@pandaprobe/sdk/review";
 *
 * const review = new PandaProbeReview();
 * const { n, kappa, kappa_ci } = await review.computeAgreement({ metric: "task_completion" });
 * ```
 */
export class PandaProbeReview {
  readonly #requests: OpenRequests;

  /** @throws PandaProbeError or TypeError, as the client of `@pandaprobe/sdk`. */
  constructor(options: PandaProbeOptions = {}) {
    this.#requests = new OpenRequests(options);
  }

  /**
   * Computes how far a judge agrees with people, over the traces that both scored: κ, error rates, and the pass rate that
   * people would find. Rates are from 0 to 1, and `null` where there are too few traces.
   *
   * @throws ValidationError for a threshold outside 0 to 1.
   * @example
   * ```ts
   * const { pass_rate, not_enough } = await review.computeAgreement({
   *   metric: "task_completion",
   *   judge: { model: "openai/gpt-5.4" },
   *   split: "test",
   * });
   * ```
   */
  computeAgreement(body: ComputeAgreementRequest, options?: RequestOptions): ApiPromise<Agreement> {
    const route = ["POST", "/evaluations/agreements"] as const;
    return this.#requests.request("computeAgreement", route, [], { body }, options);
  }
}
