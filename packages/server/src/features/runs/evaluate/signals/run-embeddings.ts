import { JudgeError } from "@pandaprobe/contract/rules";
import type { RunKey } from "../../../../db/run-key.ts";
import { UnusableModelError } from "../../../../judge/queue/model-queue.ts";
import { type Judge, wrapJudge } from "../../../../metrics/judge.ts";

/** How long a text waits for others to be embedded with. */
const gatherMs = 5;

interface Wanted {
  readonly text: string;
  /** The trace that the text is from. */
  readonly traceId: string | undefined;
  readonly resolve: (vector: number[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Gathering {
  readonly judge: Judge;
  /** The first caller's signal. All callers for one run are stopped together. */
  readonly signal: AbortSignal;
  readonly wanted: Wanted[];
}

/**
 * Gathers the texts that a run embeds at about the same time into one request to the judge. The same text of the same
 * trace is requested once at a time; the judge embeds a text that several traces share once. Nothing stays in memory
 * after the answer.
 */
export class RunEmbeddings {
  readonly #gathering = new Map<string, Gathering>();
  readonly #pending = new Map<string, Promise<number[]>>();

  /** The same judge, with its embedding requests gathered for this run. */
  judgeFor(run: RunKey, judge: Judge): Judge {
    // Embedding offline costs less than a query to the ledger, so there is nothing to save.
    if (judge.embedsAtNoCost) return judge;
    return wrapJudge(judge, {
      embed: (texts, signal, traceIds) =>
        Promise.all(
          texts.map((text, i) => this.#embed(run, judge, { text, traceId: traceIds?.[i] }, signal)),
        ),
    });
  }

  #embed(
    run: RunKey,
    judge: Judge,
    { text, traceId }: Pick<Wanted, "text" | "traceId">,
    signal: AbortSignal,
  ): Promise<number[]> {
    const key = `${run.id} ${traceId ?? ""} ${text}`;
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const gathering = this.#gathering.get(run.id) ?? this.#gather(run, { judge, signal, wanted: [] });
    gathering.wanted.push({ text, traceId, resolve, reject });
    this.#pending.set(key, promise);
    const remove = () => void this.#pending.delete(key);
    promise.then(remove, remove);
    return promise;
  }

  #gather(run: RunKey, gathering: Gathering): Gathering {
    this.#gathering.set(run.id, gathering);
    setTimeout(() => {
      this.#gathering.delete(run.id);
      void this.#askJudge(gathering, gathering.wanted);
    }, gatherMs);
    return gathering;
  }

  async #askJudge({ judge, signal }: Gathering, wanted: readonly Wanted[]): Promise<void> {
    try {
      const vectors = await judge.embed(
        wanted.map(({ text }) => text),
        signal,
        wanted.map(({ traceId }) => traceId),
      );
      for (const [i, { resolve }] of wanted.entries()) resolve(vectors[i] ?? []);
    } catch (error) {
      const mayBeOneText = error instanceof JudgeError && !(error instanceof UnusableModelError);
      if (!mayBeOneText || wanted.length === 1) {
        for (const { reject } of wanted) reject(error);
        return;
      }
      // The model may have rejected only one of the texts, so each is tried alone.
      await Promise.all(wanted.map((one) => this.#askJudge({ judge, signal, wanted: [] }, [one])));
    }
  }
}
