/** What stands in place of something that a tenant must not read. */
const hidden = "[redacted]";

/*
 * Each of these begins with something fixed or is bounded in length, so that a long hostile text costs no more than its
 * length.
 */
const secrets: readonly RegExp[] = [
  // postgres://user:password@host/database, amqp://…, mongodb+srv://…: all but plain web addresses.
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

/** Names that only an internal network knows, and addresses of private networks, with their ports. */
const hosts: readonly RegExp[] = [
  /\b(?:[a-z\d-]{1,63}\.){1,8}(?:internal|local|localdomain|lan|corp|intranet|private|svc|cluster|consul)(?::\d{1,5})?\b/gi,
  /\b(?:10(?:\.\d{1,3}){3}|127(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2})(?::\d{1,5})?\b/g,
  /\blocalhost(?::\d{1,5})?\b/gi,
  /\[?\b(?:fd|fe80:)[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}\]?(?::\d{1,5})?/gi,
  // `connect ECONNREFUSED gateway:8443`, `getaddrinfo ENOTFOUND gateway`
  /(?<=\b(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)\s)[\w.:-]{1,255}/g,
];

/** Paths of files, as stack traces and messages of programs show them. */
const paths: readonly RegExp[] = [
  /(?<![\w/.:])\/(?:home|root|usr|var|etc|opt|srv|app|tmp|run|mnt|data|workspace|Users)\/[^\s"'<>:,;)\]]{1,1000}/g,
  /\b[A-Z]:\\[^\s"'<>:,;)\]]{1,1000}/g,
  /\bfile:\/\/\/[^\s"'<>,;)\]]{1,1000}/g,
];

/**
 * Takes out of a provider's words what tells a tenant about the server behind it: connection strings, keys, names and
 * addresses of internal hosts, paths of files.
 */
export function cleanProviderText(text: string): string {
  return [...secrets, ...hosts, ...paths].reduce((left, pattern) => left.replace(pattern, hidden), text);
}
