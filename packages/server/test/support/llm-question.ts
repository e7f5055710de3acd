import type { IncomingHttpHeaders } from "node:http";

/** The body of `POST /chat/completions`, as far as the judges use it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly strict: boolean; readonly schema: object };
  };
  readonly tools?: readonly {
    readonly type: "function";
    readonly function: { readonly name: string; readonly parameters: object };
  }[];
  readonly tool_choice?: unknown;
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

/** The body of `POST /messages`, Anthropic's API, as far as the judges use it. */
interface MessagesBody {
  readonly model: string;
  readonly system?: string | readonly { readonly text: string }[];
  readonly messages: readonly {
    readonly role: string;
    readonly content: string | readonly { readonly text: string }[];
  }[];
  readonly output_config?: { readonly format?: { readonly schema: object } };
  readonly tools?: readonly { readonly name: string; readonly input_schema: object }[];
  readonly temperature?: number;
  readonly max_tokens: number;
}

/** The body of `POST /embeddings`. */
export interface EmbeddingsBody {
  readonly model: string;
  readonly input: readonly string[];
}

/** A call as the server received it. `/messages` is Anthropic's API; its `body` is converted to OpenAI's. */
export type RecordedRequest = {
  /** From 1. */
  readonly n: number;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds, by `performance.now()`. */
  readonly receivedAt: number;
  /** With the query, if there is one. */
  readonly url: string;
  /** The body as received. */
  readonly sent: unknown;
} & (
  | { readonly path: "/chat/completions" | "/messages"; readonly body: ChatBody }
  | { readonly path: "/embeddings"; readonly body: EmbeddingsBody }
);

/** Tokens, as the server counts them. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

/** Converts a question from Anthropic's API to OpenAI's. */
export function asChat(body: MessagesBody): ChatBody {
  const schema = body.output_config?.format?.schema;
  const system = body.system === undefined ? [] : [{ role: "system", content: textOf(body.system) }];
  return {
    model: body.model,
    messages: [...system, ...body.messages.map(({ role, content }) => ({ role, content: textOf(content) }))],
    ...(schema !== undefined && {
      response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    }),
    ...(body.tools !== undefined && {
      tools: body.tools.map(({ name, input_schema }) => ({
        type: "function",
        function: { name, parameters: input_schema },
      })),
    }),
    ...(body.temperature !== undefined && { temperature: body.temperature }),
    max_tokens: body.max_tokens,
  };
}

function textOf(content: string | readonly { readonly text: string }[]): string {
  return typeof content === "string" ? content : content.map(({ text }) => text).join("\n");
}

/** The schema of the answer: from the response format, from a tool, or from the end of the instructions. */
export function questionSchema(body: ChatBody): object | undefined {
  const given = body.response_format?.json_schema?.schema ?? body.tools?.[0]?.function.parameters;
  if (given !== undefined) return given;
  const instructions = body.messages.find(({ role }) => role === "system")?.content ?? "";
  const inWords = instructions.slice(instructions.lastIndexOf("\n{") + 1);
  return inWords.startsWith("{") ? JSON.parse(inWords) : undefined;
}
