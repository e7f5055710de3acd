import { maskContent } from "@pandaprobe/contract/rules";
import { describe, expect, test } from "vitest";
import { builtInRules } from "../../src/masking/built-in-rules.ts";
import { compileMasking } from "../../src/masking/compile-masking.ts";
import type { MaskingRule, MaskingRules } from "../../src/masking/masking-rules.ts";

const rule = (fields: Partial<MaskingRule>): MaskingRule => ({
  keys: [],
  paths: [],
  patterns: [],
  ...fields,
});
const inText = (rules: MaskingRules, text: string) => compileMasking(rules).text(text);
const inInput = (rules: MaskingRules, input: unknown) =>
  (maskContent(compileMasking(rules), "trace", { input }) as { input: unknown }).input;

describe("the built-in rule", () => {
  test.each([
    ["email", "write to Ann.O-Neil+x@mail.example.co.uk, please", "write to [masked: email], please"],
    ["card", "4111 1111 1111 1111", "[masked: card]"],
    ["card", "card:4111-1111-1111-1111.", "card:[masked: card]."],
    ["card", "378282246310005, 6011000990139424", "[masked: card], [masked: card]"],
    ["card", "order 2235 4111 1111 1111 1111 12/27", "order 2235 [masked: card] 12/27"],
    ["api_key", "sk-proj-abcdefgh12345678ijkl and more", "[masked: api_key] and more"],
    ["api_key", `sk_pp_${"0".repeat(64)}`, "[masked: api_key]"],
    ["api_key", "AKIAIOSFODNN7EXAMPLE", "[masked: api_key]"],
    ["api_key", "ghp_0123456789abcdef0123", "[masked: api_key]"],
    ["api_key", "xoxb-123456789012-abcdef", "[masked: api_key]"],
    ["api_key", "Authorization: Bearer abcdefgh.12345678", "Authorization: [masked: api_key]"],
    ["api_key", "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmVk!", "t=[masked: api_key]!"],
    [
      "api_key",
      "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb",
      "a\n[masked: api_key]\nb",
    ],
  ])("%s hides in %j", (name, text, masked) => {
    expect(inText({ [name]: true }, text)).toBe(masked);
  });

  test.each([
    ["email", "@ann is at a@b, or a @ b.com"],
    ["card", "1764500000000 ms, 4111 1111 1111 1112, 2026-03-01T09:00:00Z, 3.1415926535897932"],
    ["card", "id 11111111-1111-4111-8111-111111111111"],
    ["api_key", "sk-learn-is-not-a-key-at-all, eyJust a word, a bearer of flowers"],
  ])("%s leaves %j", (name, text) => {
    expect(inText({ [name]: true }, text)).toBe(text);
  });

  test("credentials hides the values of fields by name", () => {
    const input = { headers: { "X-API-Key": "k", Accept: "*" }, password: 1234, tokens: 3, secret: null };
    expect(inInput({ credentials: true }, input)).toEqual({
      headers: { "X-API-Key": "[masked: credentials]", Accept: "*" },
      password: "[masked: credentials]",
      tokens: 3,
      secret: null,
    });
  });

  test("takes little time for hostile texts", () => {
    const rules = Object.fromEntries(Object.keys(builtInRules).map((name) => [name, true] as const));
    const masking = compileMasking({ ...rules, own: rule({ patterns: ["(a+)+b", "([a-z]+)*[0-9]"] }) });
    const hostile = [
      "a",
      "a@",
      "2 ",
      "4",
      "eyJaaaaaaaa-",
      "sk-aaaaaaaaaaaaaaaa",
      "-----BEGIN PRIVATE KEY-----",
      "a.",
    ];
    const before = process.cpuUsage();
    for (const text of hostile) masking.text(text.repeat(200_000 / text.length));
    const { user, system } = process.cpuUsage(before);
    // Quadratic time would be minutes.
    expect((user + system) / 1e6).toBeLessThan(20);
  });
});

describe("a custom rule", () => {
  test("hides by pattern in texts, and leaves numbers and the names of fields", () => {
    const rules = { customer: rule({ patterns: ["(?i)cust-[0-9]{6}"] }) };
    const input = { "CUST-123456": ["for cust-123456", 123456, true, null], text: "none" };
    expect(inInput(rules, input)).toEqual({
      "CUST-123456": ["for [masked: customer]", 123456, true, null],
      text: "none",
    });
  });

  test("hides a text as a whole if marks would make it much longer", () => {
    const rules = { digits: rule({ patterns: ["[0-9]"] }) };
    expect(inText(rules, "1 2 ".repeat(100))).toBe("[masked: digits] [masked: digits] ".repeat(100));
    expect(inText(rules, "1 2 ".repeat(10_000))).toBe("[masked: digits]");
  });

  test("keeps the digits of numbers in JSON inside texts", () => {
    const text = '{"ssn":1,"order":725653563933458432}';
    const rules = { mine: rule({ keys: ["ssn"] }) };
    expect(inInput(rules, text)).toBe('{"ssn":"[masked: mine]","order":"725653563933458432"}');
  });

  test("hides by name, also in JSON inside texts and in dotted attributes", () => {
    const rules = { mine: rule({ keys: ["ssn"] }) };
    const input = {
      SSN: { a: 1 },
      "user.ssn": 7,
      arguments: '{ "ssn": "1", "n": 1.0 }',
      kept: '{ "n": 1.0 }',
      broken: '{ "ssn": ',
    };
    const mark = "[masked: mine]";
    expect(inInput(rules, input)).toEqual({
      SSN: mark,
      "user.ssn": mark,
      arguments: `{"ssn":"${mark}","n":1}`,
      kept: '{ "n": 1.0 }',
      broken: '{ "ssn": ',
    });
  });

  test("hides by path, from the trace", () => {
    const rules = {
      mine: rule({ paths: ["input.customer", "spans.*.output.*.card", "metadata.card", "user_id"] }),
    };
    const masking = compileMasking(rules);
    const trace = {
      trace_id: "t",
      user_id: "u",
      session_id: "s",
      input: { customer: { name: "Ann" }, other: 1 },
      metadata: { card: 1, cards: 2 },
      spans: [{ span_id: "s", output: [{ card: 1, kept: 2 }], input: { customer: "kept" } }],
    };
    const mark = "[masked: mine]";
    expect(maskContent(masking, "trace", trace)).toEqual({
      ...trace,
      user_id: mark,
      input: { customer: mark, other: 1 },
      metadata: { card: mark, cards: 2 },
      spans: [{ span_id: "s", output: [{ card: mark, kept: 2 }], input: { customer: "kept" } }],
    });
    const [span] = trace.spans;
    expect(maskContent(masking, "span", span)).toMatchObject({ output: [{ card: mark }] });
    expect(maskContent(masking, "spans", [span])).toMatchObject([{ output: [{ card: mark }] }]);
  });

  test("hides everything below the end of a path, and leaves the names of fields", () => {
    const trace = {
      metadata: { a: 1, b: { c: "d" } },
      tags: ["one", "two"],
      spans: [{ span_id: "s", model: "m", name: "n", input: { a: 1 }, metadata: { a: [1] }, error: null }],
    };
    const mark = "[masked: mine]";
    const masked = (...paths: string[]) =>
      maskContent(compileMasking({ mine: rule({ paths }) }), "trace", trace);
    expect(masked("metadata", "tags")).toEqual({ ...trace, metadata: { a: mark, b: mark }, tags: [mark] });
    const span = { span_id: "s", model: "m", name: mark, input: mark, metadata: { a: mark }, error: null };
    expect(masked("spans")).toEqual({ ...trace, spans: [span] });
    expect(masked("spans.*")).toEqual({ ...trace, spans: [span] });
    expect(masked("spans.1")).toBe(trace);
  });

  test("hides attributes with dotted names by path", () => {
    const metadata = { "http.request.header.authorization": "a", "http.requests": 1, http: { request: 2 } };
    const masking = compileMasking({ mine: rule({ paths: ["spans.*.metadata.http.request"] }) });
    expect(maskContent(masking, "span", { metadata: { ...metadata, "http.request": { size: 3 } } })).toEqual({
      metadata: {
        ...metadata,
        "http.request": "[masked: mine]",
        http: { request: "[masked: mine]" },
      },
    });
    const exact = compileMasking({ mine: rule({ paths: ["metadata.http.request.header.authorization"] }) });
    expect(maskContent(exact, "trace", { metadata })).toEqual({
      metadata: { ...metadata, "http.request.header.authorization": "[masked: mine]" },
    });
  });

  test("never hides ids, times, kinds, models, tokens or costs by pattern", () => {
    const span = {
      span_id: "aaaa",
      parent_span_id: "aaaa",
      kind: "aaaa",
      started_at: "aaaa",
      model: "aaaa",
      token_usage: { aaaa: 1 },
      cost: { aaaa: 1 },
    };
    const trace = { trace_id: "aaaa", session_id: "aaaa", user_id: "aaaa", name: "aaaa", spans: [span] };
    const masked = maskContent(
      compileMasking({ all: rule({ patterns: ["a+"], keys: ["kind"] }) }),
      "trace",
      trace,
    );
    expect(masked).toEqual({ ...trace, name: "[masked: all]" });
  });

  test("leaves the names and values of scores, by which they are compared", () => {
    const masking = compileMasking({ all: rule({ patterns: ["a+"], keys: ["name"] }) });
    const score = { name: "aaaa", value: "aaaa", reason: "aaaa", metadata: { name: "b", c: "aaaa" } };
    const masked = {
      ...score,
      reason: "[masked: all]",
      metadata: { name: "[masked: all]", c: "[masked: all]" },
    };
    expect(maskContent(masking, "score", score)).toEqual(masked);
    expect(maskContent(masking, "scores", { reviewer: "aaaa", scores: [score] })).toEqual({
      reviewer: "aaaa",
      scores: [masked],
    });
  });

  test("returns bodies with nothing to hide, or of another form, unchanged", () => {
    const masking = compileMasking({ email: true, mine: rule({ keys: ["ssn"], paths: ["input.*.a"] }) });
    const trace = { name: "a", input: { b: [1, "c", { d: null }] }, tags: ["t"], spans: [{ name: "e" }] };
    expect(maskContent(masking, "trace", trace)).toBe(trace);
    for (const other of [null, 7, "text", [], { spans: 7 }, { tags: { a: 1 } }])
      expect(maskContent(masking, "trace", other)).toBe(other);
  });

  test("keeps a key __proto__, and does not follow JSON in texts too deep", () => {
    const rules = { mine: rule({ keys: ["ssn"] }) };
    const polluting = JSON.parse('{"__proto__": {"ssn": 1}}') as object;
    expect(JSON.stringify(inInput(rules, polluting))).toBe('{"__proto__":{"ssn":"[masked: mine]"}}');
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(inInput(rules, deep)).toBe(deep);
  });

  test("makes no text too long for its field", () => {
    const rules = { "a-name-of-a-rule": rule({ patterns: ["x{8}"] }) };
    const masked = maskContent(compileMasking(rules), "trace", {
      name: "x".repeat(512),
      tags: ["x".repeat(255)],
    });
    expect(masked).toMatchObject({
      name: expect.stringMatching(/^.{512}$/),
      tags: [expect.stringMatching(/^.{255}$/)],
    });
  });
});
