import { readFile } from "node:fs/promises";
import { contract, type RouteMetadata } from "@pandaprobe/contract";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "../scripts/generated-files.ts";
import { operationsWithoutMethod, ownEntryPoints } from "../scripts/operations.ts";

describe("code generated from the contract", () => {
  it.each(Object.entries(generatedFiles()))("%s is up to date", async (name, text) => {
    const committed = await readFile(new URL(`../src/generated/${name}`, import.meta.url), "utf8");
    expect(committed, "The contract has changed: run `pnpm --filter @pandaprobe/sdk generate`.").toBe(text);
  });

  it("is the same every time", () => {
    expect(generatedFiles()).toEqual(generatedFiles());
  });
});

describe("the client, beside the contract", () => {
  const operations = Object.values(contract).flatMap((group) => Object.entries(group));

  it("has a method for every operation except those left out on purpose", () => {
    const withoutMethod = operations.map(([id]) => id).filter((id) => !(id in PandaProbe.prototype));
    const { admin, metrics, review } = ownEntryPoints;
    expect(withoutMethod.sort()).toEqual(
      [...admin, ...metrics, ...review, ...operationsWithoutMethod].sort(),
    );
    expect(admin.filter((id) => !(id in PandaProbeAdmin.prototype))).toEqual([]);
    expect(metrics.filter((id) => !(id in PandaProbeMetrics.prototype))).toEqual([]);
    expect(review.filter((id) => !(id in PandaProbeReview.prototype))).toEqual([]);
  });

  it("names its methods with a verb and a noun", () => {
    const verbs =
      /^(cancel|claim|compare|complete|compute|create|delete|estimate|get|list|pause|put|release|resume|retry|revoke|rotate|skip|stream|tag|trigger|try|update)([A-Z][a-z]+)+$/;
    expect(operations.map(([id]) => id).filter((id) => !verbs.test(id))).toEqual([]);
  });

  it("retries a POST that writes only if it takes an idempotency key", () => {
    // Trying a metric stores no score. Repeating a step of a review changes nothing.
    const harmless = [
      "tryMetric",
      "claimReviewItem",
      "completeReviewItem",
      "skipReviewItem",
      "releaseReviewItem",
    ];
    const unsafe = operations.filter(([id, route]) => {
      const { requestHeaders = {}, scope } = route.metadata as RouteMetadata;
      return (
        route.method === "POST" &&
        scope !== "read" &&
        !harmless.includes(id) &&
        !("Idempotency-Key" in requestHeaders)
      );
    });
    expect(unsafe.map(([id]) => id)).toEqual(["createApiKey", "rotateApiKey"]);
  });
});
