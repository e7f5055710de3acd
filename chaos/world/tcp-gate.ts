import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Trial } from "../scenario.ts";

/** A proxy in front of PostgreSQL. While it is shut, it accepts no connections; existing ones are cut. */
export class TcpGate {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(target: URL) {
    this.#target = target;
  }

  static async open(trial: Trial, targetUrl: string): Promise<TcpGate> {
    const gate = new TcpGate(new URL(targetUrl));
    await gate.open();
    trial.defer(() => gate.shut());
    return gate;
  }

  /** The target's URL, through the gate. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return url.href;
  }

  async open(): Promise<void> {
    const server = createServer((client) => {
      const behind = connect(Number(this.#target.port), this.#target.hostname);
      for (const [one, other] of [
        [client, behind],
        [behind, client],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
