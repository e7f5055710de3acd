/** @module-tag slow */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { readEvents } from "../support/event-stream.ts";
import { createRun } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";
import { createKey, newOrganization } from "./support/administration.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** No worker runs, so runs stay PENDING. */
const server = useHttpServer();
const mostMs = 8000;

async function pendingRun() {
  const admin = await newOrganization(server.current);
  await storeTrace(admin);
  const { id } = await createRun(admin, {});
  return { admin, path: `/evaluations/trace-runs/${id}` };
}

test("an open stream ends when another process revokes its key, and those of other keys continue", async () => {
  const { admin, path } = await pendingRun();
  const other = await startTestServer({ role: "api", database: server.current.database });
  onTestFinished(() => other.close());
  const [revoked, kept] = [await createKey(admin), await createKey(admin)];
  const open = async (key: string) => {
    const headers = { "x-api-key": key, "x-project-name": "first" };
    const events = readEvents(await fetch(`${server.current.url}${path}/events`, { headers }));
    await events.next();
    return events;
  };
  const [stream, staying] = [await open(revoked.key), await open(kept.key)];
  const { status } = await fetch(`${other.url}/keys/${revoked.id}`, {
    method: "DELETE",
    headers: { "x-api-key": (await createKey(admin, { scopes: ["admin"] })).key },
  });
  expect(status).toBe(204);
  const end = (async () => {
    for await (const { event } of stream) expect(event).not.toBe("end");
    return "ended";
  })();
  expect(await Promise.race([end, sleep(mostMs, "still open")])).toBe("ended");
  const more = staying.next().then(() => "something came");
  expect(await Promise.race([more, sleep(500, "open")])).toBe("open");
  await admin.post(`${path}/cancel`);
  expect(await more).toBe("something came");
});

test("a long poll is refused when its key expires", async () => {
  const { admin, path } = await pendingRun();
  const { key } = await createKey(admin, { expires_at: new Date(Date.now() + 1500).toISOString() });
  const begun = Date.now();
  const answer = await admin.as({ apiKey: key }).get<{ code: string }>(path, { prefer: "wait=60" });
  expect(answer).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
  expect(Date.now() - begun).toBeLessThan(mostMs);
});
