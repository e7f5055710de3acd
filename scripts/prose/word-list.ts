/** A phrase that makes text hard to read, and what to write in its place. */
export interface Tic {
  /** Whole words, in any case. A space also matches the line break of a wrapped comment. */
  readonly phrase: RegExp;
  readonly instead: string;
}

/** Found in comments, docs, messages and test titles. CONTRIBUTING.md has the table of terms. */
export const tics: readonly Tic[] = [
  { phrase: /whoever/, instead: "who acts: the caller, the client, the worker, the process" },
  { phrase: /nobody/, instead: "who does not act: no worker, no client, no other process" },
  { phrase: /(?:some|any|every)body/, instead: "who acts: another reviewer, the caller, all clients" },
  { phrase: /be had/, instead: '"available", or who failed to get it' },
  { phrase: /lest/, instead: '"so that … not"' },
  { phrase: /be it/, instead: '"whether … or …"' },
  { phrase: /so as to/, instead: '"to"' },
  { phrase: /but for/, instead: '"except"' },
  { phrase: /(?:is|are|was|were|be|been) told of/, instead: '"learns about", or what arrives' },
  { phrase: /news/, instead: '"notification", "event" or "change"' },
  { phrase: /what came of/, instead: '"result" or "outcome"' },
  { phrase: /as it (?:stands|stood)/, instead: '"as it is", "the current …"' },
  { phrase: /for want of/, instead: '"because … is missing"' },
  { phrase: /, for (?:it|there|they|we|no|nothing|neither)/, instead: '", because", or a new sentence' },
  { phrase: /for ever/, instead: '"forever"' },
  { phrase: /(?:a person|people)'s word/, instead: '"a person\'s score"' },
  { phrase: /time to the first token/, instead: '"time to first token"' },
  { phrase: /(?:calls|results) of tools/, instead: '"tool calls", "tool results"' },
  { phrase: /of one's own/, instead: '"its own", "a project\'s own"' },
  { phrase: /feeders?/, instead: "dispatcher" },
  { phrase: /(?:taken|takes|take|took) for dead/, instead: "presumed dead" },
  { phrase: /last tries/, instead: "quarantine" },
  { phrase: /place shares/, instead: "fair share" },
  { phrase: /test doubles?/, instead: "mock server" },
  { phrase: /maxTries/, instead: "maxAttempts" },
  { phrase: /mayPass/, instead: "isRetryable" },
  { phrase: /(?:each|every|all|last|next|two|three|four|many|more|\d+) (?:try|tries)/, instead: "attempt" },
  {
    phrase: /(?:below|above|under|reach|reaches|reached|against) (?:a|the|its|any|every|each|that|this) bar/,
    instead: "threshold",
  },
];

/** Where a phrase is the name of something; without a file, wherever it stands. */
export const allowed: readonly { readonly text: string; readonly file?: string }[] = [
  { text: "noBody" },
  { text: "last tries", file: "packages/server/src/jobs/quarantine.ts" },
  { text: "nobody", file: "packages/server/src/db/embedded/run-as.ts" },
  // Words of prompts, which are part of the keys of stored answers.
  { text: "nobody", file: "packages/server/src/metrics/argument-correctness.ts" },
  { text: "whoever", file: "packages/server/src/metrics/prompt.ts" },
  { text: "what came of", file: "packages/server/src/metrics/task-completion.ts" },
];
