import type { MaskedContent } from "@pandaprobe/contract";
import { maskContent } from "@pandaprobe/contract/rules";
import type { Intake } from "../compute/intake.ts";
import { parseBody } from "../compute/mask-body.ts";
import { type CompiledMasking, compileMasking } from "../masking/compile-masking.ts";
import type { MaskingRules } from "../masking/masking-rules.ts";

/** Bytes, for one pattern: about 20 ms. */
const mostHere = 64_000;

/** Masks bodies of requests: small ones at once, large ones in a thread. */
export class BodyMasking {
  readonly #masking: CompiledMasking;
  readonly #intake: Intake;

  constructor(rules: MaskingRules, intake: Intake) {
    this.#masking = compileMasking(rules);
    this.#intake = intake;
  }

  /**
   * The parsed body, masked.
   *
   * @param key the API key; keys take turns.
   * @throws ProblemError `malformed_json`, `body_too_large`
   */
  async parse(content: MaskedContent, body: Buffer, key: string, gone: AbortSignal): Promise<unknown> {
    if (body.length * Math.max(1, this.#masking.weight) <= mostHere) {
      return maskContent(this.#masking, content, parseBody(body));
    }
    return JSON.parse(await this.#intake.maskBody({ content, body }, key, gone));
  }
}
