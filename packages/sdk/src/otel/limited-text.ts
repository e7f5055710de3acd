/** At most so many characters, as the server counts them: a name that is too long must not cost the trace. */
export function limitedText(text: string, max: number): string {
  return text.length <= max ? text : Array.from(text).slice(0, max).join("");
}
