import { describe, expect, it } from "vitest";
import { createJudges } from "../../src/judge/judges.ts";
import { settingsWith } from "./support.ts";

describe("the list of providers", () => {
  it("names the missing environment variable", () => {
    const rows = createJudges(settingsWith({})).listProviders();
    expect(rows.map(({ key, available }) => [key, available])).toEqual([
      ["openai", false],
      ["anthropic", false],
      ["google_genai", false],
      ["vertex_ai", false],
      ["heuristic", true],
    ]);
    const messages = Object.fromEntries(rows.map(({ key, message }) => [key, message]));
    expect(messages["openai"]).toContain("OPENAI_API_KEY");
    expect(messages["anthropic"]).toContain("ANTHROPIC_API_KEY");
    expect(messages["google_genai"]).toContain("GEMINI_API_KEY");
    expect(messages["vertex_ai"]).toContain("GOOGLE_CLOUD_PROJECT");
  });

  it("has exactly the five fields of the API, and no secrets", () => {
    const settings = settingsWith({
      openai: { apiKey: "sk-secret-1", baseUrl: "http://127.0.0.1:1/v1?key=secret-2" },
      anthropic: { apiKey: "sk-ant-secret-3", baseUrl: null },
      googleGenai: { apiKey: "AIza-secret-4", baseUrl: null },
      vertexAi: { project: "secret-project", location: null },
    });
    const rows = createJudges(settings).listProviders();
    expect(rows.every(({ available }) => available)).toBe(true);
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual(["available", "description", "key", "message", "name"]);
    }
    expect(JSON.stringify(rows)).not.toContain("secret");
  });
});
