import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { ApiClient } from "../../support/api-client.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "../../support/test-server.ts";

export interface HttpServer {
  /** The running server; there from `beforeAll` on. */
  readonly current: TestServer;
  /** A client of a project that nothing has been written to. */
  project(): ApiClient;
}

/** One server for a test file. Each test uses projects of its own. By default no worker runs. */
export function useHttpServer(options: TestServerOptions = {}): HttpServer {
  let running: Awaited<ReturnType<typeof startTestServer>> | undefined;
  beforeAll(async () => {
    running = await startTestServer({ role: "api", ...options });
  });
  afterAll(async () => {
    await running?.close();
  });
  return {
    get current() {
      if (running === undefined) throw new Error("The server starts before all tests, not before that.");
      return running;
    },
    project() {
      return this.current.api.as({ project: newProject() });
    },
  };
}

/** An unused name of a project. */
export function newProject(): string {
  return `project ${randomBytes(6).toString("hex")}`;
}
