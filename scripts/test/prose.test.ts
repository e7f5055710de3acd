import { describe, expect, it } from "vitest";
import { findBrokenLinks, findLongLines, findTics, maxLineLength } from "../prose/find-problems.ts";

const long = "word ".repeat(30).trim();

describe("findLongLines", () => {
  it("reports a line over the limit, with its number", () => {
    expect(findLongLines("a.md", `# Title\n\n${long}\n`)).toEqual([
      { file: "a.md", line: 3, message: `149 characters; at most ${maxLineLength}` },
    ]);
  });

  it.each([
    ["a table", `| ${long} |`],
    ["a fenced block", `\`\`\`ts\n${long}\n\`\`\``],
    ["an indented block", `    ${long}`],
    ["a URL", `See https://example.com/${"x".repeat(120)} for more.`],
  ])("lets %s be longer", (_what, text) => {
    expect(findLongLines("a.md", text)).toEqual([]);
  });

  it("checks what follows a fenced block", () => {
    expect(findLongLines("a.md", `\`\`\`\ncode\n\`\`\`\n${long}`)).toHaveLength(1);
  });
});

describe("findBrokenLinks", () => {
  const files: Record<string, string> = { "docs/b.md": "# B\n\n## The `x-y` header, once\n", docs: "" };
  const broken = (text: string) =>
    findBrokenLinks("docs/a.md", text, (path) => files[path]).map(({ line, message }) => [line, message]);

  it.each(["[b](b.md)", "[b](b.md#the-x-y-header-once)", "[docs](../docs)", "[web](https://example.com/#a)"])(
    "accepts %s",
    (text) => {
      expect(broken(text)).toEqual([]);
    },
  );

  it("reports files and headings that do not exist", () => {
    expect(broken("[c](c.md)\n\n[b](b.md#gone) and [here](#nowhere)")).toEqual([
      [1, "broken link: c.md"],
      [3, "broken link: b.md#gone"],
      [3, "broken link: #nowhere"],
    ]);
  });
});

describe("findTics", () => {
  const found = (text: string) => findTics("a.ts", text).map(({ message }) => message.split(":")[0]);

  it.each([
    ["// Whoever holds the lock owns the folder.", '"Whoever"'],
    ["/** The score could not be had. */", '"be had"'],
    ['throw new Error("Nobody listens.");', '"Nobody"'],
    ["// The item goes to somebody else.", '"somebody"'],
    ["It waits, for it cannot know.", '", for it"'],
    ["The feeder hands out targets.", '"feeder"'],
    ["After three tries it gives up.", '"three tries"'],
    ["The build fails below a bar.", '"below a bar"'],
    ["It waits for ever.", '"for ever"'],
    ["A judge's score does not outrank a person's word.", '"a person\'s word"'],
  ])("finds the phrase in %s", (text, phrase) => {
    expect(found(text)).toEqual([phrase]);
  });

  it("finds a phrase across the line break of a comment, and says where it begins", () => {
    const text = "\n/**\n * It is skipped, for\n * there is nothing to do.\n */";
    expect(findTics("a.ts", text)).toMatchObject([{ file: "a.ts", line: 3 }]);
  });

  it.each([
    "c.noBody()",
    "the newsletter",
    "tries again",
    "a progress bar",
    "once for each run, for the summary",
  ])("accepts %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("accepts a phrase that is a name", () => {
    expect(findTics("packages/server/src/db/embedded/run-as.ts", 'const user = "nobody";')).toEqual([]);
  });
});
