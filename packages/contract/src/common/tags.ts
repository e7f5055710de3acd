/** The groups of the reference, in the order in which somebody new meets them. */
export const tags: Readonly<Record<string, string>> = {
  Traces: "What an agent did: one trace for each request to it, with its spans.",
  Sessions: "All traces of one conversation.",
  "Metrics and providers": "What can be judged, and by whom.",
  "Trace runs": "Evaluate traces by metrics, in the background.",
  "Trace scores": "What came of it, and what people and programs say.",
  "Session runs": "Evaluate whole sessions by metrics, in the background.",
  "Session scores": "What came of it.",
  Analytics: "Scores over time, and how they are spread.",
  Monitors: "Runs that start by themselves.",
  Administration: "Projects, API keys, quotas and the audit log.",
  Operations: "Whether the server is well, and this reference.",
};
