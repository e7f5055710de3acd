/** How many unclosed braces are skipped. Each costs another pass over the text. */
const MOST_PASSES = 4;

/** The outermost JSON objects in a text, in order, as text. Takes linear time. */
export function findObjects(text: string): string[] {
  const found: string[] = [];
  let passes = 0;
  let start = text.indexOf("{");
  while (start !== -1 && passes < MOST_PASSES) {
    const end = endOfObject(text, start);
    if (end === undefined) passes += 1;
    else found.push(text.slice(start, end));
    start = text.indexOf("{", end ?? start + 1);
  }
  return found;
}

/** The index after the brace that closes the one at `start`; undefined if there is none. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (character === '"') i = endOfString(text, i);
    else if (character === "'") i = endOfSingleQuoted(text, i);
    else if (character === "/") i = endOfComment(text, i);
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

/** Some models write 'don't', so a quote only ends a string before a character that may follow one. */
function endOfSingleQuoted(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === "'") {
      let next = i + 1;
      while (/\s/.test(text[next] ?? "")) next += 1;
      if (",:}]".includes(text[next] ?? "}")) return i;
      i = next - 1;
    }
  }
  return text.length;
}

function endOfComment(text: string, start: number): number {
  const closing = { "/": "\n", "*": "*/" }[text[start + 1] ?? ""];
  if (closing === undefined) return start;
  const end = text.indexOf(closing, start + 2);
  return end === -1 ? text.length : end + closing.length - 1;
}
