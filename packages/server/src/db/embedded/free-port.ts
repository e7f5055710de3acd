import { createServer } from "node:net";

/** A port on 127.0.0.1 that nobody listens on: the preferred one if it is free, else any. */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined) {
    const port = await probe(preferred).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return probe(0);
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("the listening socket has no port"));
      });
    });
  });
}
