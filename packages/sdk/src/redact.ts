/** The text without the API keys in it, such as a proxy's error page that repeats the request. */
export function redact(text: string): string {
  return text.replace(/sk_pp_\w+/g, "sk_pp_…");
}
