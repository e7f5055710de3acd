import { parseDateTime } from "@pandaprobe/contract/rules";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateTime, dateTimeAsGiven } from "../src/common/dates.ts";

describe("parseDateTime", () => {
  test.each([
    ["2026-03-01T09:30:00Z", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01t09:30:00z", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01 09:30:00Z", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01T09:30:00", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01T09:30", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T09:30:00+02:00", "2026-03-01T07:30:00.000Z"],
    ["2026-03-01T09:30:00-05:30", "2026-03-01T15:00:00.000Z"],
    ["2026-03-01T09:30:00+0200", "2026-03-01T07:30:00.000Z"],
    ["2026-03-01T09:30:00.5-0530", "2026-03-01T15:00:00.500Z"],
    ["2026-03-01 09:30:00+02", "2026-03-01T07:30:00.000Z"],
    ["1772357400", "2026-03-01T09:30:00.000Z"],
    ["1772357400.1239", "2026-03-01T09:30:00.123Z"],
    ["1772357400123", "2026-03-01T09:30:00.123Z"],
    ["-1772357400", "1913-11-02T14:30:00.000Z"],
    ["2026-03-01T09:30:00-00:00", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00.000Z"],
    ["2026-03-01T09:30:00.1Z", "2026-03-01T09:30:00.100Z"],
    ["2026-03-01T09:30:00.123456789Z", "2026-03-01T09:30:00.123Z"],
    ["2026-03-01T09:30:59.9999Z", "2026-03-01T09:30:59.999Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["0099-06-01", "0099-06-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2017-01-01T00:59:60.5+01:00", "2017-01-01T00:00:00.500Z"],
  ])("reads %s as %s", (text, instant) => {
    expect(parseDateTime(text)).toBe(instant);
  });

  test.each([
    "",
    " ",
    "yesterday",
    "2026",
    "20260301",
    "1772357400123456",
    "1772357400123456789",
    "1e9",
    "2026-03",
    "2026-3-1",
    "2026-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-03-00",
    "2026-03-01T24:00:00Z",
    "2026-03-01T09:60:00Z",
    "2026-03-01T09:30:60Z",
    "1960-03-01T09:30:60Z",
    "9999-12-31T23:59:60Z",
    "2026-03-01T09:30:61Z",
    "2026-03-01T09:30:00.Z",
    "2026-03-01T09:30:00+020",
    "2026-03-01T09:30:00+02:",
    "2026-03-01T09:30:00+2460",
    "2026-03-01T09:30:00+2:00",
    "2026-03-01T09:30:00+24:00",
    "2026-03-01T09:30:00+02:60",
    "2026-03-01Z",
    "2026-03-01T",
    " 2026-03-01",
    "2026-03-01 ",
    "2026-03-01T09:30:00Z\n",
    "2026-03-01T09:30:00Z; drop table traces",
    "02026-03-01",
    "+2026-03-01",
    "0000-12-31",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "٢٠٢٦-٠٣-٠١",
  ])("refuses %j", (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  test("reads back every instant that JavaScript writes", () => {
    const [min, max] = [new Date("0001-01-01T00:00:00Z"), new Date("9999-12-31T23:59:59.999Z")];
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
        expect(parseDateTime(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });

  test("returns an instant or null for any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const instant = parseDateTime(text);
        expect(instant === null || new Date(instant).toISOString() === instant).toBe(true);
      }),
    );
  });
});

test("a date in a body is converted to UTC, and anything else is reported once", () => {
  expect(dateTime.parse("2026-03-01T09:30:00+02:00")).toBe("2026-03-01T07:30:00.000Z");
  expect(dateTime.safeParse("soon").error?.issues).toHaveLength(1);
});

test("a number in a body is the seconds or milliseconds since 1970", () => {
  expect(dateTime.parse(1_772_357_400)).toBe("2026-03-01T09:30:00.000Z");
  expect(dateTime.parse(1_772_357_400.25)).toBe("2026-03-01T09:30:00.250Z");
  expect(dateTime.parse(1_772_357_400_123)).toBe("2026-03-01T09:30:00.123Z");
  expect(dateTime.parse(0)).toBe("1970-01-01T00:00:00.000Z");
  for (const value of [1_772_357_400_123_456, Number.POSITIVE_INFINITY, true]) {
    expect(dateTime.safeParse(value).error?.issues).toMatchObject([
      { message: expect.stringMatching(/^must be an RFC 3339 date-time/) },
    ]);
  }
});

test("a filter keeps an RFC 3339 date as given, and converts any other form to one", () => {
  for (const value of ["2026-03-01", "2026-03-01t09:30:00.5+02:00", "2026-03-01 09:30"])
    expect(dateTimeAsGiven.parse(value)).toBe(value);
  expect(dateTimeAsGiven.parse("2026-03-01T09:30:00+0200")).toBe("2026-03-01T07:30:00.000Z");
  expect(dateTimeAsGiven.parse("1772357400")).toBe("2026-03-01T09:30:00.000Z");
  expect(dateTimeAsGiven.parse(1_772_357_400)).toBe("2026-03-01T09:30:00.000Z");
});
