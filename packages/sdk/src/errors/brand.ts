/**
 * Marks a class of errors by name, for itself and what extends it. The mark is a registered symbol, so that it is known
 * to every copy of this package in a program, where `instanceof` knows its own copy alone.
 *
 * @returns the guard that knows the mark.
 */
export function brand<T extends object>(
  type: { readonly prototype: T },
  name: string,
): (error: unknown) => error is T {
  const symbol = Symbol.for(`@pandaprobe/sdk/${name}`);
  // On the prototype, where the name is in time for the stack's first line.
  Object.assign(type.prototype, { name, [symbol]: true });
  // `Object` makes one of whatever is asked about.
  return (error): error is T => symbol in Object(error);
}
