// Loaded into a process of the server before anything else: on SIGUSR2 it prints how long its event loop was held up
// since the last time, by the clock and in CPU time, and the most memory it has held.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

// Threads load it too.
if (isMainThread) watch();

function watch(): void {
  const resolution = 5;
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();

  let usedMs = cpuMs();
  let mostCpuMs = 0;
  setInterval(() => {
    const nowMs = cpuMs();
    mostCpuMs = Math.max(mostCpuMs, nowMs - usedMs);
    usedMs = nowMs;
  }, resolution).unref();

  process.on("SIGUSR2", () => {
    // Of what is measured, the timer's own interval is no delay.
    const delayMs = Math.max(0, delays.max / 1e6 - resolution);
    delays.reset();
    const residentMb = process.resourceUsage().maxRSS / 1024;
    console.log(`LOOP ${JSON.stringify({ delayMs, cpuMs: mostCpuMs, residentMb })}`);
    mostCpuMs = 0;
  });
}

/** Of this thread alone. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
