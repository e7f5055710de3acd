import type { Family } from "../attack.ts";
import { countOf, started_at, times } from "./evaluation.ts";

const votes = times(20_000, (i) => ({ value: i / 20_000, applicable: true, reason: "" }));
const metrics = [{ name: "quality", data_type: "NUMERIC" }];

/** Attacks by what review queues are drawn from. */
export const reviews: Family = {
  name: "reviews",
  title: "review queues",
  attacks: [
    {
      name: "queues",
      title: "8 review queues at once, drawn where judges differ: 20 scores, each with metadata of 0.9 MB",
      async prepare(attacker) {
        const { api } = attacker;
        for (let n = 0; n < countOf(20, attacker); n++) {
          const trace = { name: "hostile", started_at };
          const { body } = await api.send<{ trace_id: string }>("POST", "/traces", trace);
          const score = { trace_id: body.trace_id, name: "quality", value: "0.5", source: "PROGRAMMATIC" };
          const { status } = await api.send("POST", "/evaluations/trace-scores", {
            ...score,
            metadata: { model: "a/b", votes },
          });
          if (status !== 201) throw new Error(`The score was refused with ${status}.`);
          await api.send("POST", "/evaluations/trace-scores", { ...score, metadata: { model: "c/d" } });
        }
        return async () => {
          const queue = {
            name: "hostile",
            metrics,
            order: "disagreement",
            size: 1000,
            reviewers_per_item: 10,
          };
          const answers = await Promise.all(
            times(countOf(8, attacker), () => api.send("POST", "/evaluations/review-queues", queue)),
          );
          return [...new Set(answers.map(({ status }) => status))].join(", ");
        };
      },
    },
  ],
};
