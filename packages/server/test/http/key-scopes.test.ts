import type { RouteMetadata } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { storeTrace, traceBody } from "../support/traces.ts";
import { createKey, newOrganization } from "./support/administration.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { operations } from "./support/operations.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const scopes = ["ingest", "read", "evaluate", "admin"] as const;

/** Every path with ids that do not exist. */
const filled = (path: string) =>
  path.replace(/:(\w+)/g, (_, name) => (name === "project_name" ? "nothing" : unknownId));

describe("a key with one scope", () => {
  test.each(scopes)("%s allows the operations that require it, and no others", async (scope) => {
    const admin = await newOrganization(server.current);
    const { key } = await createKey(admin, { scopes: [scope] });
    const api = admin.as({ apiKey: key });
    for (const { id, method, path, metadata } of operations) {
      const { scope: needed } = metadata as RouteMetadata;
      if (needed === null) continue;
      const { status, body } = await api.send(method, filled(path), method === "GET" ? undefined : {});
      const { code } = body as { code?: string };
      expect(code === "insufficient_scope", `${id}: ${status} ${code}`).toBe(needed !== scope);
      expect(status === 403, id).toBe(needed !== scope);
    }
  });

  test("gets the missing scope in the error", async () => {
    const admin = await newOrganization(server.current);
    const { key } = await createKey(admin, { scopes: ["ingest", "read"] });
    expectProblem(await admin.as({ apiKey: key }).post("/evaluations/trace-runs", {}), "insufficient_scope", {
      detail: /^This needs a key with the scope evaluate; this key has ingest, read\.$/,
    });
  });
});

describe("a key for some projects", () => {
  test("can access them, whether or not they exist yet", async () => {
    const admin = await newOrganization(server.current);
    const { key } = await createKey(admin, { projects: ["mine", " yours "] });
    for (const project of ["mine", "yours"]) {
      await storeTrace(admin.as({ apiKey: key, project }));
    }
  });

  test("cannot access another project, with the same answer whether or not it exists", async () => {
    const admin = await newOrganization(server.current);
    await storeTrace(admin.as({ project: "secret" }));
    const { key } = await createKey(admin, { projects: ["mine"] });
    const api = admin.as({ apiKey: key });
    const answers = [];
    for (const project of ["secret", "no such"]) {
      for (const answer of [
        await api.as({ project }).get("/traces"),
        await api.as({ project }).post("/traces", traceBody()),
        await api.get(`/projects/${encodeURIComponent(project)}/usage`),
      ]) {
        expectProblem(answer, "insufficient_scope");
        const { request_id: _, ...body } = answer.body as Record<string, unknown>;
        answers.push(JSON.stringify(body).replaceAll(project, "…"));
      }
    }
    expect(new Set(answers).size).toBe(1);
    // A refused write creates no project.
    const { body } = await admin.get<{ items: { name: string }[] }>("/projects");
    expect(body.items.map(({ name }) => name)).toEqual(["secret"]);
  });

  test("cannot administer", async () => {
    const admin = await newOrganization(server.current);
    const body = { name: "a", scopes: ["read", "admin"], projects: ["mine"] };
    expectProblem(await admin.post("/keys", body), "validation_error", { loc: ["body", "projects"] });
  });
});

test("a key from before scopes may ingest, read and evaluate", async () => {
  const admin = await newOrganization(server.current);
  const { scopes: given } = await createKey(admin);
  expect(given).toEqual(["ingest", "read", "evaluate"]);
  expectProblem(await server.current.api.get("/keys"), "insufficient_scope");
  await storeTrace(server.current.api);
});
