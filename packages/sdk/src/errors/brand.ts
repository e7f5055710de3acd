/**
 * Gives an error class, and its subclasses, a name and a mark. The mark is a registered symbol, so every copy of this
 * package in a program recognizes it; `instanceof` only recognizes classes of its own copy.
 *
 * @returns the guard that checks for the mark.
 */
export function brand<T extends object>(
  type: { readonly prototype: T },
  name: string,
): (error: unknown) => error is T {
  const symbol = Symbol.for(`@pandaprobe/sdk/${name}`);
  // On the prototype, so that the name is set before the stack's first line is written.
  Object.assign(type.prototype, { name, [symbol]: true });
  // `in` throws on primitives, which `Object` wraps.
  return (error): error is T => symbol in Object(error);
}
