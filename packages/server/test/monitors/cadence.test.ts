import { isCadence, nextTick } from "@pandaprobe/contract/rules";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trials } from "../support/nightly.ts";

const minute = 60_000;
const created_at = "2026-01-01T00:00:00.000Z";

function ticks(cadence: string, timezone: string, from: string, to: string): string[] {
  const times: string[] = [];
  for (let time = new Date(from); ; ) {
    time = nextTick({ cadence, timezone, created_at }, time);
    if (time.toISOString() >= new Date(to).toISOString()) return times;
    times.push(time.toISOString());
  }
}

/** The same to the minute, such as `2026-03-29T01:00`. */
function minutes(...args: Parameters<typeof ticks>): string[] {
  return ticks(...args).map((time) => {
    expect(time).toMatch(/:00\.000Z$/);
    return time.slice(0, 16);
  });
}

describe("a time of day that a spring change skips fires at the first instant after the gap", () => {
  test.each([
    ["Europe/Berlin", "30 2", ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]],
    ["Europe/Berlin", "0 2", ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"]],
    ["Europe/Berlin", "59 1", ["2026-03-28T00:59", "2026-03-29T00:59", "2026-03-29T23:59"]],
    ["Europe/Berlin", "0 3", ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"]],
    ["America/New_York", "15 2", ["2026-03-07T07:15", "2026-03-08T07:00", "2026-03-09T06:15"]],
    // Half an hour is skipped: from 2:00 to 2:30.
    ["Australia/Lord_Howe", "15 2", ["2026-10-02T15:45", "2026-10-03T15:30", "2026-10-04T15:15"]],
    ["Australia/Lord_Howe", "45 2", ["2026-10-02T16:15", "2026-10-03T15:45", "2026-10-04T15:45"]],
    // The clocks change at midnight, so that the day begins at one.
    ["Africa/Cairo", "0 0", ["2026-04-22T22:00", "2026-04-23T22:00", "2026-04-24T21:00"]],
    ["Asia/Kolkata", "30 2", ["2026-03-27T21:00", "2026-03-28T21:00", "2026-03-29T21:00"]],
  ])("%s, %s", (zone, time, expected) => {
    const [first = "", , last = ""] = expected;
    const from = new Date(Date.parse(`${first}Z`) - minute).toISOString();
    const to = new Date(Date.parse(`${last}Z`) + minute).toISOString();
    expect(minutes(`cron:${time} * * *`, zone, from, to)).toEqual(expected);
  });

  test("all times in the gap are one tick", () => {
    expect(
      minutes("cron:*/15 * * * *", "Europe/Berlin", "2026-03-29T00:31:00Z", "2026-03-29T01:31:00Z"),
    ).toEqual(["2026-03-29T00:45", "2026-03-29T01:00", "2026-03-29T01:15", "2026-03-29T01:30"]);
    expect(
      minutes("cron:10,20,30 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"),
    ).toEqual(["2026-03-29T01:00", "2026-03-29T01:10", "2026-03-29T01:20", "2026-03-29T01:30"]);
  });

  test("a day that a time zone skips fires on the next day", () => {
    // Samoa skipped December 30, 2011.
    expect(
      minutes("cron:0 12 30 * *", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-31T00:00:00Z"),
    ).toEqual(["2011-12-30T10:00", "2012-01-29T22:00"]);
  });
});

describe("a time of day that an autumn change repeats fires once, the first time", () => {
  test.each([
    ["Europe/Berlin", "30 2", ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]],
    ["Europe/Berlin", "0 3", ["2026-10-24T01:00", "2026-10-25T02:00", "2026-10-26T02:00"]],
    ["America/New_York", "30 1", ["2026-10-31T05:30", "2026-11-01T05:30", "2026-11-02T06:30"]],
    ["Australia/Lord_Howe", "45 1", ["2026-04-03T14:45", "2026-04-04T14:45", "2026-04-05T15:15"]],
    ["Africa/Cairo", "30 23", ["2026-10-28T20:30", "2026-10-29T20:30", "2026-10-30T21:30"]],
    ["Asia/Kolkata", "30 2", ["2026-10-23T21:00", "2026-10-24T21:00", "2026-10-25T21:00"]],
  ])("%s, %s", (zone, time, expected) => {
    const [first = "", , last = ""] = expected;
    const from = new Date(Date.parse(`${first}Z`) - minute).toISOString();
    const to = new Date(Date.parse(`${last}Z`) + minute).toISOString();
    expect(minutes(`cron:${time} * * *`, zone, from, to)).toEqual(expected);
  });

  test("the next tick computed in the repeated hour comes after it", () => {
    expect(
      minutes("cron:*/20 * * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", "2026-10-25T02:21:00Z"),
    ).toEqual(["2026-10-25T02:00", "2026-10-25T02:20"]);
  });
});

describe("a pattern", () => {
  test.each([
    ["0 0 1 * *", ["2026-02-01", "2026-03-01", "2026-04-01"]],
    ["0 0 31 * *", ["2026-01-31", "2026-03-31"]],
    ["0 0 29 2 *", []],
    ["0 0 * * 0", ["2026-01-04", "2026-01-11"], "2026-01-15"],
    ["0 0 * * 7", ["2026-01-04", "2026-01-11"], "2026-01-15"],
    ["0 0 * * SUN", ["2026-01-04", "2026-01-11"], "2026-01-15"],
    ["0 0 * * fri-sun", ["2026-01-02", "2026-01-03", "2026-01-04", "2026-01-09"], "2026-01-10"],
    ["0 0 1-7/3 jan *", ["2026-01-04", "2026-01-07"]],
    // If both days are given, either one matches.
    ["0 0 13 * FRI", ["2026-01-02", "2026-01-09", "2026-01-13", "2026-01-16"], "2026-01-17"],
    ["0 0 30 2 MON", ["2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"]],
  ])("%s names the days that it says", (pattern, days, to = "2026-04-02") => {
    expect(
      ticks(`cron:${pattern}`, "UTC", "2026-01-01T00:00:00Z", to).map((time) => time.slice(0, 10)),
    ).toEqual(days);
  });

  test("may be years apart", () => {
    expect(
      nextTick(
        { cadence: "cron:0 0 29 2 *", timezone: "UTC", created_at },
        new Date(created_at),
      ).toISOString(),
    ).toBe("2028-02-29T00:00:00.000Z");
  });
});

describe("a period is counted from the creation of the monitor", () => {
  test.each([
    ["every_6h", "2026-01-01T00:00:00.000Z", "2026-01-01T06:00:00.000Z"],
    ["every_6h", "2026-01-01T05:59:59.999Z", "2026-01-01T06:00:00.000Z"],
    ["every_6h", "2026-01-01T06:00:00.000Z", "2026-01-01T12:00:00.000Z"],
    ["daily", "2026-03-29T12:00:00.000Z", "2026-03-30T00:00:00.000Z"],
    ["weekly", "2026-01-20T12:00:00.000Z", "2026-01-22T00:00:00.000Z"],
    // With a clock that was set back, the first tick is one period after the creation.
    ["daily", "2025-06-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"],
  ])("%s, after %s", (cadence, after, expected) => {
    const schedule = { cadence, timezone: "Europe/Berlin", created_at };
    expect(nextTick(schedule, new Date(after)).toISOString()).toBe(expected);
  });
});

/** A field: a list of items over these values, and the numbers that it matches. */
function field(min: number, max: number): fc.Arbitrary<{ text: string; values: Set<number> }> {
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min: 1, max: max - min + 1 }))
    .map(([a, b, step]) => ({ from: Math.min(a, b), to: Math.max(a, b), step }));
  const item = fc.oneof(
    fc.integer({ min, max }).map((value) => ({ text: `${value}`, from: value, to: value, step: 1 })),
    range.map(({ from, to }) => ({ text: `${from}-${to}`, from, to, step: 1 })),
    range.map(({ from, to, step }) => ({ text: `${from}-${to}/${step}`, from, to, step })),
    range.map(({ step }) => ({ text: `*/${step}`, from: min, to: max, step })),
  );
  return fc.oneof(
    fc.constant({ text: "*", values: new Set(numbers(min, max, 1)) }),
    fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => ({
      text: items.map(({ text }) => text).join(","),
      values: new Set(items.flatMap(({ from, to, step }) => numbers(from, to, step))),
    })),
  );
}

function numbers(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);
}

const pattern = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
  .map(([minuteField, hourField, dayField, monthField, weekdayField]) => ({
    text: [minuteField, hourField, dayField, monthField, weekdayField].map(({ text }) => text).join(" "),
    /** Whether it matches a local time, given as the instant at which UTC shows the same. */
    names(localTime: number): boolean {
      const time = new Date(localTime);
      const day = dayField.values.has(time.getUTCDate());
      const weekday = weekdayField.values.has(time.getUTCDay());
      const isDay = dayField.text === "*" || weekdayField.text === "*" ? day && weekday : day || weekday;
      return (
        isDay &&
        minuteField.values.has(time.getUTCMinutes()) &&
        hourField.values.has(time.getUTCHours()) &&
        monthField.values.has(time.getUTCMonth() + 1)
      );
    },
  }));

/** Times near clock changes, and zones with clock changes. */
const changes: readonly (readonly [string, string])[] = [
  ["Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00:00Z"],
  ["America/New_York", "2026-03-08T07:00:00Z"],
  ["America/New_York", "2026-11-01T06:00:00Z"],
  ["America/St_Johns", "2026-03-08T05:30:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["Africa/Cairo", "2026-04-23T22:00:00Z"],
  ["Africa/Cairo", "2026-10-29T21:00:00Z"],
  ["America/Santiago", "2026-09-06T04:00:00Z"],
  ["Africa/Casablanca", "2026-02-15T02:00:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
  ["Asia/Kolkata", "2026-03-29T00:00:00Z"],
  ["UTC", "2026-10-25T01:00:00Z"],
];

/** What the clocks show in each minute of the hours around a time. */
const shown = new Map(
  changes.map(([zone, around]) => {
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    const start = Date.parse(around) - 30 * 60 * minute;
    return [
      `${zone} ${around}`,
      Array.from({ length: 54 * 60 }, (_, n) => {
        const instant = start + n * minute;
        return { instant, localTime: Date.parse(`${format.format(instant).replace(" ", "T")}Z`) };
      }),
    ];
  }),
);

/** Every tick, found by reading the clock minute by minute. */
function scan(
  names: (localTime: number) => boolean,
  clock: readonly { instant: number; localTime: number }[],
): string[] {
  const found: string[] = [];
  let latest = (clock[0]?.localTime ?? 0) - minute;
  for (const { instant, localTime } of clock) {
    // The local times up to this one that were not shown before: usually one, none in a repeated hour, many after a gap.
    const isTick = numbers(latest + minute, localTime, minute).some(names);
    if (isTick) found.push(new Date(instant).toISOString());
    latest = Math.max(latest, localTime);
  }
  return found;
}

test("any pattern fires whenever the clock shows a time that matches", {
  tags: ["nightly"],
  timeout: 600_000,
}, () => {
  fc.assert(
    fc.property(pattern, fc.constantFrom(...changes), ({ text, names }, [zone, around]) => {
      const cadence = `cron:${text}`;
      // A few patterns match a day that never comes. They are no valid cadence.
      fc.pre(isCadence(cadence));
      const clock = shown.get(`${zone} ${around}`) ?? [];
      const first = clock[0]?.instant ?? 0;
      const end = (clock.at(-1)?.instant ?? 0) + minute;
      const found = ticks(cadence, zone, new Date(first - 1).toISOString(), new Date(end).toISOString());
      expect(found).toEqual(scan(names, clock));
    }),
    trials(20, 300),
  );
});
