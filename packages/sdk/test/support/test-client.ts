import { PandaProbe, type PandaProbeOptions } from "@pandaprobe/sdk";

/** As long as a real key, so that tests for leaks look for what a real key would be. */
export const apiKey = `sk_pp_${"0123456789abcdef".repeat(4)}`;

export function testClient(options: PandaProbeOptions): PandaProbe {
  return new PandaProbe({ apiKey, projectName: "my-agent", ...options });
}
