/** The part of `AsyncLocalStorage` that is used. */
export interface AsyncContext<T> {
  getStore(): T | undefined;
  run<R>(store: T, callback: () => R): R;
}

type AsyncContextClass = new <T>() => AsyncContext<T>;
interface Runtime {
  readonly AsyncLocalStorage?: AsyncContextClass;
  readonly process?: {
    getBuiltinModule?(
      name: "node:async_hooks",
    ): { readonly AsyncLocalStorage: AsyncContextClass } | undefined;
  };
}

/**
 * Not imported, so that bundles for all platforms can include this module.
 *
 * @throws Error if there is no `AsyncLocalStorage`.
 */
export function createAsyncContext<T>(): AsyncContext<T> {
  const { AsyncLocalStorage, process } = globalThis as Runtime;
  const Context = AsyncLocalStorage ?? process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  if (Context === undefined) {
    throw new Error(
      "Tracing needs AsyncLocalStorage: Node.js 22.3 or newer, Deno, Bun, or Workers with nodejs_compat.",
    );
  }
  return new Context<T>();
}
