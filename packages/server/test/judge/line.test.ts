import fc from "fast-check";
import { expect, test } from "vitest";
import { Line } from "../../src/judge/calls/line.ts";

interface Someone {
  readonly project: string;
  readonly turn: number;
  readonly n: number;
}

const line = (people: readonly Someone[]) => {
  const made = new Line<Someone>();
  for (const one of people) made.add(one);
  return made;
};

const all = (made: Line<Someone>) => Array.from({ length: made.size }, () => made.take());

test("projects go in turn, whatever each of them has; the old go before the new, equals as they came", () => {
  const many = Array.from({ length: 6 }, (_, n) => ({ project: "many", turn: 9 - n, n }));
  const few = [
    { project: "few", turn: 20, n: 10 },
    { project: "few", turn: 20, n: 11 },
  ];
  const order = all(line([...many, ...few])).map((one) => one?.n);
  expect(order).toEqual([5, 10, 4, 11, 3, 2, 1, 0]);
});

test("nobody is lost, taken twice, or overtaken by a newer one of the same project", () => {
  const people = fc.array(fc.record({ project: fc.constantFrom("a", "b", "c"), turn: fc.nat({ max: 5 }) }));
  fc.assert(
    fc.property(people, fc.array(fc.nat()), (drawn, leaving) => {
      const everybody = drawn.map((one, n) => ({ ...one, n }));
      const made = line(everybody);
      const gone = new Set(leaving.map((index) => everybody[index % Math.max(1, everybody.length)]));
      for (const one of gone) if (one !== undefined) made.remove(one);
      const order = all(made).filter((one) => one !== undefined);
      expect(made.size).toBe(0);
      expect(new Set(order)).toEqual(new Set(everybody.filter((one) => !gone.has(one))));
      for (const project of ["a", "b", "c"]) {
        const own = order.filter((one) => one.project === project);
        expect(own).toEqual(own.toSorted((one, other) => one.turn - other.turn || one.n - other.n));
      }
    }),
  );
});
