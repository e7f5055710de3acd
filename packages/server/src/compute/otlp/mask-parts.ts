import type { SpanCreate, TraceCreate } from "@pandaprobe/contract";
import type { TraceBatch, TracePart } from "@pandaprobe/contract/otel";
import { type Masking, maskContent, type OtelEvaluation, type OtelMessage } from "@pandaprobe/contract/rules";

/** Masks spans before their metadata is cut, which might leave half of a secret. */
export function maskParts(masking: Masking | null, parts: readonly TracePart[]): readonly TracePart[] {
  if (masking === null) return parts;
  return parts.map((part) => ({
    ...part,
    span: maskContent(masking, "span", part.span satisfies SpanCreate) as TracePart["span"],
  }));
}

/** Masks the spans' part of the trace. */
export function maskBatch(masking: Masking | null, batch: TraceBatch): TraceBatch {
  if (masking === null) return batch;
  const { summary, ...values } = batch;
  const { lead, agent, session, user, environment, release, tags } = summary;
  const trace = maskContent(masking, "trace", {
    ...values,
    name: lead.name,
    session_id: session?.text,
    user_id: user?.text,
    environment: environment?.text,
    release: release?.text,
  }) as Pick<TraceCreate, "name" | "session_id" | "user_id" | "environment" | "release"> & typeof values;
  const { input, output, metadata, name } = trace;
  const masked = new Map(
    tags.map((tag) => {
      const [text = ""] = tagsOf(maskContent(masking, "trace", { tags: [tag.text] }));
      return [text, { ...tag, text }] as const;
    }),
  );
  return {
    ...values,
    input,
    output,
    metadata,
    summary: {
      ...summary,
      lead: { ...lead, name },
      agent: agent && { ...agent, text: nameOf(maskContent(masking, "trace", { name: agent.text })) },
      session: maskedText(session, trace.session_id),
      user: maskedText(user, trace.user_id),
      environment: maskedText(environment, trace.environment),
      release: maskedText(release, trace.release),
      tags: [...masked.values()],
    },
  };
}

/** Masks what people and programs wrote about a trace. */
export function maskEvaluation(masking: Masking | null, evaluation: OtelEvaluation): OtelEvaluation {
  if (masking === null) return evaluation;
  const { reason, metadata } = evaluation;
  const masked = maskContent(masking, "score", { reason, metadata });
  return { ...evaluation, ...(masked as Pick<OtelEvaluation, "reason" | "metadata">) };
}

/** Masks a part of a span's content. */
export function maskMessage(masking: Masking | null, message: OtelMessage): OtelMessage {
  if (masking === null) return message;
  const { input, output, tools } = message;
  const masked = maskContent(masking, "span", { input, output, model_parameters: { tools } });
  const content = masked as { input: unknown; output: unknown; model_parameters: Pick<OtelMessage, "tools"> };
  // A rule may hide a whole input or output.
  const list = (side: unknown): readonly unknown[] => (Array.isArray(side) ? side : [side]);
  return {
    ...message,
    input: list(content.input),
    output: list(content.output),
    tools: content.model_parameters.tools && list(content.model_parameters.tools),
  };
}

type RankedText = TraceBatch["summary"]["session"];

function maskedText(before: RankedText, text: string | null | undefined): RankedText {
  return before && { ...before, text: text ?? before.text };
}

function nameOf(trace: unknown): string {
  return (trace as { readonly name: string }).name;
}

function tagsOf(trace: unknown): readonly string[] {
  return (trace as { readonly tags: readonly string[] }).tags;
}
