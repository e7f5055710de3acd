import { describe, expect, it } from "vitest";
import { withoutFiles } from "../../src/metrics/media.ts";
import { renderPrompt } from "../../src/metrics/prompt.ts";
import { taskStage } from "../../src/metrics/shared-stages.ts";
import { renderSubject } from "../../src/metrics/subject.ts";
import { toText } from "../../src/metrics/to-text.ts";
import { traceWith } from "../judge/support.ts";

/** Base64 of a PNG file: the header, then bytes that look random. */
const bytes = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  Buffer.from(Array.from({ length: 32_000 }, (_, i) => (i * i * 31 + i * 7) % 251)),
]);
const png = bytes.toString("base64");
const shown = "[image/png, 32 kB]";

describe("a file in a trace becomes a short mark", () => {
  it.each<[string, unknown, unknown]>([
    ["data URL", `data:image/png;base64,${png}`, shown],
    ["data URL in a text", `See data:image/png;base64,${png}. And that.`, `See ${shown}. And that.`],
    ["data URL with parameters", `data:image/svg+xml;charset=utf-8;base64,${png}`, "[image/svg+xml, 32 kB]"],
    [
      "two data URLs",
      `![a](data:image/png;base64,${png}) ![b](data:image/gif;base64,${png})`,
      `![a](${shown}) ![b]([image/gif, 32 kB])`,
    ],
    [
      "OpenAI image",
      [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}`, detail: "low" } }],
      [{ type: "image_url", image_url: { url: shown, detail: "low" } }],
    ],
    [
      "OpenAI audio",
      { input_audio: { data: png, format: "wav" } },
      { input_audio: { data: "[wav, 32 kB]", format: "wav" } },
    ],
    [
      "OpenAI file",
      { file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${png}` } },
      { file: { filename: "a.pdf", file_data: "[application/pdf, 32 kB]" } },
    ],
    ["generated image", { data: [{ b64_json: png }] }, { data: [{ b64_json: shown }] }],
    [
      "Anthropic image",
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: png } },
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "[image/jpeg, 32 kB]" } },
    ],
    [
      "Gemini data",
      { inlineData: { mimeType: "image/webp", data: png } },
      { inlineData: { mimeType: "image/webp", data: "[image/webp, 32 kB]" } },
    ],
    [
      "Gemini data in snake case",
      { inline_data: { mime_type: "audio/mp3", data: png } },
      { inline_data: { mime_type: "audio/mp3", data: "[audio/mp3, 32 kB]" } },
    ],
    [
      "Bedrock image",
      { image: { format: "png", source: { bytes: png } } },
      { image: { format: "png", source: { bytes: shown } } },
    ],
    [
      "small file under such a key",
      { media_type: "image/gif", data: png.slice(0, 400) },
      { media_type: "image/gif", data: "[image/gif, 300 B]" },
    ],
    ["file broken into lines", { data: png.replace(/.{76}/g, "$&\r\n") }, { data: shown }],
    ["buffer", { type: "Buffer", data: [...bytes.subarray(0, 3_000)] }, "[binary, 3 kB]"],
    ["JSON text with a file", JSON.stringify({ image: { data: png } }), `{"image":{"data":"${shown}"}}`],
    ["bare base64", `Screenshot: ${png}\nDone.`, `Screenshot: ${shown}\nDone.`],
    ["large file", { data: png.repeat(50) }, { data: "[image/png, 1.6 MB]" }],
  ])("%s", (_, value, expected) => {
    expect(withoutFiles(value)).toEqual(expected);
  });
});

describe("a value without files is unchanged", () => {
  it.each<[string, unknown]>([
    ["prose", "All work and no play makes Jack a dull boy. ".repeat(200)],
    ["a row of one letter", "x".repeat(5_000)],
    ["hexadecimal digits", "0123456789abcdef".repeat(300)],
    ["dashes", "-".repeat(5_000)],
    ["a small data URL", "data:image/gif;base64,R0lGODlhAQABAAAAACw="],
    ["a data URL of text", "data:text/plain,Hello"],
    [
      "a short value under a key for files",
      { data: "aB3".repeat(20), result: "ok", url: "https://example.com/a/b" },
    ],
    ["words in lines under such a key", { data: "Word1\n".repeat(200) }],
    ["a list of numbers", { data: [1, 2, 3] }],
    ["a key with a meaning of its own", JSON.parse('{"__proto__": {"data": "x"}}')],
  ])("%s", (_, value) => {
    expect(withoutFiles(value)).toBe(value);
  });
});

it("a file appears in no prompt, finding or text to embed", () => {
  const trace = traceWith({
    input: {
      messages: [
        {
          role: "user",
          content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }],
        },
      ],
    },
  });
  const subject = renderSubject(trace, 40_000);
  const { prompt } = renderPrompt(taskStage, subject, { tool_calls: [{ parameters: { data: png } }] });
  expect(prompt).toContain(shown);
  expect(prompt.length).toBeLessThan(2_000);
  expect(subject.trimmed).toBe(false);
  expect(toText(trace.input)).toContain(shown);
  expect(toText(trace.input).length).toBeLessThan(200);
});

it.each([
  ";base64,",
  "data:",
  "data:a/b;base64,",
  "data:a/b;a=",
  "aB3/",
  "aB3 ",
  "=",
  `${"aB3".repeat(340)} `,
  `${"a".repeat(1_500)} `,
  `${png.slice(0, 1_500)}.`,
  ";base64,=",
  "\n",
])("takes linear time: %j", (piece) => {
  const text = piece.repeat(Math.ceil(2_000_000 / piece.length));
  const before = process.cpuUsage();
  withoutFiles({ data: text, other: [text] });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});
