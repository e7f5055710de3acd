import { readFileSync } from "node:fs";
import * as agents from "@openai/agents-core";
import { OpenAIProvider } from "@openai/agents-openai";
import type { TraceCreate } from "@pandaprobe/sdk";
import * as pandaprobe from "@pandaprobe/sdk/openai-agents";
import { afterEach, expect, test, vi } from "vitest";
import { sendJson, startTestServer } from "../support/test-server.ts";
import { startModelServer } from "./model-server.ts";

/** The modules of the guide's program. `@openai/agents` exports what its core does. */
const modules: Readonly<Record<string, object>> = {
  "@openai/agents": agents,
  "@pandaprobe/sdk/openai-agents": pandaprobe,
};

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

afterEach(() => {
  agents.setTracingDisabled(true);
  vi.unstubAllEnvs();
});

test("the guide's program sends the trace of its run", async () => {
  const page = readFileSync(new URL("../../../../docs/opentelemetry.md", import.meta.url), "utf8");
  const [, program = ""] = /^```js\n(import \{ addTraceProcessor.*?)^```$/ms.exec(page) ?? [];
  const traces: TraceCreate[] = [];
  await using server = await startTestServer((response, { body }) => {
    if (body !== "") traces.push(...(JSON.parse(body) as { traces: TraceCreate[] }).traces);
    sendJson(response, 202, { items: [], accepted: 0, rejected: 0 });
  });
  await using model = await startModelServer([{ text: "It is." }]);
  vi.stubEnv("PANDAPROBE_API_KEY", "sk_pp_test");
  vi.stubEnv("PANDAPROBE_PROJECT_NAME", "my-agent");
  vi.stubEnv("PANDAPROBE_ENDPOINT", server.endpoint);
  const baseURL = `${model.endpoint}/v1`;
  agents.setDefaultModelProvider(new OpenAIProvider({ apiKey: "a", baseURL }));
  // The library traces nothing in tests by default.
  agents.setTracingDisabled(false);

  const known = {
    agent: new agents.Agent({ name: "support", model: "gpt-5.4-mini" }),
    ...importedBy(program),
  };
  const statements = program.replaceAll(/^import .*;\n/gm, "");
  await new AsyncFunction(...Object.keys(known), statements)(...Object.values(known));

  expect(traces).toMatchObject([
    { name: "support-agent", session_id: "chat-42", user_id: "u-7", metadata: { plan: "pro" } },
  ]);
});

/** What a program imports, by name. */
function importedBy(program: string): Record<string, unknown> {
  const imports = [...program.matchAll(/^import \{ (.*) \} from "(.*)";$/gm)];
  const found = imports.flatMap(([, names = "", from = ""]) => {
    const exported = Object.entries(modules[from] ?? {});
    return names.split(", ").map((name) => exported.find(([each]) => each === name) ?? [name, undefined]);
  });
  return Object.fromEntries(found) as Record<string, unknown>;
}
