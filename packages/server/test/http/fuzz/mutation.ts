import fc from "fast-check";
import { hostileValue } from "./hostile.ts";
import { KnownId } from "./known-things.ts";

type Change = (container: Container, key: string | number) => void;
type Container = Record<string | number, unknown>;

/** A change at one place of any JSON value. */
export interface Mutation {
  readonly at: number;
  readonly change: Change;
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  hostileValue.map((value) => (container: Container, key: string | number) => define(container, key, value)),
  fc.constant((container: Container, key: string | number) => {
    Reflect.deleteProperty(container, key);
  }),
  fc.constant((container: Container, key: string | number) => define(container, key, null)),
  fc.constant((container: Container, key: string | number) => define(container, key, [container[key]])),
  fc.constant((container: Container, key: string | number) => define(container, key, String(container[key]))),
  hostileValue.map((value) => (container: Container) => define(container, "unknown_field", value)),
  hostileValue.map((value) => (container: Container) => define(container, "__proto__", value)),
);

export const mutation: fc.Arbitrary<Mutation> = fc.record({ at: fc.nat(200), change: changes });

/** A copy of the value, changed in one place. */
export function mutated(value: unknown, { at, change }: Mutation): unknown {
  const root: Container = { value: copy(value) };
  const places = placesOf(root);
  const place = places[at % places.length];
  if (place !== undefined) change(place.container, place.key);
  return root["value"];
}

/** Sets a key, even `__proto__`: assigning to that would change the prototype. */
function define(container: Container, key: string | number, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null || value instanceof KnownId) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}

function placesOf(container: Container): { container: Container; key: string | number }[] {
  return Object.entries(container).flatMap(([key, item]) => [
    { container, key },
    ...(typeof item === "object" && item !== null && !(item instanceof KnownId)
      ? placesOf(item as Container)
      : []),
  ]);
}
