/** Replaces anything that a tenant must not read. */
const hidden = "[redacted]";

/* Every pattern starts with fixed characters or has a bounded length, so that hostile texts take linear time. */
const secrets: readonly RegExp[] = [
  // Connection strings such as postgres://user:password@host/database, amqp://… or mongodb+srv://…, but not web
  // addresses.
  /\b(?!https?:)[a-z][a-z\d+.-]{1,30}:\/\/[^\s"'<>]{1,2000}/gi,
  // Host=…;Password=…;  AccountKey=…
  /\b(?:password|passwd|pwd|secret|token|api[_-]?key|accountkey|sharedaccesskey|access[_-]?key)\s{0,3}[=:]\s{0,3}["']?[^\s"',;&]{1,500}/gi,
  // Keys of AWS, Google, GitHub, Slack, Azure's signatures, JSON web tokens, private keys.
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z\d]{12,30}\b/g,
  /\bAIza[\w-]{20,60}/g,
  /\bya29\.[\w.-]{10,500}/g,
  /\b(?:gh[pousr]|github_pat)_\w{16,255}/g,
  /\bxox[abeoprs]-[\w-]{10,255}/g,
  /\bsig=[\w%+/=-]{20,500}/gi,
  /\beyJ[\w-]{8,4000}\.[\w-]{4,8000}(?:\.[\w-]{0,4000})?/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,10000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
];

/** Internal host names and private addresses, with their ports. */
const hosts: readonly RegExp[] = [
  /\b(?:[a-z\d-]{1,63}\.){1,8}(?:internal|local|localdomain|lan|corp|intranet|private|svc|cluster|consul)(?::\d{1,5})?\b/gi,
  /\b(?:10(?:\.\d{1,3}){3}|127(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2})(?::\d{1,5})?\b/g,
  /\blocalhost(?::\d{1,5})?\b/gi,
  /\[?\b(?:fd|fe80:)[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}\]?(?::\d{1,5})?/gi,
  // `connect ECONNREFUSED gateway:8443`, `getaddrinfo ENOTFOUND gateway`
  /(?<=\b(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)\s)[\w.:-]{1,255}/g,
];

/** File paths, as they appear in stack traces and messages. */
const paths: readonly RegExp[] = [
  /(?<![\w/.:])\/(?:home|root|usr|var|etc|opt|srv|app|tmp|run|mnt|data|workspace|Users)\/[^\s"'<>:,;)\]]{1,1000}/g,
  /\b[A-Z]:\\[^\s"'<>:,;)\]]{1,1000}/g,
  /\bfile:\/\/\/[^\s"'<>,;)\]]{1,1000}/g,
];

/**
 * Removes from a provider's message whatever would reveal the server behind it to a tenant: connection strings, keys,
 * internal host names and addresses, file paths.
 */
export function cleanProviderText(text: string): string {
  return [...secrets, ...hosts, ...paths].reduce((left, pattern) => left.replace(pattern, hidden), text);
}

/** The format of the known providers' keys, even if the provider masked a part of one. */
const KEY_LIKE =
  /\b(?:sk|pk|rk)[-_](?=[\w.-]*[\d*])[\w*.-]{6,}|\bAIza[\w-]{10,}|\bya29\.[\w.-]+|\bBearer\s+(?=\S*(?:\d|[._-]\w))\S+/gi;
const URL_LIKE = /\bhttps?:\/\/[^\s"'<>]+/gi;

/** Values that people set as a key if none is needed. They are not secret, and are often part of ordinary words. */
const DUMMY_KEYS =
  /^(?:(?:sk|pk)[-_]?)?(?:x+|-+|\*+|0+|none|null|nil|no|not?[-_ ]?(?:needed|required|used|set)|no[-_ ]?(?:api[-_ ]?)?key(?:[-_ ]?(?:needed|required))?|empty|dummy|fake|test|testing|placeholder|unused|anything|whatever|change[-_ ]?me|ollama|lm[-_ ]?studio|vllm|llama\.?cpp|local|localhost|litellm|openai|your[-_ ]api[-_ ]key|(?:api[-_ ]?)?key|secret|token|password)(?:[-_ ]?key)?$/i;

/** Returns a function that removes keys from a text, and user names, passwords and queries from its URLs. */
export function createRedact(secrets: readonly (string | null)[]): (text: string) => string {
  const known = secrets.filter((secret) => secret !== null).filter(isSecret);
  return (text) => {
    const withoutKnown = known.reduce((left, secret) => left.replaceAll(secret, "[redacted]"), text);
    return cleanProviderText(withoutKnown.replace(URL_LIKE, bareUrl).replace(KEY_LIKE, "[redacted]"));
  };
}

/** Dummies are not replaced: `OPENAI_API_KEY=x` would remove every "x" from every message. */
function isSecret(key: string): boolean {
  return !DUMMY_KEYS.test(key) && (key.length >= 8 || (key.length >= 5 && /\d/.test(key)));
}

function bareUrl(url: string): string {
  if (!URL.canParse(url)) return "[url]";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
