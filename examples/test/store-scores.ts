/** Where scores are stored. */
export interface Destination {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly projectName: string;
}

/** A number from 0 to 1 that a program gives a trace. */
export interface GivenScore {
  readonly traceId: string;
  readonly name: string;
  readonly value: number;
}

/** Stores scores in one request, as programs with OpenTelemetry do. */
export async function storeScores(
  { endpoint, apiKey, projectName }: Destination,
  scores: readonly GivenScore[],
): Promise<void> {
  const logRecords = scores.map(({ traceId, name, value }) => ({
    traceId: traceId.replaceAll("-", ""),
    timeUnixNano: "1772355600000000000",
    eventName: "gen_ai.evaluation.result",
    attributes: [
      { key: "gen_ai.evaluation.name", value: { stringValue: name } },
      { key: "gen_ai.evaluation.score.value", value: { doubleValue: value } },
    ],
  }));
  const answer = await fetch(`${endpoint}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": apiKey, "x-project-name": projectName },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
  const text = await answer.text();
  // A record that is not stored is counted there.
  if (text !== "{}") throw new Error(`The scores were not stored: ${answer.status} ${text}`);
}
