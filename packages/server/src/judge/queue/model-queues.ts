import { randomUUID } from "node:crypto";
import { formatModelName, type ModelName } from "@pandaprobe/contract/rules";
import type { JudgeSettings } from "../../config/judge-settings.ts";
import type { Coordinator } from "../limits/coordinator.ts";
import { RateLimiter } from "../limits/rate-limiter.ts";
import { ModelQueue } from "./model-queue.ts";

/** The queues of a process, one per model. */
export class ModelQueues {
  readonly #settings: JudgeSettings;
  readonly #coordinator: Coordinator;
  readonly #processId = randomUUID();
  readonly #queues = new Map<string, ModelQueue>();
  readonly #providers = new Map<string, RateLimiter>();

  constructor(settings: JudgeSettings, coordinator: Coordinator) {
    this.#settings = settings;
    this.#coordinator = coordinator;
  }

  /** @param title names the model in messages: "The judge openai/gpt-5.4-mini". */
  of(name: ModelName, title: string): ModelQueue {
    const model = formatModelName(name);
    const known = this.#queues.get(model);
    if (known !== undefined) return known;
    const { concurrency, maxOutageMs } = this.#settings;
    const shared = this.#providerLimiter(name.provider);
    const limiters = [this.#limiter(model), ...(shared === undefined ? [] : [shared])] as const;
    const queue = new ModelQueue({ title, concurrency, limiters, maxOutageMs });
    this.#queues.set(model, queue);
    return queue;
  }

  /** The models that are down or paused, as far as this process knows. */
  blocked(): string[] {
    return [...this.#queues].filter(([, queue]) => queue.isBlocked).map(([model]) => model);
  }

  #providerLimiter(provider: string): RateLimiter | undefined {
    if (!Object.hasOwn(this.#settings.limits, provider)) return undefined;
    const limiter = this.#providers.get(provider) ?? this.#limiter(provider);
    this.#providers.set(provider, limiter);
    return limiter;
  }

  #limiter(key: string): RateLimiter {
    const { limits, firstBackoffMs } = this.#settings;
    const own = Object.hasOwn(limits, key) ? (limits[key] ?? null) : null;
    return new RateLimiter({
      key,
      processId: this.#processId,
      coordinator: this.#coordinator,
      rules: { limits: own, firstPauseMs: firstBackoffMs },
    });
  }
}
