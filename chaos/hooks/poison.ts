// Preloaded into a server process: a question about a poisoned trace kills the process.
const trueFetch = globalThis.fetch;

globalThis.fetch = (input, init) => {
  if (typeof init?.body === "string" && init.body.includes("POISON")) process.kill(process.pid, "SIGKILL");
  return trueFetch(input, init);
};
