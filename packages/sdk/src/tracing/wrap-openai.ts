import { observedStream, StreamRecord } from "./observe-stream.ts";
import { type ModelAnswer, openAiApis } from "./openai-apis.ts";
import type { OpenSpan } from "./span.ts";

type Method = (...given: unknown[]) => unknown;
/** Replacements of a method, or of an object's methods. */
type Replacements = { readonly [name: string]: ((method: Method) => Method) | Replacements };
/** OpenAI's promise: it reads the response when it is first awaited, which `parse` does. */
interface ApiPromise {
  parse?: () => Promise<unknown>;
  asResponse?: () => Promise<unknown>;
}

/** The same client, with recorded model calls. `start` starts a span. */
export function wrappedOpenAI<Client extends object>(
  client: Client,
  start: (name: string) => OpenSpan,
): Client {
  const traced =
    (api: (typeof openAiApis)[keyof typeof openAiApis]) =>
    (method: Method): Method => {
      return (...given) => {
        const span = start(api.name);
        attempt(() => span.update({ kind: "LLM", ...api.asked(given[0] as object) }));
        const end = (answer: () => ModelAnswer) => {
          attempt(() => {
            const { error, ...fields } = answer();
            span.update(fields);
            if (error !== undefined) span.fail(error);
          });
          span.end();
        };
        const see = (result: unknown) => {
          if (isStream(result)) {
            const iterate = result[Symbol.asyncIterator].bind(result);
            const record = () =>
              new StreamRecord(span, (parts) => end(() => api.streamed(parts as object[])));
            const observed = () => observedStream(iterate(), span, record);
            // In place, because the stream has methods of its own, and is read once.
            Object.defineProperty(result, Symbol.asyncIterator, { value: observed });
          } else {
            end(() => api.answered(result as object));
          }
          return result;
        };
        const fail = (error: unknown) => {
          span.fail(error);
          span.end();
          throw error;
        };
        try {
          return seen(
            span.run(() => method(...given)),
            see,
            fail,
            () => span.end(),
          );
        } catch (error) {
          return fail(error);
        }
      };
    };
  const { chat, responses } = openAiApis;
  return replaced(client, {
    chat: { completions: { create: traced(chat), parse: traced(chat) } },
    responses: { create: traced(responses), parse: traced(responses) },
  });
}

/**
 * Sees a result when the program does: awaiting an `ApiPromise` earlier would read a response that the
 * program wants to read itself.
 */
function seen(
  result: unknown,
  see: (value: unknown) => unknown,
  fail: (error: unknown) => unknown,
  leave: () => void,
): unknown {
  if (!(result instanceof Promise)) return see(result);
  const promise = result as Promise<unknown> & ApiPromise;
  const { parse, asResponse } = promise;
  if (parse === undefined || asResponse === undefined) return result.then(see, fail);
  let parsed: Promise<unknown> | undefined;
  promise.parse = () => {
    parsed ??= parse.call(promise).then(see, fail);
    return parsed;
  };
  promise.asResponse = async () => {
    const response = await asResponse.call(promise).catch(fail);
    if (parsed === undefined) leave();
    return response;
  };
  return result;
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** The object with other methods. All are called on the original, because a proxy lacks its private fields. */
function replaced<T extends object>(original: T, replacements: Replacements): T {
  return new Proxy(original, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      const replacement = typeof name === "string" ? replacements[name] : undefined;
      if (typeof value === "function") {
        const method: Method = value.bind(target);
        return typeof replacement === "function" ? replacement(method) : method;
      }
      const isInner = typeof replacement === "object" && typeof value === "object" && value !== null;
      return isInner ? replaced(value, replacement) : value;
    },
  });
}

/** Reads a question or an answer of a model. An unexpected form must not break the program. */
function attempt(read: () => void): void {
  try {
    read();
  } catch {
    // The span then has fewer fields.
  }
}
