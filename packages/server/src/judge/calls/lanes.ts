import { randomUUID } from "node:crypto";
import type { JudgeSettings } from "../../judge-settings.ts";
import type { Exchange } from "../limits/exchange.ts";
import { Permit } from "../limits/permit.ts";
import { formatModelName, type ModelName } from "../model-name.ts";
import { Lane } from "./lane.ts";

/** The lanes of a process, one for each model that it calls. */
export class Lanes {
  readonly #settings: JudgeSettings;
  readonly #exchange: Exchange;
  readonly #processId = randomUUID();
  readonly #lanes = new Map<string, Lane>();
  readonly #providers = new Map<string, Permit>();

  constructor(settings: JudgeSettings, exchange: Exchange) {
    this.#settings = settings;
    this.#exchange = exchange;
  }

  of(name: ModelName, title: string): Lane {
    const model = formatModelName(name);
    const { concurrency, patienceMs } = this.#settings;
    const known = this.#lanes.get(model);
    if (known !== undefined) return known;
    const shared = this.#providerPermit(name.provider);
    const permits = [this.#permit(model), ...(shared === undefined ? [] : [shared])] as const;
    const lane = new Lane({ title, concurrency, permits, patienceMs });
    this.#lanes.set(model, lane);
    return lane;
  }

  /** The models that are down or have asked to be left alone, as far as this process knows. */
  blocked(): string[] {
    return [...this.#lanes].filter(([, lane]) => lane.isBlocked).map(([model]) => model);
  }

  /** Of a provider that has limits for all its models together. */
  #providerPermit(provider: string): Permit | undefined {
    if (!Object.hasOwn(this.#settings.limits, provider)) return undefined;
    const permit = this.#providers.get(provider) ?? this.#permit(provider);
    this.#providers.set(provider, permit);
    return permit;
  }

  #permit(key: string): Permit {
    const { limits, firstBackoffMs } = this.#settings;
    const own = Object.hasOwn(limits, key) ? (limits[key] ?? null) : null;
    return new Permit({
      key,
      processId: this.#processId,
      exchange: this.#exchange,
      rules: { limits: own, firstPauseMs: firstBackoffMs },
    });
  }
}
