import { PandaProbeError } from "../errors/panda-probe-error.ts";
import { checkedCount, checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import type { Fetch, HeadersGiven, PandaProbeOptions } from "./client-options.ts";
import { environmentVariable } from "./environment.ts";
import type { Hooks } from "./hooks.ts";
import type { Logger } from "./logger.ts";

export const defaultEndpoint = "http://127.0.0.1:8000";
const defaultTimeoutMs = 30_000;
const defaultRetries = 4;

/** The options of a client, complete and checked. */
export interface Configuration {
  readonly apiKey: string;
  readonly projectName: string;
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly totalTimeoutMs?: number | undefined;
  readonly retries: number;
  readonly headers?: HeadersGiven | undefined;
  readonly fetch?: Fetch | undefined;
  readonly hooks?: Hooks | undefined;
  readonly logger?: Logger | undefined;
}

/** @throws PandaProbeError for a missing or invalid option. The message never shows the value, which may be a key. */
export function configuration(options: PandaProbeOptions): Configuration {
  // Its default depends on the `timeoutMs` of a call.
  checkedTimeout(options, "totalTimeoutMs", longestTimeoutMs);
  const apiKey = headerValue(options, "apiKey", "PANDAPROBE_API_KEY");
  const projectName = headerValue(options, "projectName", "PANDAPROBE_PROJECT_NAME");
  const endpoint = options.endpoint ?? environmentVariable("PANDAPROBE_ENDPOINT") ?? defaultEndpoint;
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new PandaProbeError(
      `The endpoint (or PANDAPROBE_ENDPOINT) must be a URL such as ${defaultEndpoint}.`,
    );
  }
  return {
    ...options,
    apiKey,
    projectName,
    endpoint: endpoint.replace(/\/+$/, ""),
    timeoutMs: checkedTimeout(options, "timeoutMs", defaultTimeoutMs),
    retries: checkedCount(options, "retries", defaultRetries),
  };
}

function headerValue(options: PandaProbeOptions, option: "apiKey" | "projectName", variable: string): string {
  const value = options[option]?.trim() ?? environmentVariable(variable) ?? "";
  if (value === "") {
    throw new PandaProbeError(`No ${option}: pass \`${option}\` to PandaProbe or set ${variable}.`);
  }
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new PandaProbeError(`The ${option} (or ${variable}) has invalid characters.`);
  }
  return value;
}
