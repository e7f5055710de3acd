import { PandaProbe, type PandaProbeOptions } from "@pandaprobe/sdk";

/** As long as a real one, so that the tests which look for a leak look for the real thing. */
export const apiKey = `sk_pp_${"0123456789abcdef".repeat(4)}`;

export function testClient(options: PandaProbeOptions): PandaProbe {
  return new PandaProbe({ apiKey, projectName: "my-agent", ...options });
}
