import fc from "fast-check";

/** Texts that have broken servers. */
const texts = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "a\udc00b",
  "\u202eesrever",
  "\u2028",
  "\ufeff",
  "e\u0301\u0327",
  "😀".repeat(255),
  "x".repeat(300),
  "x".repeat(5000),
  "__proto__",
  "constructor",
  "toString",
  "null",
  "undefined",
  "true",
  "NaN",
  "-0",
  "1e400",
  "0x10",
  "' OR 1=1; drop table traces; --",
  "$1",
  "#{7*7}",
  "%",
  "_",
  "\\",
  "%_\\",
  "%s%n",
  "{a,b}",
  '{"a":1}',
  "../../etc/passwd",
  "a/b?c=d#e&f",
  "template",
  "batch",
  "\r\nX-Injected: 1",
  "<script>alert(1)</script>",
  "2026-02-30",
  "2026-13-01T00:00:00Z",
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+23:59",
  "9999-12-31T23:59:59.999-23:59",
  "-292275055-05-16T16:47:04.192Z",
  "1772357400",
  "2026-03-01T00:00:00+99:99",
  "11111111-1111-1111-1111-11111111111",
  "{11111111-1111-1111-1111-111111111111}",
  "GGGGGGGG-1111-1111-1111-111111111111",
  "cron:* * * * *",
  "cron:99 99 99 99 99",
  "Mars/Olympus_Mons",
  "openai/",
  "/",
  "acme/model",
] as const;

const numbers = [
  -1,
  -0,
  0,
  0.1,
  1,
  1.0000000000000002,
  101,
  201,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e21,
  1e308,
  -1e308,
  5e-324,
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Any JSON value that is likely to be in the wrong place. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(...numbers),
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { "": "" }),
  fc.constantFrom(10, 100, 400).map(nested),
  fc.constantFrom(50, 2000).map((length) => Array.from({ length }, () => "x")),
  fc.constant(JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}') as unknown),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Text that is not JSON, or JSON that JavaScript cannot represent. */
export const hostileJson: fc.Arbitrary<(text: string) => string> = fc.constantFrom(
  (text: string) => text.slice(0, -1),
  (text: string) => `${text}${text}`,
  (text: string) => text.replaceAll('"', "'"),
  (text: string) => text.replace(/:(?=[^:]*$)/, ": 1e400, "),
  (text: string) => text.replace(/\d+/, "1e400"),
  (text: string) => `\ufeff${text}`,
  (text: string) => text.replace(/^\{/, '{"name": 1, "name": 2,'),
  (_: string) => "[".repeat(600) + "]".repeat(600),
  (_: string) => "[".repeat(100_000),
  (_: string) => "\0",
  (_: string) => "nul",
  (_: string) => '"\ud800"',
);

function nested(levels: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
