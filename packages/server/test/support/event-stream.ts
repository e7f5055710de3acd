/** A server-sent event, as received. */
export interface ReceivedEvent {
  /** Its lines in the stream. */
  readonly text: string;
  /** "" if the lines have none. */
  readonly event: string;
  readonly id: string;
  readonly data: string;
  /** By `performance.now()`. */
  readonly at: number;
}

export function isEventStream(headers: Headers): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** Yields each block of lines as it arrives, including comments. Leaving the loop closes the connection. */
export async function* readEvents(response: Response): AsyncGenerator<ReceivedEvent> {
  let rest = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const text of blocks) yield parseEvent(text);
  }
}

export function parseEvent(text: string): ReceivedEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
  return { text, event: field("event"), id: field("id"), data: field("data"), at: performance.now() };
}
