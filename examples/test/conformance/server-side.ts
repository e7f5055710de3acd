import { randomUUID } from "node:crypto";
import { addKey } from "../../../packages/server/test/http/support/add-key.ts";
import { startLlmServer } from "../../../packages/server/test/support/llm-server.ts";
import { startTestServer } from "../../../packages/server/test/support/test-server.ts";
import { createSide } from "./create-side.ts";
import type { Side } from "./side.ts";
import type { Transcript } from "./transcript.ts";

/** The server itself, with a judge behind it. */
export async function startServerSide(transcript: Transcript): Promise<Side & { close(): Promise<void> }> {
  let [isBroken, isHeld] = [false, false];
  const llm = await startLlmServer({
    fault: () =>
      isHeld
        ? { kind: "status", status: 429, headers: { "retry-after": "1" } }
        : isBroken
          ? { kind: "status", status: 400 }
          : undefined,
  });
  const server = await startTestServer({
    // Each operation is tried without a key.
    environment: { OPENAI_BASE_URL: llm.baseUrl, AUTH_FAILURES_PER_MINUTE: "1000" },
  });
  const where = { endpoint: server.url, apiKey: server.apiKey, ask: fetch };
  const side = createSide(where, transcript, {
    setJudgeBroken(value) {
      isBroken = value;
    },
    setHeld(value) {
      isHeld = value;
    },
    async newOrganization() {
      const name = `conformance ${randomUUID()}`;
      return addKey(server.database.url, name, { scopes: ["ingest", "read", "evaluate", "admin"] });
    },
  });
  return {
    ...side,
    async close() {
      await server.close();
      await llm.stop();
    },
  };
}
