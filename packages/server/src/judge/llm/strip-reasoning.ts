const NAMES = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis";
/** `<think>` and its like; Mistral's models write `[THINK]`, Kimi's `◁think▷`. */
const TAGS = new RegExp(`[<◁](/?)(?:${NAMES})\\s{0,8}[>▷]|\\[(/?)THINK\\]`, "gi");

/**
 * The text without what its model thought aloud: blocks in reasoning tags, wherever they stand, and all channels but the
 * final one of a model that writes OpenAI's harmony format. A closing tag without an opening one ends a block that began
 * with the text, since many chat templates open it themselves; a block that is never closed goes on to the end.
 */
export function stripReasoning(text: string): string {
  return withoutBlocks(finalChannel(text)).trim();
}

/** What comes after the first reasoning block, if the text begins with one: the tags behind it may be quotations. */
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

/** `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`: what the final channel says. */
function finalChannel(text: string): string {
  if (!text.includes("<|message|>")) return text;
  const said: { readonly channel: string; readonly message: string }[] = [];
  let channel = "";
  // Split by a pattern with a group: texts and the names of the tokens between them take turns.
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
