import { onTestFinished } from "vitest";
import {
  type LlmServer,
  type LlmServerOptions,
  type RecordedRequest,
  startLlmServer,
} from "../llm-server.ts";
import { zooCall } from "./behaviour.ts";
import { behaviours } from "./behaviours.ts";

export interface Zoo extends Pick<LlmServer, "baseUrl" | "requests"> {
  /** The calls to a model, in order of arrival. */
  callsOf(model: string): RecordedRequest[];
}

/**
 * Starts a server that behaves like real gateways. The name of the model chooses the behaviour (`behaviours`); an unknown model
 * answers as usual, and a prefix before "@" is ignored. Supports OpenAI's API and Anthropic's, and stops with the test.
 */
export async function useZoo(options: Pick<LlmServerOptions, "latencyMs" | "usage"> = {}): Promise<Zoo> {
  const counts = new Map<string, number>();
  const server = await startLlmServer({
    ...options,
    fault(request) {
      const { model } = request.body;
      const n = (counts.get(model) ?? 0) + 1;
      counts.set(model, n);
      return behaviours[model.slice(model.indexOf("@") + 1)]?.(zooCall(request, n));
    },
  });
  onTestFinished(() => server.stop());
  const { baseUrl, requests } = server;
  return { baseUrl, requests, callsOf: (model) => requests.filter(({ body }) => body.model === model) };
}
