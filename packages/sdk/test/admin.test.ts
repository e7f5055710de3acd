import { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
import { expect, it } from "vitest";
import { otherOperations } from "../scripts/operations.ts";
import { apiKey } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

const id = "66666666-6666-6666-6666-666666666666";
const newKey = { name: "ci", scopes: ["read" as const] };

/** Every method, with what it must send: method, path with query as it is on the wire, and body. */
const calls: Record<string, [(admin: PandaProbeAdmin) => Promise<unknown>, string, unknown?]> = {
  listProjects: [(admin) => admin.listProjects({ limit: 5 }), "GET /projects?limit=5"],
  getProjectUsage: [(admin) => admin.getProjectUsage("my agent"), "GET /projects/my%20agent/usage"],
  deleteProject: [(admin) => admin.deleteProject("my-agent"), "DELETE /projects/my-agent"],
  createApiKey: [(admin) => admin.createApiKey(newKey), "POST /keys", newKey],
  listApiKeys: [(admin) => admin.listApiKeys(), "GET /keys"],
  rotateApiKey: [
    (admin) => admin.rotateApiKey(id, { overlap_seconds: 60 }),
    `POST /keys/${id}/rotate`,
    { overlap_seconds: 60 },
  ],
  revokeApiKey: [(admin) => admin.revokeApiKey(id), `DELETE /keys/${id}`],
  listAuditEvents: [(admin) => admin.listAuditEvents({ offset: 10 }), "GET /audit-log?offset=10"],
  getSettings: [(admin) => admin.getSettings(), "GET /settings"],
};

it("covers every method", () => {
  expect(Object.keys(calls).sort()).toEqual(
    otherOperations("admin")
      .map((operation) => operation.id)
      .sort(),
  );
});

it.each(Object.entries(calls))(
  "%s sends the request that the contract describes",
  async (name, [call, line, body]) => {
    const { response: answered } = otherOperations("admin").find((operation) => operation.id === name) ?? {};
    const answer = answered === null ? undefined : { answered: name };
    await using server = await startTestServer((response) => {
      if (answer === undefined) response.writeHead(204).end();
      else sendJson(response, 200, answer);
    });
    await expect(call(new PandaProbeAdmin({ ...server, apiKey }))).resolves.toEqual(answer);
    const [request] = server.requests;
    expect(`${request?.method} ${request?.url}`).toBe(line);
    expect(request?.body).toBe(body === undefined ? "" : JSON.stringify(body));
    expect(request?.headers).toMatchObject({ "x-api-key": apiKey });
  },
);

it("goes through all pages", async () => {
  await using server = await startTestServer((response, { url }) => {
    const offset = Number(new URL(url, server.endpoint).searchParams.get("offset") ?? 0);
    sendJson(response, 200, { items: [{ name: `project ${offset}` }], total: 3, limit: 1, offset });
  });
  const names = [];
  for await (const { name } of new PandaProbeAdmin({ ...server, apiKey }).listProjects()) names.push(name);
  expect(names).toEqual(["project 0", "project 1", "project 2"]);
});

it("does not retry creating a key, because a retry could create a second one", async () => {
  await using server = await startTestServer((response) => sendJson(response, 503, {}));
  const admin = new PandaProbeAdmin({ ...server, apiKey });
  await expect(admin.createApiKey(newKey)).rejects.toMatchObject({ status: 503 });
  await expect(admin.rotateApiKey(id)).rejects.toMatchObject({ status: 503 });
  expect(server.requests).toHaveLength(2);
});
