import { createHash } from "node:crypto";
import type { Database } from "../../../db/database.ts";
import { type Judge, JudgeError } from "../../../metrics/judge.ts";
import type { RunKey } from "../run-key.ts";
import { type HashedEmbedding, readEmbeddings, storeEmbeddings } from "./stored-embeddings.ts";

/** How long a text may wait for others to be embedded with. */
const gatherMs = 5;

interface Wanted {
  readonly hash: string;
  readonly text: string;
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
 * Embeds each distinct text of a run once: texts that are wanted at about the same time go to the judge together, those
 * under way are waited for, and those embedded before, here or by another process, are read from the database. Nothing
 * is held in memory beyond what is being waited for.
 */
export class RunEmbeddings {
  readonly #db: Database;
  readonly #gathering = new Map<string, Gathering>();
  readonly #underWay = new Map<string, Promise<number[]>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The same judge, embedding for this run. */
  judgeFor(run: RunKey, judge: Judge): Judge {
    // What costs less than a look into the database is not worth keeping.
    if (judge.embedsAtNoCost) return judge;
    return {
      model: judge.model,
      embeddingModel: judge.embeddingModel,
      get maxTraceChars() {
        return judge.maxTraceChars;
      },
      get maxTextChars() {
        return judge.maxTextChars;
      },
      ask: judge.ask,
      embed: (texts, signal) => Promise.all(texts.map((text) => this.#embed(run, judge, text, signal))),
    };
  }

  #embed(run: RunKey, judge: Judge, text: string, signal: AbortSignal): Promise<number[]> {
    const hash = createHash("sha256").update(`${judge.embeddingModel}\n${text}`).digest("hex");
    const key = `${run.id} ${hash}`;
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const gathering = this.#gathering.get(run.id) ?? this.#gather(run, { judge, signal, wanted: [] });
    gathering.wanted.push({ hash, text, resolve, reject });
    this.#underWay.set(key, promise);
    const forget = () => void this.#underWay.delete(key);
    promise.then(forget, forget);
    return promise;
  }

  #gather(run: RunKey, gathering: Gathering): Gathering {
    this.#gathering.set(run.id, gathering);
    setTimeout(() => {
      this.#gathering.delete(run.id);
      this.#answer(run, gathering).catch((error: unknown) => {
        for (const { reject } of gathering.wanted) reject(error);
      });
    }, gatherMs);
    return gathering;
  }

  async #answer(run: RunKey, gathering: Gathering): Promise<void> {
    const hashes = gathering.wanted.map(({ hash }) => hash);
    const known = await readEmbeddings(this.#db, run, hashes);
    const unknown: Wanted[] = [];
    for (const wanted of gathering.wanted) {
      const vector = known.get(wanted.hash);
      if (vector === undefined) unknown.push(wanted);
      else wanted.resolve([...vector]);
    }
    if (unknown.length > 0) await this.#askJudge(run, gathering, unknown);
  }

  async #askJudge(run: RunKey, { judge, signal }: Gathering, unknown: readonly Wanted[]): Promise<void> {
    try {
      const vectors = await judge.embed(
        unknown.map(({ text }) => text),
        signal,
      );
      const embeddings = unknown.map(
        // Rounded before anyone sees them: whoever reads them back compares the very same numbers.
        ({ hash }, i): HashedEmbedding => ({ hash, vector: Float32Array.from(vectors[i] ?? []) }),
      );
      await storeEmbeddings(this.#db, run, embeddings);
      for (const [i, { resolve }] of unknown.entries()) resolve([...(embeddings[i]?.vector ?? [])]);
    } catch (error) {
      if (!(error instanceof JudgeError) || unknown.length === 1) {
        for (const { reject } of unknown) reject(error);
        return;
      }
      // One text that the model refuses must not cost the others their embeddings.
      await Promise.all(
        unknown.map((wanted) => this.#askJudge(run, { judge, signal, wanted: [] }, [wanted])),
      );
    }
  }
}
