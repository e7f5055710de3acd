import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { type BuiltPackage, buildPackage } from "./packed-package.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the package that all test files share, built when the first one asks. */
    builtPackageUrl: string;
  }
}

let server: Server | undefined;
let built: Promise<BuiltPackage> | undefined;

export async function setup(project: TestProject): Promise<void> {
  server = createServer((_request, response) => {
    built ??= buildPackage();
    built.then(
      (one) => response.end(JSON.stringify(one)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  project.provide("builtPackageUrl", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export async function teardown(): Promise<void> {
  server?.close();
  server?.closeAllConnections();
  const { root } = (await built?.catch(() => undefined)) ?? {};
  if (root !== undefined) await rm(root, { recursive: true, force: true });
}
