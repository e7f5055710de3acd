import { describe, expect, it } from "vitest";
import { embedText } from "../../src/judge/heuristic/embed.ts";
import { cosine } from "../../src/metrics/similarity.ts";

const similarity = (a: string, b: string): number => cosine(embedText(a), embedText(b));

describe("heuristic embeddings", () => {
  it.each(["The cat sat.", "猫が座った。", "القط جلس", "🐈", "   ", "", "the of and", "!?", "\u0000"])(
    "give equal texts a cosine of 1: %j",
    (text) => {
      expect(similarity(text, text)).toBeCloseTo(1, 10);
      expect(Math.hypot(...embedText(text))).toBeCloseTo(1, 10);
      expect(embedText(text)).toHaveLength(512);
    },
  );

  it.each([
    ["book a hotel in Lisbon", "The hotel in Lisbon is booked.", "The log holds no errors since noon."],
    ["ホテルを予約してください", "ホテルを予約しました。", "天気は晴れです。"],
    ["احجز فندقا في لشبونة", "تم حجز الفندق في لشبونة", "الطقس مشمس اليوم"],
    ["Забронируй отель", "Отель забронирован", "Сегодня солнечно"],
    ["bestelle zwei Fahrräder", "Zwei Fahrräder sind bestellt.", "Die Rechnung wurde storniert."],
  ])("are closer for related texts: %s", (request, related, unrelated) => {
    expect(similarity(request, related)).toBeGreaterThan(similarity(request, unrelated) + 0.2);
  });

  it("of texts without a common word have a similarity near 0", () => {
    const a = "weather sunny warm breeze afternoon beach holiday umbrella";
    const b = "compile kernel module driver interrupt scheduler pipeline";
    expect(Math.abs(similarity(a, b))).toBeLessThan(0.15);
  });

  it("do not depend on case", () => {
    expect(similarity("LISBON Hotel", "lisbon hotel")).toBeCloseTo(1, 10);
  });
});
