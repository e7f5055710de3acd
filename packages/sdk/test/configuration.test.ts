import { inspect } from "node:util";
import type { Fetch } from "@pandaprobe/sdk";
import { isPandaProbeError, PandaProbe } from "@pandaprobe/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiKey, testClient } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

const variables = ["PANDAPROBE_API_KEY", "PANDAPROBE_PROJECT_NAME", "PANDAPROBE_ENDPOINT"];

describe("configuration", () => {
  beforeEach(() => {
    for (const name of variables) vi.stubEnv(name, undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  it("comes from the environment by default", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, []));
    vi.stubEnv("PANDAPROBE_API_KEY", ` ${apiKey}\n`);
    vi.stubEnv("PANDAPROBE_PROJECT_NAME", "from-environment");
    vi.stubEnv("PANDAPROBE_ENDPOINT", `${server.endpoint}/base/`);
    await new PandaProbe().listProviders();
    await new PandaProbe({ projectName: "from-options" }).listProviders();
    expect(
      server.requests.map(({ url, headers }) => [url, headers["x-api-key"], headers["x-project-name"]]),
    ).toEqual([
      ["/base/evaluations/providers", apiKey, "from-environment"],
      ["/base/evaluations/providers", apiKey, "from-options"],
    ]);
  });

  it("uses the local server by default", async () => {
    const urls: string[] = [];
    const fetch = async (url: string) => {
      urls.push(url);
      return Response.json([]);
    };
    await testClient({ fetch }).listProviders();
    expect(urls).toEqual(["http://127.0.0.1:8000/evaluations/providers"]);
  });

  it("sends headers given in any form; the call's override the client's, which override the defaults", async () => {
    const seen: Record<string, string>[] = [];
    const fetch: Fetch = async (_url, { headers }) => {
      seen.push(headers);
      return Response.json([]);
    };
    const client = testClient({ fetch, headers: new Headers({ "X-Team": "a", "x-proxy": "b" }) });
    await client.listProviders({ headers: [["x-team", "c"]] });
    await client.withOptions({ headers: new Map([["X-Team", "d"]]) }).listProviders({
      headers: new Headers({ "x-project-name": "another" }),
    });
    expect(seen).toMatchObject([
      { "x-team": "c", "x-proxy": "b", "x-project-name": "my-agent" },
      { "x-team": "d", "x-proxy": "b", "x-project-name": "another" },
    ]);
  });

  it("works without a global process, and if reading the environment is forbidden", () => {
    vi.stubGlobal("process", undefined);
    expect(() => testClient({})).not.toThrow();
    const forbidden = {
      get env(): never {
        throw new Error("NotCapable");
      },
    };
    vi.stubGlobal("process", forbidden);
    expect(() => new PandaProbe()).toThrow(/^No apiKey/);
  });

  it("says which option and which variable is missing", () => {
    const options = (name: string) => `pass \`${name}\` to PandaProbe`;
    expect(() => new PandaProbe()).toThrow(`${options("apiKey")} or set PANDAPROBE_API_KEY.`);
    expect(() => new PandaProbe({ apiKey })).toThrow(
      `${options("projectName")} or set PANDAPROBE_PROJECT_NAME.`,
    );
    vi.stubEnv("PANDAPROBE_API_KEY", "  ");
    expect(() => new PandaProbe({ projectName: "a" })).toThrow(/^No apiKey/);
  });

  it.each([
    "localhost:8000",
    "ftp://example.com",
    "not an address",
    "https://me:secret@example.com",
    "https://example.com/?secret=1",
    "https://example.com/#secret",
    "https://:secret@example.com/",
  ])("refuses the endpoint %s without repeating it", (endpoint) => {
    const make = () => testClient({ endpoint });
    expect(make).toThrow(/^The endpoint \(or PANDAPROBE_ENDPOINT\) must/);
    expect(make).not.toThrow(/secret|me:|localhost|ftp|not an /);
  });

  it.each([
    { timeoutMs: 0 },
    { timeoutMs: Number.NaN },
    { timeoutMs: 2 ** 31 },
    { totalTimeoutMs: -1 },
    { totalTimeoutMs: 0 },
    { retries: 1.5 },
    { retries: -1 },
  ])("refuses %j", (options) => {
    expect(() => testClient(options)).toThrow(TypeError);
  });

  it("refuses a key that is invalid in a header, without showing it", () => {
    const make = () => new PandaProbe({ apiKey: `${apiKey}\nx-evil: 1`, projectName: "a" });
    expect(make).toThrow(/^The apiKey .* has invalid characters/);
    expect(make).not.toThrow(/sk_pp_0123|evil/);
  });

  it("refuses an invalid header, without showing its value", async () => {
    const call = testClient({}).listProviders({ headers: { authorization: "Bearer secret\n1" } });
    await expect(call).rejects.toThrow('The header "authorization" has invalid characters');
    await expect(call).rejects.not.toThrow(/secret/);
  });

  it("derives a client that differs in some options", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, []));
    const client = testClient({ ...server, headers: { "x-one": "1" } });
    await client.withOptions({ projectName: "other", headers: { "x-two": "2" } }).listProviders();
    await client.listProviders();
    const [derived, original] = server.requests.map(({ headers }) => headers);
    expect(derived).toMatchObject({
      "x-project-name": "other",
      "x-one": "1",
      "x-two": "2",
      "x-api-key": apiKey,
    });
    expect(original).toMatchObject({ "x-project-name": "my-agent", "x-one": "1" });
    expect(original).not.toHaveProperty("x-two");
  });

  it("keeps the key out of sight", () => {
    const client = testClient({});
    const shown = [inspect(client, { depth: 10, showHidden: true }), JSON.stringify(client), String(client)];
    expect(shown.join()).not.toContain("sk_pp_");
    try {
      new PandaProbe({ apiKey: `${apiKey}\u0007` });
      expect.unreachable();
    } catch (error) {
      expect(isPandaProbeError(error)).toBe(true);
      expect(inspect(error)).not.toContain("sk_pp_0");
    }
  });
});
