import * as http from "node:http";

/** A proxy cannot reach servers that listen only on this machine. */
const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** In Node.js 24 and newer. Node.js 22 only has a flag for its start. */
interface WithProxies {
  readonly setGlobalProxyFromEnv?: (environment: NodeJS.ProcessEnv) => unknown;
}

/**
 * Sends all requests through the proxy in HTTP_PROXY or HTTPS_PROXY, except those to NO_PROXY and to this machine.
 * Node.js 22 must do so from the start, so it is started again in this process.
 *
 * @returns whether the proxy is used; `true` if there is none.
 */
export function useProxy(): boolean {
  const { env, versions } = process;
  const isNamed = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some((name) =>
    env[name]?.trim(),
  );
  // Deno and Bun use it already, and so does Node.js with NODE_USE_ENV_PROXY, which the restart sets.
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
