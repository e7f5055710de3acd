import type { Logger } from "@pandaprobe/sdk";

/** A logger, and the lines that it received, each with its level in front. */
export function recordingLogger(): { readonly logger: Logger; readonly lines: readonly string[] } {
  const lines: string[] = [];
  const level = (name: string) => (message: string) => void lines.push(`${name} ${message}`);
  return {
    lines,
    logger: { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") },
  };
}
