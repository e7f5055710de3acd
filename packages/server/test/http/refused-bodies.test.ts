import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { addKey } from "./support/add-key.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const limit = 100_000;
const server = useHttpServer({
  environment: { BODY_LIMIT_BYTES: String(limit), RATE_LIMIT_RUNS_PER_MINUTE: "1" },
});

interface Outcome {
  readonly answer: string;
  /** An error of the connection before the whole answer arrived, or while the body was sent. */
  readonly error: string | null;
}

/** Sends the headers, then a whole body in pieces without reading the answer, as many clients do. */
async function sendWhole(
  headers: Record<string, string>,
  bodyBytes: number,
  path = "/traces",
): Promise<Outcome> {
  const { hostname, port } = new URL(server.current.url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  let error: string | null = null;
  const closed = new Promise<void>((resolve) => {
    socket.on("error", (reason: Error & { code?: string }) => {
      error = reason.code ?? reason.message;
    });
    socket.once("close", () => resolve());
  });
  const lines = Object.entries({ host: "localhost", "x-project-name": "p", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const piece = Buffer.alloc(64 * 1024, "x");
  // Gives the server time to answer and close.
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (let sent = 0; sent < bodyBytes && error === null; sent += piece.length) {
    await new Promise<void>((resolve) => {
      socket.write(piece.subarray(0, Math.min(piece.length, bodyBytes - sent)), () => resolve());
    });
  }
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    if (Buffer.concat(chunks).includes('"request_id"')) socket.end();
  });
  const timer = setTimeout(() => socket.destroy(), 5000);
  await closed;
  clearTimeout(timer);
  return { answer: Buffer.concat(chunks).toString(), error };
}

function key(): Record<string, string> {
  return { "x-api-key": server.current.apiKey, "content-type": "application/json" };
}

describe("a body that is refused before it is read", () => {
  const bodyBytes = 20_000_000;
  const length = { "content-length": String(bodyBytes) };

  test.each<[string, number, () => Record<string, string>]>([
    ["no key", 401, () => ({ ...length, "content-type": "application/json" })],
    ["a wrong key", 401, () => ({ ...length, ...key(), "x-api-key": "sk_pp_wrong" })],
    ["a body that is too large", 413, () => ({ ...length, ...key() })],
    ["a body of another type", 415, () => ({ ...length, ...key(), "content-type": "text/plain" })],
    ["no type", 415, () => ({ ...length, "x-api-key": server.current.apiKey })],
    ["a connection that is to be closed", 413, () => ({ ...length, ...key(), connection: "close" })],
    ["an unknown encoding", 415, () => ({ ...length, ...key(), "content-encoding": "zip" })],
  ])("is read to its end, so that the answer arrives: %s", async (_, status, headers) => {
    const { answer, error } = await sendWhole(headers(), bodyBytes);
    expect({ error, status: Number(answer.split(" ")[1]) }).toEqual({ error: null, status });
  });

  test("is read to its end after a rate limit", async () => {
    const apiKey = await addKey(server.current.database.url);
    const headers = { ...length, ...key(), "x-api-key": apiKey, "content-length": "90000" };
    const run = () => sendWhole(headers, 90_000, "/evaluations/trace-runs");
    expect((await run()).answer).toMatch(/^HTTP\/1\.1 400 /);
    const { answer, error } = await run();
    expect(error).toBeNull();
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
  });

  test("is read up to a limit only", async () => {
    const endless = 500_000_000;
    const { error } = await sendWhole({ ...key(), "content-length": String(endless) }, endless);
    expect(error).toMatch(/ECONNRESET|EPIPE/);
  });

  test("leaves the connection usable", async () => {
    const big = await fetch(`${server.current.url}/traces`, {
      method: "POST",
      headers: { ...key(), "x-project-name": "p" },
      body: "x".repeat(limit + 1),
    });
    expect(big.status).toBe(413);
    expect(big.headers.get("connection")).not.toBe("close");
  });
});

describe("a body of very many values", () => {
  const limited = useHttpServer({ environment: { BODY_LIMIT_VALUES: "1000" } });
  const arrayOf = (count: number, item: string) => `[${Array(count).fill(item).join(",")}]`;

  // Beside the input: the trace itself, its name and its start.
  test.each([
    ["numbers", (n: number) => arrayOf(n - 4, "1")],
    ["empty objects", (n: number) => arrayOf(n - 4, "{}")],
    ["keys", (n: number) => `{${Array.from({ length: n - 4 }, (_, key) => `"${key}":1`).join(",")}}`],
    ["nested arrays", (n: number) => arrayOf(n / 2 - 2, "[1]")],
    ["commas in text", (n: number) => arrayOf(n - 4, '"a,[{,\\","')],
  ])("is counted before it is parsed: %s", async (_, input) => {
    const send = (values: number) =>
      limited
        .project()
        .sendRaw("POST", "/traces", `{"name":"a","started_at":"2026-03-01","input":${input(values)}}`, {
          "content-type": "application/json",
        });
    const [least, most] = [await send(998), await send(1002)];
    expect(least.status).toBe(202);
    expectProblem(most, "body_too_large", { detail: /1000 JSON values/ });
  });

  test("of exactly the limit is accepted", async () => {
    const text = `{"name":"a","started_at":"2026-03-01","input":${arrayOf(996, "1")}}`;
    const answer = await limited
      .project()
      .sendRaw("POST", "/traces", text, { "content-type": "application/json" });
    expect(answer.status).toBe(202);
  });
});

test("compressed bodies above a rate limit are not decompressed", async () => {
  const apiKey = await addKey(server.current.database.url);
  const bomb = gzipSync(Buffer.alloc(90_000_000, " "));
  const send = () =>
    fetch(`${server.current.url}/evaluations/trace-runs`, {
      method: "POST",
      headers: { ...key(), "x-api-key": apiKey, "x-project-name": "p", "content-encoding": "gzip" },
      body: bomb.subarray(0, 1000),
    });
  // The first one counts, although it is refused.
  expect((await send()).status).toBe(413);
  expect((await send()).status).toBe(429);
});
