import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TraceCreate } from "@pandaprobe/sdk";

/** A sample trace for `createTrace`, and where it comes from. */
export interface SampleTrace {
  /** The fictional agent that left the trace, such as `travel-desk`. */
  readonly agent: string;
  /** The file below `examples/traces/` that holds it. */
  readonly file: string;
  readonly trace: TraceCreate;
}

interface TraceFile {
  readonly agent: string;
  readonly description: string;
  readonly traces: readonly TraceCreate[];
}

const folder = join(import.meta.dirname, "traces");

/** Reads all sample traces, ordered by file name and position in the file. */
export async function loadSampleTraces(): Promise<SampleTrace[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const samples = await Promise.all(files.map(readTraceFile));
  return samples.flat();
}

async function readTraceFile(file: string): Promise<SampleTrace[]> {
  const { agent, traces }: TraceFile = JSON.parse(await readFile(join(folder, file), "utf8"));
  return traces.map((trace) => ({ agent, file, trace }));
}
