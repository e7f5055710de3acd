// Preloaded into a server process. On SIGUSR2 it prints how long the event loop was blocked since the last signal (in
// wall-clock time, without waiting for a processor, and in CPU time), and the peak memory.
import { openSync, readSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

// Threads load this file too.
if (isMainThread) watch();

function watch(): void {
  const resolution = 5;
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();

  const processorWaitMs = readerOfProcessorWait();
  const now = () => ({ clock: performance.now(), waited: processorWaitMs(), cpu: cpuMs() });
  let last = now();
  const most = { ownDelayMs: 0, cpuMs: 0 };
  setInterval(() => {
    const current = now();
    const ownDelayMs = current.clock - last.clock - resolution - (current.waited - last.waited);
    most.ownDelayMs = Math.max(most.ownDelayMs, ownDelayMs);
    most.cpuMs = Math.max(most.cpuMs, current.cpu - last.cpu);
    last = current;
  }, resolution).unref();

  process.on("SIGUSR2", () => {
    // The measured time includes the timer's own interval.
    const delayMs = Math.max(0, delays.max / 1e6 - resolution);
    delays.reset();
    const residentMb = process.resourceUsage().maxRSS / 1024;
    console.log(`LOOP ${JSON.stringify({ delayMs, ...most, residentMb })}`);
    most.ownDelayMs = 0;
    most.cpuMs = 0;
  });
}

/** Reads how long this thread was ready to run but had no processor. Only Linux knows; elsewhere it is 0. */
function readerOfProcessorWait(): () => number {
  if (process.platform !== "linux") return () => 0;
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  const text = Buffer.alloc(100);
  return () => {
    const length = readSync(file, text, 0, text.length, 0);
    const [, waitedNs] = text.toString("latin1", 0, length).split(" ");
    return Number(waitedNs) / 1e6;
  };
}

/** The CPU time of this thread. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
