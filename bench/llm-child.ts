import { startLlmServer } from "../packages/server/test/support/llm-server.ts";

/** The local provider in a process of its own, so that its CPU time is not measured. */
const llm = await startLlmServer({ latencyMs: Number(process.argv[2]) });
process.on("message", () => process.send?.({ calls: llm.requests.length, maxInFlight: llm.maxInFlight }));
process.send?.({ baseUrl: llm.baseUrl });
