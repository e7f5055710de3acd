/** The body of `POST /chat/completions`, as far as the judges use it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly strict: boolean; readonly schema: object };
  };
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

/** The body of `POST /embeddings`. */
export interface EmbeddingsBody {
  readonly model: string;
  readonly input: readonly string[];
}

/** The schema that a question wants its answer in: given as such, or at the end of the instructions. */
export function questionSchema(body: ChatBody): object | undefined {
  const given = body.response_format?.json_schema?.schema;
  if (given !== undefined) return given;
  const instructions = body.messages.find(({ role }) => role === "system")?.content ?? "";
  const inWords = instructions.slice(instructions.lastIndexOf("\n{") + 1);
  return inWords.startsWith("{") ? JSON.parse(inWords) : undefined;
}
