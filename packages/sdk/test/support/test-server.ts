import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly requests: readonly ReceivedRequest[];
}

/** A real HTTP server on a free port. `respond` answers its requests, which it records. */
export async function startTestServer(
  respond: (response: ServerResponse, request: ReceivedRequest, index: number) => unknown,
): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: await text(incoming) };
    requests.push(request);
    await respond(response, request, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export function sendProblem(
  response: ServerResponse,
  status: number,
  problem: object = {},
  headers: Record<string, string> = {},
): void {
  sendJson(
    response,
    status,
    {
      type: "about:blank",
      title: "T",
      status,
      detail: "It is so.",
      code: "some_code",
      request_id: "req-1",
      ...problem,
    },
    { "content-type": "application/problem+json", ...headers },
  );
}
