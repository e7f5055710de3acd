import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { storeTrace } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const started_at = "2026-03-01T09:00:00Z";
const trace = { method: "POST", path: "/traces", body: { name: "a", started_at } } as const;

export const requests: readonly Behaviour[] = [
  {
    name: "checks the key first, then the project",
    async check(side) {
      const list = { method: "GET", path: "/traces" };
      const code = async (headers: Record<string, string | null>) => {
        const { status, body } = await side.send({ ...list, headers });
        return [status, (body as { code?: string }).code];
      };
      expect(await code({ "x-api-key": null, "x-project-name": null })).toEqual([401, "missing_credentials"]);
      expect(await code({ "x-api-key": "sk_pp_unknown" })).toEqual([401, "invalid_credentials"]);
      expect(await code({ "x-project-name": null })).toEqual([422, "invalid_project_name"]);
      expect(await code({ "x-project-name": "-a" })).toEqual([422, "invalid_project_name"]);
      expect(await code({ "x-project-name": " a b " })).toEqual([200, undefined]);
    },
  },
  {
    name: "keeps projects apart",
    async check(side) {
      const id = await storeTrace(side.client());
      const other = side.client();
      await expectRefusal(other.getTrace(id), 404, "not_found");
      expect((await other.listTraces()).total).toBe(0);
    },
  },
  {
    name: "names what is wrong in a request, and where",
    async check(side) {
      const refusal = async (request: Parameters<typeof side.send>[0]) => {
        const { status, body } = await side.send(request);
        const {
          code,
          detail,
          errors = [],
        } = body as { code: string; detail: string; errors?: { loc: unknown }[] };
        return { status, code, detail, at: errors.map(({ loc }) => loc) };
      };
      expect(await refusal({ ...trace, body: { name: "", tags: "a" } })).toEqual({
        status: 422,
        code: "validation_error",
        detail:
          "body.name must have 1 to 512 characters; body.started_at is missing (expected string); body.tags must be an array, not a string.",
        at: [
          ["body", "name"],
          ["body", "started_at"],
          ["body", "tags"],
        ],
      });
      expect(await refusal({ ...trace, body: "{" })).toMatchObject({ status: 400, code: "malformed_json" });
      expect(await refusal({ ...trace, body: undefined })).toMatchObject({ status: 422, at: [["body"]] });
      expect(await refusal({ ...trace, body: "a", headers: { "content-type": "text/plain" } })).toMatchObject(
        {
          status: 415,
          code: "unsupported_media_type",
        },
      );
      expect(await refusal({ method: "GET", path: "/traces?limit=0x10&limit=2&offset=-1" })).toMatchObject({
        status: 422,
        at: [
          ["query", "limit"],
          ["query", "offset"],
        ],
      });
      expect(await refusal({ method: "GET", path: "/traces/7" })).toMatchObject({
        status: 422,
        at: [["path", "trace_id"]],
      });
      expect(await refusal({ method: "GET", path: "/nowhere" })).toMatchObject({
        status: 404,
        code: "not_found",
      });
      const metrics = ["task_completion"];
      const runs = { method: "POST", path: "/evaluations/trace-runs" };
      expect(
        await refusal({ ...runs, body: { metrics, filters: { has_error: true, state: "x" } } }),
      ).toMatchObject({
        status: 400,
        code: "invalid_filters",
        at: [
          ["body", "filters", "has_error"],
          ["body", "filters", "state"],
        ],
      });
      expect(
        await refusal({
          ...runs,
          body: { metrics, filters: { date_from: "2026-03-02", date_to: "2026-03-01" } },
        }),
      ).toMatchObject({ status: 400, code: "invalid_filters" });
      expect(await refusal({ ...runs, body: { metrics: [], filters: 3 } })).toMatchObject({
        status: 422,
        code: "validation_error",
      });
    },
  },
  {
    name: "ignores unknown fields, and keeps text readable that cannot be stored as it is",
    async check(side) {
      const client = side.client();
      const { body } = await side.send(
        { ...trace, body: { ...trace.body, input: { "a\0": "\ud800" }, more: 1 } },
        client,
      );
      const { trace_id } = body as { trace_id: string };
      expect(await client.getTrace(trace_id)).toMatchObject({ input: { "a\ufffd": "\ufffd" } });
    },
  },
  {
    name: "echoes a valid request id",
    async check(side) {
      const { headers } = await side.send({
        method: "GET",
        path: "/traces",
        headers: { "x-request-id": "mine/1" },
      });
      expect(headers.get("x-request-id")).toBe("mine/1");
    },
  },
];
