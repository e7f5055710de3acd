const NAMES = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis";
/** `<think>` and the like; Mistral's models write `[THINK]`, Kimi's `◁think▷`. */
const TAGS = new RegExp(`[<◁](/?)(?:${NAMES})\\s{0,8}[>▷]|\\[(/?)THINK\\]`, "gi");

/**
 * Removes a model's reasoning from a text: blocks in reasoning tags, and all channels except the final one in OpenAI's harmony
 * format. A closing tag without an opening one ends a block that began with the text, since many chat templates open it
 * themselves. A block that is never closed extends to the end.
 */
export function stripReasoning(text: string): string {
  return withoutBlocks(finalChannel(text)).trim();
}

/** The text after the first reasoning block; undefined if there is none. Later tags may be quotations. */
export function afterFirstBlock(text: string): string | undefined {
  const close = [...text.matchAll(TAGS)].find(isClosing);
  return close && text.slice(close.index + close[0].length).trim();
}

function withoutBlocks(text: string): string {
  const kept: string[] = [];
  let depth = 0;
  let from = 0;
  for (const tag of text.matchAll(TAGS)) {
    const end = tag.index + tag[0].length;
    if (isClosing(tag)) {
      if (depth === 0) kept.length = 0;
      depth = Math.max(0, depth - 1);
      if (depth === 0) from = end;
    } else {
      if (depth === 0) kept.push(text.slice(from, tag.index));
      depth += 1;
    }
  }
  if (depth === 0) kept.push(text.slice(from));
  return kept.join("");
}

function isClosing([, slash, bracketSlash]: RegExpMatchArray): boolean {
  return slash === "/" || bracketSlash === "/";
}

/** The final channel of `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`. */
function finalChannel(text: string): string {
  if (!text.includes("<|message|>")) return text;
  const said: { readonly channel: string; readonly message: string }[] = [];
  let channel = "";
  // Splitting by a pattern with a group yields texts and token names alternately.
  const pieces = text.split(/<\|([a-z]{1,20})\|>/);
  for (let i = 1; i < pieces.length; i += 2) {
    const content = pieces[i + 1] ?? "";
    if (pieces[i] === "channel") channel = content.trim();
    if (pieces[i] === "message") said.push({ channel, message: content });
  }
  const final = said.filter((one) => one.channel.startsWith("final"));
  const shown = final.length > 0 ? final : said.filter((one) => !one.channel.startsWith("analysis"));
  return shown.map(({ message }) => message).join("\n");
}
