/** The limits on requests. `docs/security.md` lists them. */
export const limits = {
  /** A name of a trace, a span or a run, in characters. */
  name: 512,
  /** A label, an application's own id, a tag or a filter, in characters. */
  label: 255,
  /** A date-time, in characters. */
  dateTime: 64,
  /** A cursor of a list, in characters: it contains a name of up to {@link limits.name} characters. */
  cursor: 6_000,
  tags: 100,
  /** Tags that a new trace may be sent with; those beyond {@link limits.tags} are dropped. */
  sentTags: 200_000,
  metrics: 100,
  /** Metrics of one comparison. */
  comparedMetrics: 20,
  /** How often a run judges each question. */
  repeats: 10,
  /** Questions to a judge that are shown for one score. */
  judgeQuestions: 50,
  /** Models of a jury. */
  judges: 9,
  /** Traces or sessions that a run lists by id. */
  targets: 100_000,
  /** Traces or sessions whose scores are listed together. */
  listedTargets: 100,
  /** Fields of an object of weights or thresholds. */
  fields: 100,
  /** One JSON object, such as `metadata`, in bytes of JSON. */
  objectBytes: 1_000_000,
  /** What programs and judges say (`error`, `reason`), in bytes. */
  freeTextBytes: 100_000,
  /** Tags in the summary of a session. */
  sessionTags: 100,
  /** Rows of a summary of scores: one for each name. */
  summaryRows: 1000,
  /** Groups of scores that are shown one by one; analytics adds up the others. */
  scoreGroups: 20,
  spansPerTrace: 20_000,
  /** All spans of a trace together, in bytes of JSON. */
  traceBytes: 50_000_000,
  /** An OTLP request, before and after decompression: 32 MiB. */
  otlpBytes: 33_554_432,
  /** The project's own metrics. */
  ownMetric: {
    /** How many a project may have. */
    perProject: 100,
    /** Traces or sessions that it is tried on at once. */
    tried: 5,
    /** How many versions of each are kept. */
    versions: 100,
    /** A definition, in bytes of JSON. */
    definitionBytes: 32_000,
    criteria: 50,
    anchors: 21,
    /** Values of a list, such as texts to look for. */
    values: 100,
    /** In characters. */
    instructions: 8_000,
    /** A question of a checklist or a text of a scale, in characters. */
    question: 1_000,
  },
  /** A review queue. */
  reviewQueue: {
    /** How many a project may have. */
    perProject: 100,
    items: 1_000,
    metrics: 20,
    /** Labels of a CATEGORICAL metric to choose from. */
    choices: 20,
    reviewersPerItem: 10,
    /** People who may review one queue. */
    reviewers: 100,
    /** How long a claim may be kept, in seconds: a day. */
    claimSeconds: 86_400,
    /** Why an item is skipped, in characters. */
    skipReason: 500,
    /** How much of a judge's reason a verdict shows, in characters. */
    judgeReason: 500,
  },
  /** Errors of a request that are looked for and listed. */
  issues: 20,
} as const;
