export interface ServerSentEvent {
  readonly id: string;
  readonly name: string;
  /** "" for a comment, which only says that the server is there. */
  readonly data: string;
}

/** The events in a body, as they come. Each has its data on one line, as the server writes it. */
export async function* serverSentEvents({
  body,
}: Response): AsyncGenerator<ServerSentEvent, undefined, undefined> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done) return;
    const blocks = (text + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? "";
      yield { id: field("id"), name: field("event"), data: field("data") };
    }
  }
}
