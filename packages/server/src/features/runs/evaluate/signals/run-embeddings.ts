import { JudgeError } from "@pandaprobe/contract/rules";
import type { RunKey } from "../../../../db/run-key.ts";
import { UnusableModelError } from "../../../../judge/queue/model-queue.ts";
import { type Judge, wrapJudge } from "../../../../metrics/judge.ts";

/** How long a text may wait for others to be embedded with. */
const gatherMs = 5;

interface Wanted {
  readonly text: string;
  /** Which trace it is from. */
  readonly traceId: string | undefined;
  readonly resolve: (vector: number[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Gathering {
  readonly judge: Judge;
  /** Of who asked first; all who ask for one run in one process are stopped together. */
  readonly signal: AbortSignal;
  readonly wanted: Wanted[];
}

/**
 * Gathers the texts of a run that are wanted at about the same time into one request to the judge, and asks it once at a time
 * for each text of a trace. The judge embeds a text of several traces once. Nothing is held in memory beyond what is being
 * waited for.
 */
export class RunEmbeddings {
  readonly #gathering = new Map<string, Gathering>();
  readonly #underWay = new Map<string, Promise<number[]>>();

  /** The same judge, embedding for this run. */
  judgeFor(run: RunKey, judge: Judge): Judge {
    // What costs less than a look into the database is not worth keeping.
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
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const gathering = this.#gathering.get(run.id) ?? this.#gather(run, { judge, signal, wanted: [] });
    gathering.wanted.push({ text, traceId, resolve, reject });
    this.#underWay.set(key, promise);
    const forget = () => void this.#underWay.delete(key);
    promise.then(forget, forget);
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
      const isOfThese = error instanceof JudgeError && !(error instanceof UnusableModelError);
      if (!isOfThese || wanted.length === 1) {
        for (const { reject } of wanted) reject(error);
        return;
      }
      // One text that the model refuses must not cost the others their embeddings.
      await Promise.all(wanted.map((one) => this.#askJudge({ judge, signal, wanted: [] }, [one])));
    }
  }
}
