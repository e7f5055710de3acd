/** @module-tag slow */
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { startRunServer } from "./support/run-server.ts";
import { endedCommand, startCommand } from "./support/start-command.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A proxy that sends every request to one server. */
async function startProxy(endpoint: string) {
  const { port } = new URL(endpoint);
  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    asked.push(new URL(incoming.url ?? "").host);
    const { pathname, search } = new URL(incoming.url ?? "");
    const options = { port, path: pathname + search, method: incoming.method, headers: incoming.headers };
    incoming.pipe(
      request(options, (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
      }),
    );
  });
  proxy.on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    const upstream = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const one of [upstream, socket]) one.on("error", () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { asked, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

test.each(["HTTP_PROXY", "http_proxy"])(
  "the command goes through the proxy that %s names",
  async (variable) => {
    await using server = await startRunServer();
    server.complete();
    const proxy = await startProxy(server.endpoint);
    const environment = { PANDAPROBE_ENDPOINT: "http://pandaprobe.test", [variable]: proxy.url };
    const { code, stderr } = await endedCommand(startCommand(["eval", "--min=coherence=0.1"], environment));
    expect(stderr).not.toContain("Warning");
    expect(code).toBe(0);
    expect(proxy.asked[0]).toMatch(/^pandaprobe\.test(:80)?$/);
  },
);

test.each([
  ["on this machine", {}],
  [
    "that NO_PROXY names",
    { PANDAPROBE_ENDPOINT: "http://localhost.pandaprobe.test:9", NO_PROXY: ".pandaprobe.test" },
  ],
])("uses no proxy for a server %s", async (_which, environment) => {
  await using server = await startRunServer();
  server.complete();
  const proxy = await startProxy(server.endpoint);
  const all = { PANDAPROBE_ENDPOINT: server.endpoint, HTTP_PROXY: proxy.url, ...environment };
  const args = ["eval", "--metrics=coherence", "--timeout=1s"];
  await endedCommand(startCommand(args, all));
  expect(proxy.asked).toEqual([]);
});
