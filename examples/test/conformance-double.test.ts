import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, describe } from "vitest";
import { createSide } from "./conformance/create-side.ts";
import { describeConformance } from "./conformance/describe-conformance.ts";

/* The double that the SDK's users test with: it does what the server does, or it is no use. */

const endpoint = "http://127.0.0.1:8000";
const apiKey = `sk_pp_${"0".repeat(64)}`;
const pandaProbe = mockPandaProbe({ endpoint, apiKeys: [apiKey], providers: ["openai"] });
const server = setupServer(...pandaProbe.handlers);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => server.close());

const seen = new Set<string>();
const side = createSide({ endpoint, apiKey }, seen, {
  setJudgeBroken(isBroken) {
    if (isBroken) pandaProbe.scores.fail("*", "The judge gave no answer.");
    else pandaProbe.scores.reset();
  },
  setHeld(isHeld) {
    pandaProbe.runs.targetMs = isHeld ? Number.POSITIVE_INFINITY : 0;
  },
});

describe("the double", () => describeConformance(() => side, seen));
