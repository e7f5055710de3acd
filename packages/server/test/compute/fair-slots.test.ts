import { expect, test } from "vitest";
import { FairSlots } from "../../src/compute/fair-slots.ts";

const never = new AbortController().signal;

/** Records who gets a slot, in order. Each holder releases it on demand. */
function enter(slots: FairSlots, projects: readonly string[], signal = never) {
  const entered: string[] = [];
  const leaves: (() => void)[] = [];
  const ended = projects.map(async (project) => {
    const leave = await slots.take(project, signal);
    entered.push(project);
    leaves.push(leave);
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const next = async () => {
    leaves.shift()?.();
    await settle();
  };
  return { entered, ended, next, settle };
}

test("projects take turns, however many slots one asks for", async () => {
  const { entered, next, settle } = enter(new FairSlots(1), ["a", "a", "a", "a", "b", "c", "b"]);
  await settle();
  for (let i = 0; i < 7; i++) await next();
  expect(entered.join("")).toBe("aabcaba");
});

test("no more slots are held than there are", async () => {
  const { entered, next, settle } = enter(new FairSlots(2), ["a", "b", "c"]);
  await settle();
  expect(entered).toEqual(["a", "b"]);
  await next();
  expect(entered).toEqual(["a", "b", "c"]);
});

test("one project leaves a slot for others", async () => {
  const slots = new FairSlots(3);
  const greedy = enter(slots, ["a", "a", "a", "a"]);
  await greedy.settle();
  expect(greedy.entered).toEqual(["a", "a"]);
  const other = enter(slots, ["b"]);
  await other.settle();
  expect(other.entered).toEqual(["b"]);
  await greedy.next();
  expect(greedy.entered).toEqual(["a", "a", "a"]);
});

test("a caller that stops waiting takes no slot, and no slot is lost", async () => {
  const slots = new FairSlots(1);
  const leave = await slots.take("a", never);
  const gaveUp = new AbortController();
  const waiting = enter(slots, ["b", "b"], gaveUp.signal);
  gaveUp.abort(new Error("enough"));
  await expect(Promise.all(waiting.ended)).rejects.toThrow("enough");
  const later = enter(slots, ["c"]);
  leave();
  await later.settle();
  expect(later.entered).toEqual(["c"]);
  await expect(slots.take("d", gaveUp.signal)).rejects.toThrow("enough");
});
