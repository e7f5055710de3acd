import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createJudges } from "../../src/judge/judges.ts";
import { askTask, settingsWith } from "./support.ts";

const signal = new AbortController().signal;

interface Seen {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that answers every request with the same body, and records the requests. */
async function startServer(answer: object): Promise<{ baseUrl: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    seen.push({ url: request.url ?? "", headers: request.headers, body });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

describe("anthropic", () => {
  it("is called through its own API", async () => {
    const { baseUrl, seen } = await startServer({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-haiku-5-5",
      content: [{ type: "text", text: '{"task":"Book a table."}' }],
      stop_reason: "end_turn",
      usage: { input_tokens: 1, output_tokens: 1 },
    });
    const judges = createJudges(settingsWith({ anthropic: { apiKey: "sk-ant-1", baseUrl } }));
    const { model } = judges.resolve(null, { embeddings: false });
    expect(await askTask(judges.judgeFor(model))).toEqual({ task: "Book a table." });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe("/messages");
    expect(seen[0]?.headers["x-api-key"]).toBe("sk-ant-1");
    expect(seen[0]?.body).toMatchObject({ model: "claude-haiku-5-5", max_tokens: 8_192 });
    expect(JSON.stringify(seen[0]?.body["output_config"])).toContain('"required":["task"]');
  });
});

describe("google_genai", () => {
  it("is called through its own API", async () => {
    const { baseUrl, seen } = await startServer({
      candidates: [
        { content: { role: "model", parts: [{ text: '{"task":"Book a table."}' }] }, finishReason: "STOP" },
      ],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    });
    const judges = createJudges(settingsWith({ googleGenai: { apiKey: "AIza-1", baseUrl } }));
    const { model } = judges.resolve(null, { embeddings: false });
    expect(await askTask(judges.judgeFor(model))).toEqual({ task: "Book a table." });
    expect(seen[0]?.url).toBe("/models/gemini-3.6-flash:generateContent");
    expect(seen[0]?.headers["x-goog-api-key"]).toBe("AIza-1");
    expect(seen[0]?.body["generationConfig"]).toMatchObject({
      maxOutputTokens: 8_192,
      responseMimeType: "application/json",
    });
  });

  it("embeds", async () => {
    const { baseUrl, seen } = await startServer({ embeddings: [{ values: [1, 0] }, { values: [0, 1] }] });
    const judges = createJudges(settingsWith({ googleGenai: { apiKey: "AIza-1", baseUrl } }));
    const judge = judges.judgeFor("google_genai/gemini-3.6-flash");
    expect(await judge.embed(["a", "b"], signal)).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(seen[0]?.url).toBe("/models/gemini-embedding-001:batchEmbedContents");
  });
});

describe("openai without a base URL", () => {
  it("is OpenAI itself, without storing answers, and without a temperature for reasoning models", async () => {
    const warned = vi.spyOn(process, "emitWarning");
    onTestFinished(() => warned.mockRestore());
    const calls: { url: string; init: RequestInit | undefined }[] = [];
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      calls.push({ url, init });
      const content = [{ type: "output_text", text: '{"task":"Book a table."}', annotations: [] }];
      return Response.json({
        id: "resp_1",
        created_at: 0,
        model: "gpt-5.4-mini",
        output: [{ type: "message", role: "assistant", id: "msg_1", content }],
        usage: { input_tokens: 1, output_tokens: 1 },
      });
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const judges = createJudges(settingsWith({ openai: { apiKey: "sk-1", baseUrl: null } }));
    const { model } = judges.resolve(null, { embeddings: false });
    expect(await askTask(judges.judgeFor(model))).toEqual({ task: "Book a table." });
    expect(calls.map(({ url }) => url)).toEqual(["https://api.openai.com/v1/responses"]);
    const body = JSON.parse(String(calls[0]?.init?.body));
    expect(body).toMatchObject({ model: "gpt-5.4-mini", store: false, max_output_tokens: 8_192 });
    expect(body.text.format).toMatchObject({ type: "json_schema", strict: true, name: "task" });
    expect(body).not.toHaveProperty("temperature");
    // The AI SDK would warn about the dropped temperature, and once about its warnings.
    expect(warned).not.toHaveBeenCalled();
  });
});
