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
  /** The calls to a model, in the order in which they came. */
  callsOf(model: string): RecordedRequest[];
}

/**
 * A server that behaves like the gateways people use: how, is chosen by the name of the model (`behaviours`). A model that
 * is not listed answers as the usual ones do; what stands before an "@" is a name for the client alone. It speaks OpenAI's API and Anthropic's, and stops with the test.
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
