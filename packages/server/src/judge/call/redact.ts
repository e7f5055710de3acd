import { cleanProviderText } from "../clean-provider-text.ts";

/** What keys of the known providers look like, wherever they turn up (also where a provider masks part of one). */
const KEY_LIKE =
  /\b(?:sk|pk|rk)[-_](?=[\w.-]*[\d*])[\w*.-]{6,}|\bAIza[\w-]{10,}|\bya29\.[\w.-]+|\bBearer\s+(?=\S*(?:\d|[._-]\w))\S+/gi;
const URL_LIKE = /\bhttps?:\/\/[^\s"'<>]+/gi;

/** What people set as a key where none is needed: not secret, and often a part of ordinary words. */
const DUMMY_KEYS =
  /^(?:(?:sk|pk)[-_]?)?(?:x+|-+|\*+|0+|none|null|nil|no|not?[-_ ]?(?:needed|required|used|set)|no[-_ ]?(?:api[-_ ]?)?key(?:[-_ ]?(?:needed|required))?|empty|dummy|fake|test|testing|placeholder|unused|anything|whatever|change[-_ ]?me|ollama|lm[-_ ]?studio|vllm|llama\.?cpp|local|localhost|litellm|openai|your[-_ ]api[-_ ]key|(?:api[-_ ]?)?key|secret|token|password)(?:[-_ ]?key)?$/i;

/** Takes keys out of a text that people will read, and user names, passwords and queries out of its URLs. */
export function createRedact(secrets: readonly (string | null)[]): (text: string) => string {
  const known = secrets.filter((secret) => secret !== null).filter(isSecret);
  return (text) => {
    const withoutKnown = known.reduce((left, secret) => left.replaceAll(secret, "[redacted]"), text);
    return cleanProviderText(withoutKnown.replace(URL_LIKE, bareUrl).replace(KEY_LIKE, "[redacted]"));
  };
}

/** A dummy is replaced nowhere: `OPENAI_API_KEY=x` would take every "x" out of every message. */
function isSecret(key: string): boolean {
  return !DUMMY_KEYS.test(key) && (key.length >= 8 || (key.length >= 5 && /\d/.test(key)));
}

function bareUrl(url: string): string {
  if (!URL.canParse(url)) return "[url]";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
