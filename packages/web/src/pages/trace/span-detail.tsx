import type { SpanResponse } from "@pandaprobe/sdk";
import { JsonView } from "../../ui/content/json-view.tsx";
import { TextView } from "../../ui/content/text-view.tsx";
import { ValueView } from "../../ui/content/value-view.tsx";
import { formatCount, formatDuration, formatMoney } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { costOf, tokensOf } from "./span-list.tsx";

export function SpanDetail({ span }: { span: SpanResponse }) {
  const isComputed = span.metadata["cost_source"] === "price_table";
  const facts = [
    ["Model", span.model],
    ["Latency", span.latency_ms === null ? null : formatDuration(span.latency_ms)],
    [
      "First token",
      span.time_to_first_token_ms === null ? null : formatDuration(span.time_to_first_token_ms),
    ],
    ["Tokens", tokensOf(span) === 0 ? null : formatCount(tokensOf(span))],
    ["Cost", costOf(span) === 0 ? null : `${formatMoney(costOf(span))}${isComputed ? " by its tokens" : ""}`],
  ].filter(([, value]) => value !== null);
  const attributes = {
    ...span.metadata,
    ...(span.model_parameters === null ? {} : { model_parameters: span.model_parameters }),
  };
  return (
    <article class="span-detail" key={span.span_id}>
      <h2>
        <Icon name={span.kind} /> {span.name}
      </h2>
      <dl class="facts facts-line">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {span.error !== null && (
        <section class="span-error-text" aria-label="Error">
          <TextView text={span.error} isPlain />
        </section>
      )}
      <ValueView label="Input" value={span.input} />
      <ValueView label="Output" value={span.output} />
      {Object.keys(attributes).length > 0 && (
        <details>
          <summary>Attributes</summary>
          <JsonView value={attributes} />
        </details>
      )}
    </article>
  );
}
