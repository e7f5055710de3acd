import { describe, expect, it } from "vitest";
import { findHandover } from "../../src/judge/heuristic/language/handover.ts";
import { findHedging } from "../../src/judge/heuristic/language/hedging.ts";
import { findInability } from "../../src/judge/heuristic/language/inability.ts";
import { findPhrases } from "../../src/judge/heuristic/language/phrases.ts";
import { findUnfinished } from "../../src/judge/heuristic/language/unfinished.ts";

describe("findPhrases", () => {
  const find = findPhrases({ en: "not sure | sure | colleague* | i can't", ja: "たぶん" });

  it.each([
    ["I am not sure.", ["not sure"]],
    ["Sure! Sure.", ["sure"]],
    ["reassure, sureness", []],
    ["My COLLEAGUES", ["colleague"]],
    ["I can’t\n  tell", ["i can't"]],
    ["I can't, not   sure", ["i can't", "not sure"]],
    ["それはたぶん大丈夫", ["たぶん"]],
    ["", []],
  ])("in %j: %j", (text, phrases) => {
    expect(find(text)).toEqual(phrases);
  });
});

describe.each([
  [
    "hedging",
    findHedging,
    [
      "Maybe it works.",
      "Vielleicht geht es.",
      "C'est peut-être ça.",
      "Quizás mañana.",
      "多分じゃなく、おそらく明日です。",
      "也许明天",
      "возможно, завтра",
      "ربما غدا",
    ],
  ],
  [
    "inability",
    findInability,
    [
      "I'm unable to do that.",
      "Das ist nicht möglich.",
      "Je ne peux pas.",
      "No puedo hacerlo.",
      "予約できませんでした",
      "我无法预订",
      "Не удалось",
      "لا أستطيع",
    ],
  ],
  [
    "handover",
    findHandover,
    [
      "Let me talk to a human agent!",
      "Ich will mit einem Mitarbeiter sprechen.",
      "Un conseiller, svp.",
      "人工客服",
      "オペレーターにお繋ぎします",
    ],
  ],
  [
    "unfinished work",
    findUnfinished,
    ["The report is incomplete.", "Das muss noch gemacht werden.", "Il reste à faire le titre.", "稍后再说"],
  ],
])("%s", (_what, find, texts) => {
  it.each(texts)("%s", (text) => {
    expect(find(text)).not.toEqual([]);
  });

  it.each([
    "The hotel is booked for two nights.",
    "Das Hotel ist für zwei Nächte gebucht.",
    "El hotel está reservado.",
    "ホテルを予約しました。",
  ])("finds nothing in: %s", (text) => {
    expect(find(text)).toEqual([]);
  });
});
