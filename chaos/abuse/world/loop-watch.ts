// Preloaded into a server process. On SIGUSR2 it prints how long the event loop was blocked since the last signal, in
// wall-clock time and in CPU time, and the peak memory.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

// Threads load this file too.
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
    // The measured time includes the timer's own interval.
    const delayMs = Math.max(0, delays.max / 1e6 - resolution);
    delays.reset();
    const residentMb = process.resourceUsage().maxRSS / 1024;
    console.log(`LOOP ${JSON.stringify({ delayMs, cpuMs: mostCpuMs, residentMb })}`);
    mostCpuMs = 0;
  });
}

/** The CPU time of this thread. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
