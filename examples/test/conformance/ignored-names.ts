import { expect } from "vitest";
import { storeTrace } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const started_at = "2026-03-01T09:00:00Z";

/** Fields that a client sends and the API does not know. */
export const ignoredNames: readonly Behaviour[] = [
  {
    name: "says which fields of a trace and its spans are ignored, and what they may have been meant to be",
    async check(side) {
      const client = side.client();
      const span = { name: "s", started_at, inputs: 1, token_usage: {} };
      const trace = { name: "a", started_at, sessionId: "s", "user-id": "u", colour: "red", spans: [span] };
      const expected = [
        "sessionId is not a field of a trace; did you mean session_id?",
        "user-id is not a field of a trace; did you mean user_id?",
        "colour is not a field of a trace.",
        "spans.0.inputs is not a field of a span; did you mean input?",
      ];
      const single = await side.send({ method: "POST", path: "/traces", body: trace }, client);
      expect(single.body).toMatchObject({ warnings: expected });
      const known = { name: "b", started_at };
      const batch = await side.send(
        { method: "POST", path: "/traces/batch", body: { traces: [known, trace] } },
        client,
      );
      const { items } = batch.body as { items: { warnings?: string[] }[] };
      expect(items.map(({ warnings }) => warnings)).toEqual([undefined, expected]);
      const id = await storeTrace(client);
      const spans = await side.send({ method: "POST", path: `/traces/${id}/spans`, body: [span] }, client);
      expect(spans.body).toMatchObject({
        warnings: ["0.inputs is not a field of a span; did you mean input?"],
      });
    },
  },
  {
    name: "bounds the warnings in number and size",
    async check(side) {
      const names = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}${"x".repeat(500)}`, 1]));
      const spans = Array.from({ length: 100 }, () => ({ name: "s", started_at, ...names }));
      const { body } = await side.send({
        method: "POST",
        path: "/traces",
        body: { name: "a", started_at, ...names, spans },
      });
      const { warnings } = body as { warnings: string[] };
      expect(warnings).toHaveLength(20);
      expect(JSON.stringify(warnings).length).toBeLessThan(4000);
    },
  },
  {
    name: "names the query parameters that are ignored in the header Warning",
    async check(side) {
      const warning = async (path: string) =>
        (await side.send({ method: "GET", path })).headers.get("warning");
      expect(await warning("/traces?limit=1&name=a")).toBeNull();
      expect(await warning("/traces?q=refund&limit=1")).toBe('299 - "ignored query parameters: q"');
      expect(await warning("/evaluations/trace-scores?version=v1&date_from=2026-03-01")).toBe(
        '299 - "ignored query parameters: version"',
      );
      expect(await warning("/health?constructor=1")).toBe('299 - "ignored query parameters: constructor"');
      expect(await warning("/traces?limit=none&a%20%22b%22=1&%C3%A9=1")).toBe(
        '299 - "ignored query parameters: a%20%22b%22, %C3%A9"',
      );
      const many = Array.from({ length: 9 }, (_, n) => `p${n}=1`).join("&");
      expect(await warning(`/traces?${many}`)).toBe('299 - "ignored query parameters: p0, p1, p2, p3, p4"');
      const long = await warning(
        `/traces?${"%E2%82%AC".repeat(300)}=1&${"x".repeat(500)}=1&${"y".repeat(70)}=1`,
      );
      expect(long?.length).toBeLessThanOrEqual(200);
      expect(decodeURIComponent(long ?? "")).toContain("€");
    },
  },
];
