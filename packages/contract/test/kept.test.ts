import { limits, type SpanCreate, TraceCreate } from "@pandaprobe/contract";
import { keptSpans, keptTrace } from "@pandaprobe/contract/rules";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutObjectTo } from "../src/common/cut-object.ts";
import { cutText } from "../src/common/text.ts";

const trace = { name: "a", started_at: "2026-03-01T00:00:00.000Z" };
const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe("a trace that fits", () => {
  test("is kept unchanged", () => {
    const sent = { ...trace, metadata: { a: [1, { b: null }] }, tags: ["x", "x"], spans: [{ ...trace }] };
    expect(keptTrace(sent)).toEqual({ kept: sent, warnings: [] });
  });
});

describe("metadata that is too large", () => {
  test("keeps small fields, and the start of large ones", () => {
    const metadata = {
      user: "42",
      page: "x".repeat(2_000_000),
      rows: Array.from({ length: 300_000 }, (_, n) => n),
      deep: { a: 1 },
    };
    const { kept, warnings } = keptTrace({ ...trace, metadata });
    expect(jsonBytes(kept.metadata)).toBeLessThanOrEqual(limits.objectBytes);
    expect(jsonBytes(kept.metadata)).toBeGreaterThan(0.9 * limits.objectBytes);
    expect(kept.metadata).toMatchObject({ user: "42", deep: { a: 1 } });
    expect(kept.metadata?.["page"]).toMatch(/^x+… \[cut: 2000000 characters in all\]$/);
    expect(kept.metadata?.["rows"]).toMatch(/^\[0,1,2,.*… \[cut: \d+ characters in all\]$/s);
    expect(warnings).toEqual([
      "metadata: larger than 1000000 bytes of JSON; the values of page, rows were cut.",
    ]);
  });

  test("loses its last fields if none can be cut", () => {
    const metadata = Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`key ${n}`, n]));
    const { kept, warnings } = keptTrace({ ...trace, metadata });
    expect(jsonBytes(kept.metadata)).toBeLessThanOrEqual(limits.objectBytes);
    expect(kept.metadata).toHaveProperty("key 0", 0);
    expect(warnings[0]).toMatch(/^metadata: larger .*; \d+ fields were dropped\.$/);
  });

  test("loses a field whose key is too large", () => {
    const { kept } = keptTrace({ ...trace, metadata: { ["k".repeat(2_000_000)]: 1, a: 1 } });
    expect(kept.metadata).toEqual({ a: 1 });
  });

  test("of a span is reported with its place", () => {
    const spans: SpanCreate[] = [trace, { ...trace, model_parameters: { tools: "t".repeat(2_000_000) } }];
    expect(keptSpans(spans).warnings).toEqual([
      "1.model_parameters: larger than 1000000 bytes of JSON; the values of tools were cut.",
    ]);
    expect(keptTrace({ ...trace, spans }).warnings[0]).toMatch(/^spans\.1\.model_parameters: /);
  });

  test("of very many spans is reported in a limited number of warnings", () => {
    const large = { m: "x".repeat(1_000_001) };
    const { warnings } = keptSpans(Array.from({ length: 30 }, () => ({ ...trace, metadata: large })));
    expect(warnings).toHaveLength(20);
    expect(warnings.at(-1)).toBe("11 more warnings are left out.");
  });

  test("is measured with its escapes", () => {
    const control = "\0".repeat(20);
    const value = {
      [control]: control,
      list: [control, { [control]: -Math.PI * 1e-300 }, true, null],
    };
    expect(cutObjectTo(value, jsonBytes(value))).toBeNull();
    expect(cutObjectTo(value, jsonBytes(value) - 1)).not.toBeNull();
  });

  test("fits afterwards, whatever it contains", () => {
    const object = fc.dictionary(
      fc.string({ maxLength: 700 }),
      fc.oneof(fc.string({ maxLength: 5000 }), fc.jsonValue()),
    );
    fc.assert(
      fc.property(object, fc.integer({ min: 2, max: 4000 }), (value, bytes) => {
        const result = cutObjectTo(value, bytes);
        if (result === null) expect(jsonBytes(value)).toBeLessThanOrEqual(bytes);
        else expect(jsonBytes(result.value)).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});

test("tags beyond the hundredth are dropped, with a warning", () => {
  const tags = Array.from({ length: 130 }, (_, n) => `tag ${n}`);
  const { kept, warnings } = keptTrace({ ...trace, tags });
  expect(kept.tags).toEqual(tags.slice(0, 100));
  expect(warnings).toEqual(["tags: the first 100 were kept, and 30 were dropped."]);
});

describe("free text", () => {
  test("is cut by bytes, with a marker, and never inside a character", () => {
    const error = "é👍".repeat(50_000);
    const { spans = [] } = TraceCreate.parse({ ...trace, spans: [{ ...trace, error }] });
    const kept = spans[0]?.error ?? "";
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(limits.freeTextBytes);
    expect(kept).toMatch(/^(?:é👍)+é?… \[cut: 150000 characters in all\]$/u);
  });

  test("that fits is kept", () => {
    const text = "x".repeat(limits.freeTextBytes);
    expect(cutText(text, limits.freeTextBytes)).toBe(text);
  });
});
