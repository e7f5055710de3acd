/** Quotes the integers in a JSON text that JavaScript cannot represent, so that parsing loses no digit. */
export function exactIntegers(json: string): string {
  // Digits after a decimal point are many, and never part of an integer.
  if (!/(?<![.\d])\d{16}/.test(json)) return json;
  const pieces: string[] = [];
  // A regular expression for strings would overflow the stack on long ones.
  for (let at = 0; at < json.length; ) {
    const start = json.indexOf('"', at);
    const between = start === -1 ? json.length : start;
    pieces.push(json.slice(at, between).replace(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, exact));
    at = start === -1 ? json.length : endOfString(json, start);
    pieces.push(json.slice(between, at));
  }
  return pieces.join("");
}

function exact(number: string): string {
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number;
}

/** The index after the closing quote. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end + 1;
}

/** Whether an odd number of backslashes comes before it. */
function isEscaped(json: string, at: number): boolean {
  let start = at;
  while (json[start - 1] === "\\") start -= 1;
  return (at - start) % 2 === 1;
}
