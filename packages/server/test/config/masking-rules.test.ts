import { expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";

const rulesOf = (rules: unknown) => readConfig({ MASKING_RULES: JSON.stringify(rules) }).maskingRules;

test("there are no rules by default", () => {
  expect(readConfig({}).maskingRules).toEqual({});
});

test("rules are those of the variable, by name", () => {
  expect(rulesOf({ email: true, customer: { keys: ["ssn"], patterns: ["CUST-[0-9]{6}"] } })).toEqual({
    email: true,
    customer: { keys: ["ssn"], paths: [], patterns: ["CUST-[0-9]{6}"] },
  });
});

test("paths may begin with each field that is masked, and with *", () => {
  const paths = ["input", "*.card", "metadata.a", "tags.0", "user_id", "reason", "spans", "spans.3.error"];
  expect(rulesOf({ mine: { paths } })).toEqual({ mine: { keys: [], paths, patterns: [] } });
});

const many = (count: number) => Array.from({ length: count }, (_, n) => [`rule-${n}`, { keys: ["a"] }]);

test.each<[string, unknown, RegExp]>([
  ["a list", ["email"], /MASKING_RULES must be JSON with rules.*expected record/s],
  [
    "a built-in rule that does not exist",
    { phone: true },
    /not a built-in rule; the built-in rules are email, card, api_key/,
  ],
  ["the name of a built-in rule", { email: { keys: ["mail"] } }, /is the name of a built-in rule/],
  [
    "a built-in rule with a text",
    { email: "yes" },
    /\(✖ is the name of a built-in rule, which takes only true[^✖]*$/,
  ],
  ["a name with spaces", { "my rule": { keys: ["a"] } }, /letters, digits, _ and -/],
  ["a name that a mark cannot hold", { "$1]": { keys: ["a"] } }, /letters, digits, _ and -/],
  ["a rule of nothing", { mine: {} }, /must have keys, paths or patterns.*mine/s],
  ["a switched-off rule", { mine: false }, /expected object.*mine/s],
  ["a misspelt part", { mine: { key: ["a"] } }, /"key".*mine/s],
  [
    "no regular expression",
    { mine: { patterns: ["("] } },
    /not a valid regular expression for RE2.*mine\.patterns\[0\]/s,
  ],
  ["a backreference", { mine: { patterns: ["(a)\\1"] } }, /not a valid regular expression for RE2/],
  ["a lookahead", { mine: { patterns: ["(?=a)b"] } }, /not a valid regular expression for RE2/],
  ["a pattern that matches nothing everywhere", { mine: { patterns: ["a*"] } }, /matches an empty text/],
  [
    "a huge repetition",
    { mine: { patterns: ["(a{1000}){1000}"] } },
    /not a valid regular expression for RE2/,
  ],
  ["a long pattern", { mine: { patterns: ["a".repeat(1001)] } }, /1000/],
  ["a path that starts elsewhere", { mine: { paths: ["$.input.card"] } }, /hides nothing.*mine\.paths\[0\]/s],
  ["a misspelt path", { mine: { paths: ["input", "inputs.card"] } }, /hides nothing.*mine\.paths\[1\]/s],
  ["a path of spans without an index", { mine: { paths: ["spans.output"] } }, /or with spans\.\* and input/],
  ["a path to what masking leaves", { mine: { paths: ["spans.*.model"] } }, /hides nothing/],
  ["a path with an empty name", { mine: { paths: ["input..card"] } }, /hides nothing/],
  ["too many rules", Object.fromEntries(many(51)), /at most 50 rules/],
])("%s stops the start, and the message says why", (_, rules, why) => {
  expect(() => rulesOf(rules)).toThrow(why);
});
