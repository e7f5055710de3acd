/** The beginning of a body that was not expected (a proxy's page, mostly): its text, fit to stand in a message. */
export function excerpt(body: string): string {
  return body
    .slice(0, 20_000)
    .replace(/^[\s\S]*<\/head>|<[^>]*>/gi, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^(.{200}).+/, "$1…");
}
