import { expect, test } from "vitest";
import { differingWords } from "../src/pages/compare/differing-words.ts";

/** Both texts, with what differs in brackets. */
function marked(before: string, after: string): readonly [string, string] | null {
  const found = differingWords(before, after);
  if (found === null) return null;
  const text = (parts: typeof found.before) =>
    parts.map((part) => (part.differs ? `[${part.text}]` : part.text)).join("");
  return [text(found.before), text(found.after)];
}

test("marks the words that differ, and keeps each text as it is", () => {
  expect(marked("It arrives on 4 May.", "It arrives  on 5 May, I hope.")).toEqual([
    "It arrives on [4 ]May.",
    "It arrives  on [5 ]May[, I hope].",
  ]);
  expect(marked("same", "same")).toEqual(["same", "same"]);
  expect(marked("", "new")).toEqual(["", "[new]"]);
  expect(marked("old\n  text", "")).toEqual(["[old\n  text]", ""]);
});

test("knows the words of languages without spaces, and of other scripts", () => {
  expect(marked("我们明天发货", "我们今天发货")).toEqual(["我们[明天]发货", "我们[今天]发货"]);
  expect(marked("Мы отправим завтра", "Мы отправим сегодня")).toEqual([
    "Мы отправим [завтра]",
    "Мы отправим [сегодня]",
  ]);
});

test("compares long texts by lines, and gives up on those with nothing in common", () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`);
  const found = differingWords(lines.join(""), lines.with(7, "another\n").join(""));
  expect(found?.unit).toBe("lines");
  expect(found?.after.filter(({ differs }) => differs)).toEqual([{ text: "another\n", differs: true }]);
  expect(differingWords(lines.join(""), lines.map((line) => `no ${line}`).join(""))).toBeNull();
});

test("marks thousands of words by their lines", () => {
  const text = (word: string) => Array.from({ length: 2_000 }, (_, i) => `${word}${i}`).join(" ");
  expect(differingWords(`first\n${text("a")}`, `first\n${text("b")}`)?.unit).toBe("lines");
});
