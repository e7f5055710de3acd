import { expect, test } from "vitest";
import { formatScore } from "../src/ui/format.ts";

test.each([
  [0.4971, "0.49"],
  [0.7999, "0.79"],
  [0.29, "0.29"],
  [0.0378, "0.03"],
  [1, "1.00"],
])(
  "cuts a score of %d, so that it never looks as if it reached a threshold that it missed",
  (score, text) => {
    expect(formatScore(score)).toBe(text);
  },
);
