import type { Attack, Attacker, Family } from "../attack.ts";
import { call, countOf, evaluate, type HostileTrace, inFullOnly, keys, store, times } from "./evaluation.ts";

/** An attack that defines metrics and evaluates traces by all of them. */
function evaluation(
  name: string,
  title: string,
  definitions: () => readonly object[],
  traces: () => readonly HostileTrace[],
  { withLlm = false }: { readonly withLlm?: boolean } = {},
): Attack {
  return {
    name,
    title,
    async prepare(attacker) {
      const all = definitions();
      const metrics = await define(attacker, all.slice(0, countOf(all.length, attacker)));
      for (const trace of traces()) await store(attacker, trace);
      return () => evaluate(attacker, { path: "trace-runs", metrics, withLlm });
    },
  };
}

/** @returns the names of the metrics. */
async function define({ api }: Attacker, definitions: readonly object[]): Promise<string[]> {
  const names: string[] = [];
  for (const [n, definition] of definitions.entries()) {
    const { status, body } = await api.send("PUT", `/evaluations/metrics/m${n}`, definition);
    if (status !== 200) throw new Error(`The definition was refused: ${JSON.stringify(body)}`);
    names.push(`m${n}`);
  }
  return names;
}

const question = "Is it so? ".repeat(50);
const checklist = { kind: "checklist", criteria: times(50, (i) => ({ id: `c${i}`, question })) };

/** Attacks by what a definition controls: its patterns, its length, and how many there are. */
export const ownMetrics: Family = {
  name: "own-metrics",
  title: "a project's own metrics",
  attacks: [
    inFullOnly(
      evaluation(
        "texts",
        "20 × 100 texts of 300 characters to look for in an output of 4 MB that nearly contains them",
        () =>
          times(20, (n) => ({
            kind: "contains",
            ignore_case: true,
            values: times(100, (i) => `${"a".repeat(295)}${n}b${i}`),
          })),
        () => [{ output: "a".repeat(4_000_000) }],
      ),
    ),
    evaluation(
      "sequence",
      "200 expected calls of 100 parameters each, compared in any order with 200 others",
      () => times(8, () => ({ kind: "tool_sequence", expected: "calls", match: "unordered" })),
      () => [
        {
          metadata: { calls: times(200, () => ({ name: "book", arguments: keys(100) })) },
          spans: times(200, (i) =>
            call(
              "book",
              keys(100, (key) => (key === 99 ? i : key)),
              i,
            ),
          ),
        },
      ],
    ),
    evaluation(
      "checklists",
      "40 checklists of 50 long questions, asked of an LLM about metadata of 60,000 keys",
      () => times(40, (n) => ({ ...checklist, instructions: `${n}` })),
      () => [{ metadata: keys(60_000), output: "done" }],
      { withLlm: true },
    ),
    inFullOnly(
      evaluation(
        "pattern",
        "a pattern that takes forever, on 3 outputs",
        () => [{ kind: "json_schema", schema: { pattern: "^(a+)+$" } }],
        () => times(3, () => ({ output: `${"a".repeat(60)}!` })),
      ),
    ),
    {
      name: "trials",
      title: "60 trials at once of 50 long questions about 5 traces",
      async prepare(attacker) {
        const { api, llm } = attacker;
        const trace_ids = await Promise.all(
          times(5, async (n) => {
            const trace = {
              name: "tried",
              output: "w ".repeat(20_000),
              metadata: { n },
              started_at: "2026-03-01",
            };
            return (await api.post<{ trace_id: string }>("/traces", trace, 202)).trace_id;
          }),
        );
        return async () => {
          const answers = await Promise.all(
            times(countOf(60, attacker), (n) => {
              const definition = { ...checklist, instructions: `${n}` };
              return api.send("POST", "/evaluations/metrics/tried/try", {
                trace_ids,
                definition,
                model: llm,
              });
            }),
          );
          return [...new Set(answers.map(({ status }) => `trials answered ${status}`))].sort().join(", ");
        };
      },
    },
    {
      name: "definitions",
      title: "100 changes of definitions of 30 kB",
      async prepare(attacker) {
        const { api } = attacker;
        return async () => {
          const statuses = new Set<number>();
          for (const n of times(countOf(100, attacker), (i) => i)) {
            const criteria = checklist.criteria.map((criterion) => ({ ...criterion, weight: n + 1 }));
            const { status } = await api.send("PUT", `/evaluations/metrics/m${n % 8}`, {
              ...checklist,
              criteria,
            });
            statuses.add(status);
          }
          return [...statuses].map((status) => `changes answered ${status}`).join(", ");
        };
      },
    },
  ],
};
