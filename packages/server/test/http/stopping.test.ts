import { once } from "node:events";
import { connect } from "node:net";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { createRun } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { requestBytes } from "./support/raw-http.ts";

describe("a server that stops", () => {
  test("answers waiting requests, accepts no new ones, and does not wait for idle connections", async () => {
    const stopping = await startTestServer({ role: "api" });
    await storeTrace(stopping.api);
    const run = await createRun(stopping.api);
    const path = `/evaluations/trace-runs/${run.id}`;
    const waiting = stopping.api.get<EvalRunResponse>(path, { prefer: "wait=60" });
    // A later request has been answered, so the earlier one has arrived.
    await (await fetch(`${stopping.url}/ready`)).text();
    const since = performance.now();
    await stopping.close();
    expect(performance.now() - since).toBeLessThan(9_000);
    const { status, body, headers } = await waiting;
    expect([status, body, headers.get("connection")]).toEqual([200, run, "close"]);
    await expect(fetch(`${stopping.url}/health`)).rejects.toThrow();
  });

  test("answers requests on existing connections as usual", async () => {
    const stopping = await startTestServer({ role: "api" });
    const { hostname, port } = new URL(stopping.url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, "connect");
    // A later connection has been served, so this one has been accepted.
    await (await fetch(`${stopping.url}/ready`)).text();
    const stopped = stopping.close();
    await waitUntil(async () =>
      fetch(stopping.url).then(
        () => false,
        () => true,
      ),
    );
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.write(requestBytes("GET /ready HTTP/1.1", { Connection: "keep-alive" }));
    await once(socket, "close");
    const [head = "", body = ""] = Buffer.concat(chunks).toString().split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 503 /);
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    expect(head).toMatch(/^connection: close/im);
    expect(JSON.parse(body)).toMatchObject({ code: "unavailable" });
    await stopped;
  });
});
