import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { outline, startTraceReceiver } from "../support/trace-receiver.ts";

let server: Awaited<ReturnType<typeof startTraceReceiver>>;
beforeAll(async () => {
  server = await startTraceReceiver();
});
afterAll(() => server[Symbol.asyncDispose]());

describe("observe", () => {
  it("sends a trace with input and output, in which the calls are nested over awaits", async () => {
    const { observe, sentOne } = server.trace();
    const search = observe(
      async (query: string, limit: number) => {
        await sleep(1);
        return [`${query} ${limit}`];
      },
      { name: "search", kind: "RETRIEVER", metadata: { index: "web" } },
    );
    const plan = observe((question: string) => question.toUpperCase(), { name: "plan" });
    const agent = observe(async function agent(question: string) {
      const query = plan(question);
      const [found] = await search(query, 3);
      return `It is ${found}.`;
    });
    expect(await agent("where?")).toBe("It is WHERE? 3.");
    const trace = await sentOne();
    expect(trace).toMatchObject({
      name: "agent",
      status: "COMPLETED",
      input: "where?",
      output: "It is WHERE? 3.",
    });
    expect(outline(trace)).toEqual(["agent", "agent > plan", "agent > search"]);
    const [, found] = trace.spans;
    expect(found).toMatchObject({
      kind: "RETRIEVER",
      status: "OK",
      input: ["WHERE?", 3],
      output: ["WHERE? 3"],
      metadata: { index: "web" },
    });
    expect(trace.ended_at).toBe(trace.spans.at(-1)?.ended_at);
  });

  it("keeps parallel calls and parallel requests apart", async () => {
    const { observe, withSession, sent } = server.trace();
    const leaf = observe((n: number) => sleep(n % 3, n), { name: "leaf" });
    const step = observe(async (n: number) => leaf(n), { name: "step" });
    const request = observe(
      async (user: number) => Promise.all([step(user), step(user + 1), step(user + 2)]),
      { name: "request" },
    );
    await Promise.all([10, 20, 30].map((user) => withSession({ user_id: `${user}` }, () => request(user))));
    await request(40);
    const traces = await sent();
    expect(new Map(traces.map(({ user_id, input }) => [input, user_id]))).toEqual(
      new Map([
        [10, "10"],
        [20, "20"],
        [30, "30"],
        [40, undefined],
      ]),
    );
    for (const trace of traces) {
      const leaves = outline(trace).filter((path) => path === "request > step > leaf");
      expect([leaves.length, trace.spans.length]).toEqual([3, 7]);
      const byId = new Map(trace.spans.map((span) => [span.span_id, span]));
      for (const span of trace.spans.filter(({ name }) => name === "leaf")) {
        expect(byId.get(span.parent_span_id ?? "")?.input).toBe(span.input);
      }
    }
  });

  it("records errors, and rethrows them unchanged", async () => {
    const { observe, sentOne } = server.trace();
    const failure = new TypeError("There is no such city.");
    const sync = observe(
      () => {
        throw failure;
      },
      { name: "sync" },
    );
    const later = observe(() => Promise.reject(failure), { name: "later" });
    const agent = observe(
      async () => {
        expect(sync).toThrow(failure);
        await expect(later()).rejects.toBe(failure);
        return "recovered";
      },
      { name: "agent" },
    );
    await agent();
    const trace = await sentOne();
    expect(trace.status).toBe("COMPLETED");
    expect(trace.spans.map(({ name, status, error }) => [name, status, error])).toEqual([
      ["sync", "ERROR", failure.message],
      ["later", "ERROR", failure.message],
      ["agent", "OK", undefined],
    ]);
  });

  it("gives a trace whose root fails the status ERROR, whatever is thrown", async () => {
    const { observe, sent } = server.trace();
    const unreadable = {
      toString: () => {
        throw new Error("no");
      },
    };
    for (const thrown of ["text", undefined, unreadable, new Error("")]) {
      const fails = observe(() => Promise.reject(thrown), { name: "fails" });
      await expect(fails()).rejects.toBe(thrown);
    }
    const traces = await sent();
    expect(traces.map(({ status, spans: [root] }) => [status, root?.error])).toEqual([
      ["ERROR", "text"],
      ["ERROR", "undefined"],
      ["ERROR", "[unreadable]"],
      ["ERROR", "Error"],
    ]);
  });

  it("keeps this, name and type of the function", async () => {
    const { observe, sentOne } = server.trace();
    class Agent {
      readonly greeting = "Hello";
      greet = observe(function greet(this: Agent, name: string) {
        return `${this.greeting}, ${name}`;
      });
    }
    const agent = new Agent();
    expect(agent.greet("Ann")).toBe("Hello, Ann");
    expect(agent.greet.name).toBe("greet");
    expectTypeOf(agent.greet).returns.toEqualTypeOf<string>();
    expect((await sentOne()).name).toBe("greet");
  });

  it("records the results of input and output, and survives their failure", async () => {
    const { observe, sent } = server.trace();
    const options = {
      input: (_secret: string, city: string) => city,
      output: (sky: { today: string }) => sky.today,
    };
    observe((_secret: string, _city: string) => ({ today: "rain" }), { name: "chosen", ...options })(
      "key",
      "Paris",
    );
    observe((secret: string) => secret, { name: "none", input: false, output: false })("key");
    const fail = () => {
      throw new Error("not readable");
    };
    observe((city: string) => city, { name: "failing", input: fail, output: fail })("Paris");
    const [chosen, none, failing] = await sent();
    expect(chosen).toMatchObject({ input: "Paris", output: "rain" });
    expect([none?.input, none?.output]).toEqual([undefined, undefined]);
    expect(failing?.metadata).toEqual({ tracing_error: { name: "Error", message: "not readable" } });
  });

  it("returns a promise with methods of its own as it is", async () => {
    const { observe, sentOne } = server.trace();
    class Request extends Promise<string> {
      cancel = () => "cancelled";
    }
    const made = Request.resolve("done") as Request;
    const request = observe(() => made, { name: "request" });
    expect(request()).toBe(made);
    await made;
    expect((await sentOne()).output).toBe("done");
  });
});

describe("observe with streams", () => {
  async function collected<T>(stream: AsyncIterable<T>): Promise<T[]> {
    const parts: T[] = [];
    for await (const part of stream) parts.push(part);
    return parts;
  }

  async function* words(): AsyncGenerator<string, string, undefined> {
    yield "It ";
    await sleep(1);
    yield "rains.";
    return "end";
  }

  it("records an async generator when it has been read, with the calls in it as children", async () => {
    const { observe, sentOne } = server.trace();
    const leaf = observe(() => "Paris", { name: "leaf" });
    const answer = observe(async function* answer() {
      yield* words();
      yield leaf();
    });
    expect(await collected(answer())).toEqual(["It ", "rains.", "Paris"]);
    const trace = await sentOne();
    expect(trace.output).toBe("It rains.Paris");
    expect(outline(trace)).toEqual(["answer", "answer > leaf"]);
    expect(trace.spans.at(-1)?.completion_start_time).toBeDefined();
  });

  it("ends with a stream that is left early, whose own finally runs", async () => {
    const { observe, sentOne } = server.trace();
    let isClosed = false;
    const answer = observe(async function* answer() {
      try {
        yield* words();
      } finally {
        isClosed = true;
      }
    });
    for await (const word of answer()) {
      expect(word).toBe("It ");
      break;
    }
    expect(isClosed).toBe(true);
    expect(await sentOne()).toMatchObject({ status: "COMPLETED", output: "It " });
  });

  it("records the parts before a stream's error", async () => {
    const { observe, sentOne } = server.trace();
    const failure = new Error("The connection is lost.");
    const answer = observe(async function* answer() {
      yield "It ";
      throw failure;
    });
    await expect(collected(answer())).rejects.toBe(failure);
    const trace = await sentOne();
    expect(trace).toMatchObject({ status: "ERROR", output: "It " });
    expect(trace.spans[0]?.error).toBe(failure.message);
  });

  it("records generators, promises of streams, and what output makes of their parts", async () => {
    const { observe, sent } = server.trace();
    function* counting(): Generator<number, void, number> {
      const sum = yield 1;
      yield sum;
    }
    const count = observe(counting, { name: "count" })();
    expect([count.next().value, count.next(7).value, count.next().done]).toEqual([1, 7, true]);
    const later = observe(async () => words(), { name: "later", output: (parts) => parts.length });
    expect(await collected(await later())).toHaveLength(2);
    const traces = await sent();
    expect(traces.map(({ name, output }) => [name, output])).toEqual([
      ["count", [1, 7]],
      ["later", 2],
    ]);
  });

  it("records a ReadableStream that is read, and one that is cancelled", async () => {
    const { observe, sent } = server.trace();
    let cancelledFor: unknown;
    const stream = () =>
      new ReadableStream<string>({
        start(controller) {
          for (const part of ["It ", "rains."]) controller.enqueue(part);
          controller.close();
        },
        cancel(reason) {
          cancelledFor = reason;
        },
      });
    const read = observe(stream, { name: "read" });
    expect(await new Response(read().pipeThrough(new TextEncoderStream())).text()).toBe("It rains.");
    const open = observe(
      () =>
        new ReadableStream({
          pull: (c) => c.enqueue("x"),
          cancel: (r) => {
            cancelledFor = r;
          },
        }),
      { name: "open" },
    );
    const reader = open().getReader();
    await reader.read();
    await reader.cancel("enough");
    expect(cancelledFor).toBe("enough");
    expect((await sent()).map(({ name, output }) => [name, output])).toEqual([
      ["read", "It rains."],
      ["open", "x"],
    ]);
  });
});

describe("startSpan and withSession", () => {
  it("start children in run alone, and end once, by using too", async () => {
    const { startSpan, currentSpan, sentOne } = server.trace();
    const root = startSpan("root", { kind: "AGENT", input: "question" });
    expect(currentSpan()).toBeUndefined();
    root.run(() => {
      expect(currentSpan()?.spanId).toBe(root.spanId);
      using child = startSpan("child", { model: "gpt-5.4", token_usage: { prompt_tokens: 3 } });
      child.update({ token_usage: { completion_tokens: 4 }, metadata: { a: 1n } });
      startSpan("sibling").end();
    });
    root.fail(new Error("The tool failed."));
    root.end({ output: "answer" });
    root.end({ output: "ignored" });
    root.update({ output: "ignored" });
    const trace = await sentOne();
    expect(trace).toMatchObject({
      trace_id: root.traceId,
      status: "ERROR",
      input: "question",
      output: "answer",
    });
    expect(outline(trace)).toEqual(["root", "root > child", "root > sibling"]);
    expect(trace.spans.find(({ name }) => name === "child")).toMatchObject({
      model: "gpt-5.4",
      token_usage: { prompt_tokens: 3, completion_tokens: 4 },
      metadata: { a: "1" },
    });
  });

  it("sets session, user and tags of the traces inside, and of the current trace", async () => {
    const { startSpan, withSession, sent } = server.trace();
    withSession({ user_id: "ann", tags: ["beta"] }, () => {
      const root = startSpan("late");
      root.run(() => withSession({ session_id: "s/1", user_id: "bob", tags: ["vip"] }, () => {}));
      root.end();
      withSession({ session_id: "s/2", tags: ["beta", "vip"] }, () => startSpan("inner").end());
    });
    startSpan("outside").end();
    const traces = await sent();
    expect(traces.map(({ name, session_id, user_id, tags }) => [name, session_id, user_id, tags])).toEqual([
      ["late", "s/1", "ann", ["vip", "beta"]],
      ["inner", "s/2", "ann", ["beta", "vip"]],
      ["outside", undefined, undefined, undefined],
    ]);
  });

  it("sends a span that ends after its trace, and long traces in parts", async () => {
    const { startSpan, client, sentOne } = server.trace();
    const root = startSpan("root", { input: "question" });
    const late = root.run(() => startSpan("late"));
    for (let n = 0; n < 1_200; n += 1) root.run(() => startSpan(`step ${n}`).end());
    expect(client.traces.stats().queued).toBe(2);
    root.end({ output: "answer" });
    late.end();
    const trace = await sentOne();
    expect(trace.spans).toHaveLength(1_202);
    expect(trace).toMatchObject({ name: "root", status: "COMPLETED" });
    expect(outline(trace).slice(0, 3)).toEqual(["root", "root > late", "root > step 0"]);
  });
});

describe("values that JSON cannot hold", () => {
  it("become text, and what is huge or deep is cut", async () => {
    const { observe, drops, sentOne } = server.trace();
    const cycle: Record<string, unknown> = {
      name: "cycle",
      big: 10n ** 20n,
      none: undefined,
      nan: Number.NaN,
    };
    cycle["self"] = cycle;
    const twice = { a: 1 };
    let deep: unknown = "bottom";
    for (let n = 0; n < 100_000; n += 1) deep = { deep };
    const hostile = {
      get broken(): never {
        throw new Error("no");
      },
      toJSON: undefined,
    };
    const values = [
      cycle,
      [twice, twice],
      new Map([["key", new Set([1])]]),
      new Error("It broke."),
      new Date(0),
      new Uint8Array(1_000),
      Symbol("s"),
      function named() {},
      hostile,
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
      "x".repeat(2_000_000),
      Array.from({ length: 2_000_000 }, (_, n) => n),
    ];
    const agent = observe((..._given: unknown[]) => deep, { name: "agent" });
    agent(...values);
    const trace = await sentOne();
    expect(drops).toEqual([]);
    const input = trace.input as unknown[];
    expect(input.slice(0, 10)).toEqual([
      { name: "cycle", big: "100000000000000000000", nan: "NaN", self: "[circular]" },
      [{ a: 1 }, { a: 1 }],
      { key: [1] },
      { name: "Error", message: "It broke." },
      "1970-01-01T00:00:00.000Z",
      "[1000 bytes]",
      "Symbol(s)",
      "[function named]",
      { broken: "[unreadable]" },
      "[unreadable]",
    ]);
    expect(JSON.stringify(input).length).toBeLessThan(501_000);
    expect(JSON.stringify(trace.output)).toMatch(/^(\{"deep":){40}"\[cut\]"\}{40}$/);
  });

  it("are copied when they are recorded", async () => {
    const { observe, sentOne } = server.trace();
    const messages = ["first"];
    observe((list: string[]) => list.push("second"), { name: "agent" })(messages);
    expect((await sentOne()).input).toEqual(["first"]);
  });
});
