/** What the fake models say: a text, or a call of `get_weather` for a city. */
export interface Answer {
  readonly text: string;
  readonly city?: string;
}

/** Answers from the last message of a conversation alone. */
export function answerTo(message: unknown, hasTool: boolean): Answer {
  const last = JSON.stringify(message ?? "");
  const city = /Weather in (\w+)\?/.exec(last)?.[1];
  if (city !== undefined && hasTool) return { text: "", city };
  if (last.includes("No such city")) return { text: "I do not know that city." };
  return { text: last.includes("How do I get there?") ? "Take the train." : "It rains in Paris." };
}
