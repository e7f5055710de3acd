// Loaded into a process of the server before anything else: a thread that parses a trace with one of these words dies, or
// never comes to an end.
import { isMainThread } from "node:worker_threads";

const parse = JSON.parse;

if (!isMainThread) {
  JSON.parse = (text, reviver) => {
    if (text.includes("DIES-OF-IT")) process.exit(7);
    while (text.includes("NEVER-ENDS"));
    return parse(text, reviver);
  };
}
