import { openApiDocument } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { behaviours } from "./behaviours.ts";
import type { Side } from "./side.ts";

/** Holds a side against every behaviour. @param seen which operations were answered well */
export function describeConformance(side: () => Side, seen: ReadonlySet<string>): void {
  for (const [topic, its] of Object.entries(behaviours)) {
    describe(topic, () => {
      for (const { name, check } of its) test(name, () => check(side()));
    });
  }

  test("every operation of the contract was answered", () => {
    const { paths } = openApiDocument("0") as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const all = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect([...seen].sort()).toEqual(all.sort());
  });
}
