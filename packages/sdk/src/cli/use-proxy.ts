import * as http from "node:http";

/** A proxy cannot reach what listens on this machine alone. */
const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** What newer versions of Node.js have; 22 can only be started so. */
interface WithProxies {
  readonly setGlobalProxyFromEnv?: (environment: NodeJS.ProcessEnv) => unknown;
}

/**
 * Has all requests go through the proxy that HTTP_PROXY or HTTPS_PROXY names, but for those to NO_PROXY and to this
 * machine. Node.js 22 does so only from its start, and is started again, in this process.
 *
 * @returns whether that can be done; `true` where no proxy is named.
 */
export function useProxy(): boolean {
  const { env, versions } = process;
  const isNamed = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some((name) =>
    env[name]?.trim(),
  );
  // Deno and Bun honour them already, and so does Node.js with NODE_USE_ENV_PROXY, or after a restart by us.
  const isDone = "deno" in versions || "bun" in versions || env["NODE_USE_ENV_PROXY"] === "1";
  if (!isNamed || isDone) return true;
  const direct = [env["no_proxy"] ?? env["NO_PROXY"] ?? [], loopback].flat().join(",");
  const environment = { ...env, no_proxy: direct, NO_PROXY: direct };
  const { setGlobalProxyFromEnv } = http as WithProxies;
  if (setGlobalProxyFromEnv !== undefined) {
    setGlobalProxyFromEnv(environment);
    return true;
  }
  const hasProxies = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
  if (!hasProxies || process.execve === undefined) return false;
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  return process.execve(process.execPath, args, { ...environment, NODE_USE_ENV_PROXY: "1" });
}
