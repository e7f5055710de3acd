import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import { getResponse } from "msw";
import { createSide } from "./create-side.ts";
import { judge } from "./samples.ts";
import type { Side } from "./side.ts";
import type { Transcript } from "./transcript.ts";

const endpoint = "http://127.0.0.1:8000";
const adminKey = `sk_pp_${"1".repeat(64)}`;
const apiKey = `sk_pp_${"0".repeat(64)}`;

/** The mock server of the SDK. Its handlers are called directly, without intercepting requests. */
export function createMockSide(transcript: Transcript): Side {
  const pandaProbe = mockPandaProbe({
    endpoint,
    apiKeys: [{ key: apiKey, scopes: ["ingest", "read", "evaluate"] }],
    providers: ["openai"],
    unpriced: [judge],
  });
  // A mock server has one organization, so each additional one needs a mock server of its own.
  let organization = pandaProbe;
  const ask = async (request: Request) => {
    const { handlers } = request.headers.get("x-api-key") === apiKey ? pandaProbe : organization;
    return (await getResponse(handlers, request)) ?? Promise.reject(new Error("No handler answered."));
  };
  return createSide({ endpoint, apiKey, ask }, transcript, {
    setJudgeBroken(isBroken) {
      if (isBroken) pandaProbe.scores.fail("*", "The judge gave no answer.");
      else pandaProbe.scores.reset();
    },
    setHeld(isHeld) {
      pandaProbe.runs.targetMs = isHeld ? Number.POSITIVE_INFINITY : 0;
    },
    async newOrganization() {
      organization = mockPandaProbe({ endpoint, apiKeys: [adminKey], providers: ["openai"] });
      return adminKey;
    },
  });
}
