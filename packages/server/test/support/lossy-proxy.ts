import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface LossyProxy extends AsyncDisposable {
  readonly url: string;
  /** How many requests were forwarded, and how many responses were lost. */
  readonly counts: { requests: number; lost: number };
}

/**
 * A proxy that loses every third response: the server has done its work, but the connection breaks before the response
 * or in the middle of it.
 */
export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const counts = { requests: 0, lost: 0 };
  const proxy = createServer(async (incoming, outgoing) => {
    counts.requests += 1;
    const loses = counts.requests % 3 === 0;
    const body = await buffer(incoming);
    const { method, headers, url = "" } = incoming;
    const forwarded = request(new URL(url, target), { agent, method, headers }, async (answer) => {
      const content = await buffer(answer);
      if (!loses) {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
        return;
      }
      counts.lost += 1;
      if (counts.lost % 2 === 0) {
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, "content-length": content.length });
      outgoing.write(content.subarray(0, content.length / 2), () => outgoing.destroy());
    });
    forwarded.on("error", () => outgoing.destroy());
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
