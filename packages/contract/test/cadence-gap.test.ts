import { cadenceGapSeconds } from "@pandaprobe/contract/rules";
import { expect, test } from "vitest";

const minute = 60;
const hour = 3600;

test.each([
  ["every_6h", 6 * hour],
  ["daily", 24 * hour],
  ["weekly", 168 * hour],
  ["cron:* * * * *", minute],
  ["cron:*/5 * * * *", 5 * minute],
  ["cron: */7 * * * *", 4 * minute],
  ["cron:0 * * * *", hour],
  ["cron:30 6 * * MON-FRI", 24 * hour],
  ["cron:0,4 9 * * *", 4 * minute],
  ["cron:0-10/10,30 9 * * *", 10 * minute],
  ["cron:58 23 * * *", 24 * hour],
  ["cron:2,58 23,0 * * *", 4 * minute],
  ["cron:2,58 9,12 * * *", 56 * minute],
  ["cron:10/20 */12 1 1 *", 20 * minute],
  ["cron:0 8-10,20 * * *", hour],
])("the shortest time between two ticks of %s is %d s", (cadence, seconds) => {
  expect(cadenceGapSeconds(cadence)).toBe(seconds);
});
