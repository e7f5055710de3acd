import { afterAll, beforeAll, describe } from "vitest";
import { type LlmServer, startLlmServer } from "../../packages/server/test/support/llm-server.ts";
import { startTestServer } from "../../packages/server/test/support/test-server.ts";
import { createSide } from "./conformance/create-side.ts";
import { describeConformance } from "./conformance/describe-conformance.ts";
import type { Side } from "./conformance/side.ts";

/* The same of the server itself: what is expected of the double is what the server does. */

let llm: LlmServer;
let server: Awaited<ReturnType<typeof startTestServer>>;
let side: Side;
const seen = new Set<string>();

beforeAll(async () => {
  let [isBroken, isHeld] = [false, false];
  llm = await startLlmServer({
    fault: () =>
      isHeld
        ? { kind: "status", status: 429, headers: { "retry-after": "5" } }
        : isBroken
          ? { kind: "status", status: 400 }
          : undefined,
  });
  server = await startTestServer({ environment: { OPENAI_BASE_URL: llm.baseUrl } });
  side = createSide({ endpoint: server.url, apiKey: server.apiKey }, seen, {
    setJudgeBroken(value) {
      isBroken = value;
    },
    setHeld(value) {
      isHeld = value;
    },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});

describe("the server", () => describeConformance(() => side, seen));
