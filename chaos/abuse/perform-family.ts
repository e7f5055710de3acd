import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../median.ts";
import type { Scenario, Trial } from "../scenario.ts";
import { type Attack, type Family, limits, shortFormLimits } from "./attack.ts";
import { Neighbour } from "./world/neighbour.ts";
import { startWatchedServer, type WatchedServer } from "./world/watched-server.ts";

/** How long the server gets to settle after the data of an attack was stored. */
const settlingMs = 300;
/** How long the neighbour works alone, as the baseline, and how long it pauses after each run. */
const pace = { aloneMs: 3_000, pauseMs: 20 };
/** The tests run beside other work, so the neighbour leaves them the processor. */
const shortFormPace = { aloneMs: 800, pauseMs: 150 };

/** The attacks of a family one after the other, on one server, while another tenant keeps working. */
export function scenarioOf(
  { name, title, attacks, environment }: Family,
  only: readonly string[] = [],
): Scenario {
  return {
    name,
    title,
    async run(trial) {
      const wanted = attacks.filter(
        (attack) =>
          (only.length === 0 || only.includes(attack.name)) && !(trial.short && attack.onlyInFull === true),
      );
      const server = await startWatchedServer(trial, environment);
      const { aloneMs, pauseMs } = trial.short ? shortFormPace : pace;
      const neighbour = new Neighbour(server.neighbourApi, pauseMs);
      await neighbour.settleIn();
      // Warm-up: the first runs are slow because their code is compiled.
      await neighbour.work(AbortSignal.timeout(aloneMs));
      const alone = median((await neighbour.work(AbortSignal.timeout(aloneMs))).runsMs);
      trial.report("the neighbour's run, alone", `${alone.toFixed(0)} ms`);
      for (const attack of wanted) {
        trial.signal.throwIfAborted();
        await withstand(trial, server, { attack, neighbour, alone });
      }
    },
  };
}

interface AttackSetup {
  readonly attack: Attack;
  readonly neighbour: Neighbour;
  /** How long a run of the neighbour takes without the attack, in milliseconds. */
  readonly alone: number;
}

/** Performs one attack and checks the measurements against the limits. */
async function withstand(
  trial: Trial,
  server: WatchedServer,
  { attack, neighbour, alone }: AttackSetup,
): Promise<void> {
  trial.say(attack.title);
  const { short, signal } = trial;
  const bounds = short ? shortFormLimits : limits;
  const attacker = { api: server.attackerApi(attack.name), llm: server.llm, short, signal };
  const strike = await attack.prepare(attacker);
  await sleep(settlingMs);
  await server.readLoop();
  const over = new AbortController();
  const working = neighbour.work(over.signal);
  const startedAt = performance.now();
  const outcome = await strike().finally(() => over.abort());
  const tookMs = performance.now() - startedAt;
  const { runsMs, readsMs, faults } = await working;
  const { delayMs, ownDelayMs, cpuMs, residentMb } = await server.readLoop();
  const slowdown = median(runsMs) / alone;
  const blockedMs = short ? cpuMs : ownDelayMs;
  const holds =
    blockedMs <= bounds.loopDelayMs &&
    slowdown <= bounds.slowdown &&
    residentMb <= bounds.residentMb &&
    faults.length === 0;
  const measured = [
    `loop ${ownDelayMs.toFixed(0)} ms (${delayMs.toFixed(0)} ms by the clock, ${cpuMs.toFixed(0)} ms of CPU)`,
    `neighbour ×${slowdown.toFixed(1)} (reads up to ${Math.max(...readsMs).toFixed(0)} ms)`,
    `${residentMb.toFixed(0)} MB`,
    `${faults.length} faults${faults[0] === undefined ? "" : `, such as "${faults[0]}"`}`,
    `${(tookMs / 1000).toFixed(1)} s: ${outcome}`,
  ];
  trial.check(attack.title, holds, measured.join("; "));
}
