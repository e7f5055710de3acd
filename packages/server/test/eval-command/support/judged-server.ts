import { onTestFinished } from "vitest";
import { type LlmServerOptions, startLlmServer } from "../../support/llm-server.ts";
import { type TestServer, useTestServer } from "../../support/test-server.ts";

/**
 * A server whose judge gives the trace that asks "What is n plus n?" the n-th of these scores, and a reason that names
 * it; `null` makes it fail.
 */
export async function useJudgedServer(
  scores: readonly (number | null)[],
  options: LlmServerOptions & { readonly reason?: (n: number) => string } = {},
): Promise<TestServer> {
  const numberOf = (text: string) => Number(/What is (\d+) plus/.exec(text)?.[1]);
  const llm = await startLlmServer({
    answer({ body }) {
      const n = numberOf(JSON.stringify(body));
      return { score: scores[n], reason: options.reason?.(n) ?? `Because it is number ${n}.` };
    },
    fault({ body }) {
      const failing = scores[numberOf(JSON.stringify(body))] === null;
      return failing ? { kind: "status", status: 400 } : undefined;
    },
    ...options,
  });
  onTestFinished(() => llm.stop());
  return useTestServer({ environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test" } });
}
