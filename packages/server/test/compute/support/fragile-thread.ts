// Preloaded into a server process: a thread that parses a trace with one of these words dies or never ends.
import { isMainThread } from "node:worker_threads";

const parse = JSON.parse;

if (!isMainThread) {
  JSON.parse = (text, reviver) => {
    if (text.includes("DIES-OF-IT")) process.exit(7);
    while (text.includes("NEVER-ENDS"));
    return parse(text, reviver);
  };
}
