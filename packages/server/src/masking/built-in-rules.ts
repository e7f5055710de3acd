/** A rule that comes with the server. */
export interface BuiltInRule {
  readonly keys?: readonly string[];
  /** A part of a text to hide. Each takes linear time: its repetitions are bounded, or what they read is not read again. */
  readonly patterns?: readonly BuiltInPattern[];
}

interface BuiltInPattern {
  readonly pattern: RegExp;
  /** Only texts that contain this are searched. Default: all. */
  readonly needs?: string;
  /** Whether a match is hidden. Default: always. */
  readonly isMeant?: (found: string) => boolean;
  /** Whether a match to hide may begin inside one that is not hidden. Only for short matches, which are read again. */
  readonly mayOverlap?: boolean;
}

export const builtInRules = {
  email: {
    patterns: [{ pattern: /[\w.%+-]{1,64}@(?:[a-z\d-]{1,63}\.){1,8}[a-z\d-]{2,63}/gi, needs: "@" }],
  },
  /** Numbers of payment cards, also in groups of four (American Express: 4, 6, 5) between spaces or hyphens. */
  card: {
    patterns: [
      {
        pattern:
          /(?<!\d)(?<!\d\.)(?:[2-6]\d{12,18}|[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}|3\d{3}([ -])\d{6}\2\d{5})(?!\d)/g,
        isMeant: hasCheckDigit,
        mayOverlap: true,
      },
    ],
  },
  /** Keys and tokens in the forms of well-known providers. */
  api_key: {
    patterns: [
      // OpenAI, Anthropic, Stripe, PandaProbe.
      { pattern: /\b(?:sk|pk|rk)[-_][\w-]{16,}/g, isMeant: (found) => /\d/.test(found) },
      { pattern: /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g },
      { pattern: /\bAIza[\w-]{20,}/g, needs: "AIza" },
      { pattern: /\bya29\.[\w.-]{10,}/g, needs: "ya29." },
      { pattern: /\b(?:gh[pousr]|github_pat|glpat)[_-]\w{16,}/g },
      { pattern: /\bxox[abeoprs]-[\w-]{10,}/g, needs: "xox" },
      // JSON web tokens. All that may be one is read once, whether or not it is.
      {
        pattern: /\beyJ[\w-]{8,}(?:\.[\w-]+){0,2}/g,
        needs: "eyJ",
        isMeant: (found) => found.includes("."),
      },
      { pattern: /\bbearer[ \t]{1,3}[\w.~+/=-]{16,}/gi },
      {
        pattern:
          /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S]){0,10000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
        needs: "PRIVATE KEY-----",
      },
    ],
  },
  /** The values of fields that hold credentials. */
  credentials: {
    keys: [
      "password",
      "passwd",
      "pwd",
      "passphrase",
      "secret",
      "client_secret",
      "clientSecret",
      "api_key",
      "apiKey",
      "api-key",
      "x-api-key",
      "access_token",
      "accessToken",
      "refresh_token",
      "refreshToken",
      "id_token",
      "idToken",
      "auth_token",
      "authToken",
      "authorization",
      "proxy-authorization",
      "cookie",
      "set-cookie",
      "private_key",
      "privateKey",
    ],
  },
} as const satisfies Readonly<Record<string, BuiltInRule>>;

/** Luhn's check, which one in ten random numbers passes. */
function hasCheckDigit(found: string): boolean {
  const digits = found.replace(/\D/g, "");
  const sum = [...digits].reverse().reduce((total, digit, n) => {
    const value = Number(digit) * (n % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
