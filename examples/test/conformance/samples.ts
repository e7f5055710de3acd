import type { PandaProbe, TraceCreate } from "@pandaprobe/sdk";

/** An id that does not exist. */
export const unknownId = "11111111-1111-1111-1111-111111111111";

/** The judge that both sides have and that never fails. */
export const model = "heuristic/v1";

/** The judge that can be broken or held. Neither side knows its price. */
export const judge = "openai/judge";

/** Stores traces one after the other, a minute apart. @returns their ids */
export async function storeTraces(
  client: PandaProbe,
  ...traces: readonly Partial<TraceCreate>[]
): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, fields] of traces.entries()) {
    const started_at = new Date(Date.UTC(2026, 2, 1, 9, index)).toISOString();
    const trace = { name: `trace ${index}`, input: "2 + 2?", output: "4", started_at, ...fields };
    ids.push((await client.createTrace(trace)).trace_id);
  }
  return ids;
}

/** Stores one trace. @returns its id */
export async function storeTrace(client: PandaProbe, fields: Partial<TraceCreate> = {}): Promise<string> {
  const [id = ""] = await storeTraces(client, fields);
  return id;
}
