import { cleanProviderText } from "../clean-provider-text.ts";

/** What keys of the known providers look like, wherever they turn up (also where a provider masks part of one). */
const KEY_LIKE = /\b(?:sk|pk|rk)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}|\bya29\.[\w.-]+|\bBearer\s+\S+/gi;
const URL_LIKE = /\bhttps?:\/\/[^\s"'<>]+/gi;

/** Takes keys out of a text that people will read, and user names, passwords and queries out of its URLs. */
export function createRedact(secrets: readonly (string | null)[]): (text: string) => string {
  const known = secrets.filter((secret) => secret !== null).filter((secret) => secret !== "");
  return (text) => {
    const withoutKnown = known.reduce((left, secret) => left.replaceAll(secret, "[redacted]"), text);
    return cleanProviderText(withoutKnown.replace(URL_LIKE, bareUrl).replace(KEY_LIKE, "[redacted]"));
  };
}

function bareUrl(url: string): string {
  if (!URL.canParse(url)) return "[url]";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
