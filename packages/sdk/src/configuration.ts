import { checkedCount, checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import type { Fetch, HeadersGiven, PandaProbeOptions } from "./client-options.ts";
import { environmentVariable } from "./environment.ts";
import { PandaProbeError } from "./errors/panda-probe-error.ts";
import type { Hooks } from "./hooks.ts";
import type { Logger } from "./logger.ts";

export const defaultEndpoint = "http://127.0.0.1:8000";
const defaultTimeoutMs = 30_000;
const defaultRetries = 4;

/** The options of a client, complete and checked. */
export interface Configuration {
  readonly apiKey: string;
  readonly projectName: string;
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly totalTimeoutMs?: number | undefined;
  readonly retries: number;
  readonly headers?: HeadersGiven | undefined;
  readonly fetch?: Fetch | undefined;
  readonly hooks?: Hooks | undefined;
  readonly logger?: Logger | undefined;
}

/** @throws PandaProbeError where something is missing or cannot be used. The message holds no value: it may be a key. */
export function configuration(options: PandaProbeOptions): Configuration {
  // Where it is left out, a call has one that depends on its `timeoutMs`.
  checkedTimeout(options, "totalTimeoutMs", longestTimeoutMs);
  const apiKey = headerValue(options, "apiKey", "PANDAPROBE_API_KEY");
  const projectName = headerValue(options, "projectName", "PANDAPROBE_PROJECT_NAME");
  const endpoint = options.endpoint ?? environmentVariable("PANDAPROBE_ENDPOINT") ?? defaultEndpoint;
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new PandaProbeError(
      `The endpoint (or PANDAPROBE_ENDPOINT) must be an http or https address such as ${defaultEndpoint}.`,
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
    throw new PandaProbeError(
      `No ${option}: pass \`${option}\` to PandaProbe, or set ${variable} in the environment.`,
    );
  }
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new PandaProbeError(`The ${option} (or ${variable}) has characters that no header can carry.`);
  }
  return value;
}
