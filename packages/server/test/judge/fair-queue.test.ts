import fc from "fast-check";
import { expect, test } from "vitest";
import { FairQueue } from "../../src/judge/queue/fair-queue.ts";

interface Item {
  readonly project: string;
  readonly order: number;
  readonly n: number;
}

const queueOf = (items: readonly Item[]) => {
  const made = new FairQueue<Item>();
  for (const one of items) made.add(one);
  return made;
};

const takeAll = (made: FairQueue<Item>) => Array.from({ length: made.size }, () => made.take());

test("projects take turns, however many items they have; lower orders go first, equal ones by arrival", () => {
  const many = Array.from({ length: 6 }, (_, n) => ({ project: "many", order: 9 - n, n }));
  const few = [
    { project: "few", order: 20, n: 10 },
    { project: "few", order: 20, n: 11 },
  ];
  const order = takeAll(queueOf([...many, ...few])).map((one) => one?.n);
  expect(order).toEqual([5, 10, 4, 11, 3, 2, 1, 0]);
});

test("no item is lost, taken twice or overtaken by a later one of its project", () => {
  const items = fc.array(fc.record({ project: fc.constantFrom("a", "b", "c"), order: fc.nat({ max: 5 }) }));
  fc.assert(
    fc.property(items, fc.array(fc.nat()), (drawn, leaving) => {
      const added = drawn.map((one, n) => ({ ...one, n }));
      const made = queueOf(added);
      const gone = new Set(leaving.map((index) => added[index % Math.max(1, added.length)]));
      for (const one of gone) if (one !== undefined) made.remove(one);
      const order = takeAll(made).filter((one) => one !== undefined);
      expect(made.size).toBe(0);
      expect(new Set(order)).toEqual(new Set(added.filter((one) => !gone.has(one))));
      for (const project of ["a", "b", "c"]) {
        const own = order.filter((one) => one.project === project);
        expect(own).toEqual(own.toSorted((one, other) => one.order - other.order || one.n - other.n));
      }
    }),
  );
});

test("the item with the lowest rank goes first, and its project moves to the back", () => {
  const item = (project: string, order: number, n: number) => ({ project, order, n });
  const queue = queueOf([item("a", 1, 3), item("a", 2, 1), item("b", 1, 1), item("b", 2, 0)]);
  const rank = ({ n }: Item) => n;
  expect(
    [queue.take(rank), queue.take(rank), queue.take(), queue.take(rank)].map((taken) => taken?.n),
  ).toEqual([0, 1, 1, 3]);
});
