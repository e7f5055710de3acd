/** The groups of the reference, in the order in which a new user needs them. */
export const tags: Readonly<Record<string, string>> = {
  Traces: "What an agent did: one trace per request, with its spans.",
  OpenTelemetry: "Spans in OTLP, from any OpenTelemetry exporter.",
  Sessions: "All traces of one conversation.",
  "Metrics and providers": "What can be evaluated, and by which judges.",
  "Metrics of your own":
    "Metrics that the project defines as data: checklists, scales and checks without a judge.",
  "Trace runs": "Evaluate traces in the background.",
  "Trace scores": "Scores by runs, people and programs.",
  "Session runs": "Evaluate whole sessions in the background.",
  "Session scores": "Scores of whole sessions by runs, people and programs.",
  "Span scores":
    "Scores of single steps by people and programs. Runs, analytics and other lists do not include them.",
  Analytics: "Scores over time, and their distribution.",
  Agreement: "How far judges agree with people, and whether a version got worse.",
  "Review queues": "Traces and sessions for people to score, drawn at random or because judges are unsure.",
  Monitors: "Recurring runs.",
  Administration: "Projects, API keys, quotas and the audit log.",
  Operations: "Health, metrics, and this reference.",
};
