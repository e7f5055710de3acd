// Loaded into a process of the server before anything else: a question about a poisoned trace is the end of it.
const trueFetch = globalThis.fetch;

globalThis.fetch = (input, init) => {
  if (typeof init?.body === "string" && init.body.includes("POISON")) process.kill(process.pid, "SIGKILL");
  return trueFetch(input, init);
};
