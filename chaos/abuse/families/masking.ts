import type { Attack, Attacker, Family } from "../attack.ts";
import { countOf, inFullOnly, started_at, times } from "./evaluation.ts";

/** Texts on which patterns that backtrack, or that read a text again from each place, take very long. */
const hostileTexts = [
  "a",
  "a@",
  "a.",
  "2 ",
  "4",
  "eyJaaaaaaaa-",
  "sk-aaaaaaaaaaaaaaaa",
  "-----BEGIN PRIVATE KEY-----",
  '{"password": ',
] as const;

const atOnce = 4;

/** An attack that stores traces, four at a time. */
function storing(name: string, title: string, rounds: number, bytes: number): Attack {
  return {
    name,
    title,
    async prepare(attacker: Attacker) {
      const { api, signal } = attacker;
      const bodies = hostileTexts.map((text) => {
        const input = text.repeat(Math.ceil(bytes / text.length));
        return Buffer.from(JSON.stringify({ name: "hostile", started_at, input }));
      });
      const queue = times(countOf(rounds, attacker), () => bodies).flat();
      const statuses = new Map<number, number>();
      const send = async () => {
        for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
          signal.throwIfAborted();
          const { status } = await api.send("POST", "/traces", body, { "content-type": "application/json" });
          if (status === 0 || (status >= 500 && status !== 503))
            throw new Error(`/traces answered ${status}.`);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      };
      return async () => {
        await Promise.all(times(atOnce, send));
        return [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
      };
    },
  };
}

/** Attacks by texts that masking rules read. */
export const masking: Family = {
  name: "masking",
  title: "masked traces",
  environment: {
    MASKING_RULES: JSON.stringify({
      email: true,
      card: true,
      api_key: true,
      credentials: true,
      slow: { keys: ["ssn"], paths: ["input.*.card"], patterns: ["([a-z]+)*[0-9]", "(?:.*,){5}x"] },
    }),
  },
  attacks: [
    storing("mask-small", "traces of 16 kB, masked on the event loop", 10, 16_000),
    inFullOnly(storing("mask-large", "traces of 1 MB, masked in threads", 3, 1_000_000)),
    inFullOnly(storing("mask-huge", "traces of 8 MB, masked in threads", 1, 8_000_000)),
  ],
};
