import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { expect, it } from "vitest";
import { otherOperations } from "../scripts/operations.ts";
import { apiKey } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

it("covers every operation", () => {
  expect(otherOperations("review").map(({ id }) => id)).toEqual(["computeAgreement"]);
});

it("computeAgreement sends what the contract describes", async () => {
  await using server = await startTestServer((response) => sendJson(response, 200, { n: 30 }));
  const review = new PandaProbeReview({ ...server, apiKey, projectName: "shop" });
  const body = { metric: "quality", split: "test" } as const;
  await expect(review.computeAgreement(body)).resolves.toEqual({ n: 30 });
  const [request] = server.requests;
  expect(`${request?.method} ${request?.url}`).toBe("POST /evaluations/agreements");
  expect(request?.body).toBe(JSON.stringify(body));
  expect(request?.headers).toMatchObject({ "x-api-key": apiKey, "x-project-name": "shop" });
});
