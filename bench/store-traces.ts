import { randomUUID } from "node:crypto";
import type { PandaProbe } from "@pandaprobe/sdk";

const batch = 100;

/** Stores small traces that no judge has seen, and returns their ids. */
export async function storeTraces(
  client: PandaProbe,
  count: number,
  fields: { readonly session_id?: string } = {},
): Promise<string[]> {
  const ids: string[] = [];
  for (let begin = 0; begin < count; begin += batch) {
    const traces = Array.from({ length: Math.min(batch, count - begin) }, (_, n) => ({
      trace_id: randomUUID(),
      name: `trace ${begin + n}`,
      input: `What is ${begin + n} plus ${begin + n}? (${randomUUID()})`,
      output: `It is ${2 * (begin + n)}.`,
      started_at: new Date(Date.UTC(2026, 2, 1) + (begin + n) * 1000).toISOString(),
      ...fields,
    }));
    await client.createTraceBatch({ traces });
    ids.push(...traces.map(({ trace_id }) => trace_id));
  }
  return ids;
}
