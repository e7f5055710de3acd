import * as sdk from "@pandaprobe/sdk";
import * as admin from "@pandaprobe/sdk/admin";
import * as metrics from "@pandaprobe/sdk/metrics";
import * as openaiAgents from "@pandaprobe/sdk/openai-agents";
import * as otel from "@pandaprobe/sdk/otel";
import * as review from "@pandaprobe/sdk/review";
import * as cases from "@pandaprobe/sdk/testing/cases";
import * as matchers from "@pandaprobe/sdk/testing/matchers";
import * as msw from "@pandaprobe/sdk/testing/msw";
import * as vitest from "@pandaprobe/sdk/testing/vitest";
import * as traces from "@pandaprobe/sdk/traces";
import * as tracing from "@pandaprobe/sdk/tracing";
import * as validate from "@pandaprobe/sdk/validate";
import { expect, it } from "vitest";
import { publicNames } from "./support/public-names.ts";

// `testing/jest` needs a global `expect`. A test of the package checks that it declares the same names.
it.each([
  ["index", sdk],
  ["admin", admin],
  ["metrics", metrics],
  ["review", review],
  ["openai-agents", openaiAgents],
  ["otel", otel],
  ["testing/cases", cases],
  ["testing/matchers", matchers],
  ["testing/msw", msw],
  ["testing/vitest", vitest],
  ["traces", traces],
  ["tracing", tracing],
  ["validate", validate],
] as const)("exports these names, and no others, from %s", (entry, exported) => {
  expect(Object.keys(exported).sort()).toEqual(publicNames[entry].values);
});
