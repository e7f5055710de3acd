/** Text of a request, quoted in an answer, is cut: it may be as long as a body. */
export function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).toWellFormed()}…`;
}
