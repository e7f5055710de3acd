export interface ServerSentEvent {
  readonly id: string;
  readonly name: string;
  /** "" for a comment, which only says that the server is there. */
  readonly data: string;
}

/** The events in a body, as they come. Each has its data on one line, as the server writes it. */
export async function* serverSentEvents(
  response: unknown,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent, undefined, undefined> {
  const reader = (response as Response | undefined)?.body?.getReader();
  // A signal that was handed to fetch does not reach the body everywhere.
  signal.addEventListener("abort", () => void reader?.cancel().catch(() => {}));
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done) return;
    const blocks = (text + decoder.decode(value, { stream: true })).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)`, "m").exec(block)?.[1] ?? "";
      yield { id: field("id"), name: field("event"), data: field("data") };
    }
  }
}

export function isEventStream({ headers }: Response): boolean {
  return /event-stream/.test(headers.get("content-type") ?? "");
}
