import { expect, test, vi } from "vitest";
import { askTask, judgeWith } from "./support.ts";

const soon = { timeout: 5_000, interval: 5 };

test("a model is blocked while it is paused; other models are not, and embedding models do not count", async () => {
  let isDown = true;
  const { judges } = await judgeWith(
    { fault: ({ body }) => (isDown && /down|embed/.test(body.model) ? { kind: "reset" } : undefined) },
    { firstBackoffMs: 400, embeddingModel: "openai/embed" },
  );
  expect(judges.blockedModels()).toEqual([]);
  const signal = new AbortController().signal;
  const waiting = [
    ...Array.from({ length: 8 }, () => askTask(judges.judgeFor("openai/down"))),
    ...Array.from({ length: 8 }, (_, i) => judges.judgeFor("openai/up").embed([`text ${i}`], signal)),
  ];
  await askTask(judges.judgeFor("openai/up"));
  await vi.waitFor(() => expect(judges.blockedModels()).toEqual(["openai/down"]), soon);
  isDown = false;
  await Promise.all(waiting);
  expect(judges.blockedModels()).toEqual([]);
});
