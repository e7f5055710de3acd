import type { TraceResponse } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { pagePath } from "../../data/url-state.ts";
import { ToolCallBlock } from "../../ui/content/chat.tsx";
import { mainText, summaryOf } from "../../ui/content/messages.ts";
import { TextView } from "../../ui/content/text-view.tsx";
import { ValueView } from "../../ui/content/value-view.tsx";
import { StatusMark } from "../../ui/marks.tsx";
import { signalNames, type TurnRisk } from "./risks.ts";

/** One trace of the conversation: a line with its signals and, when it is open, the messages. */
export function Turn({
  trace,
  number,
  risk,
  isOpen,
  isWorst,
}: {
  trace: TraceResponse;
  number: number;
  risk: TurnRisk | undefined;
  isOpen: boolean;
  isWorst: boolean;
}) {
  const [wasToggled, setToggled] = useState<boolean | null>(null);
  const isShown = wasToggled ?? isOpen;
  const tools = trace.spans.filter(({ kind }) => kind === "TOOL");
  return (
    <li id={`turn-${trace.trace_id}`} data-row tabIndex={-1} class={isWorst ? "turn turn-worst" : "turn"}>
      <div class="gutter">
        <span class="turn-number">{number}</span>
        {risk !== undefined && <SignalMarks risk={risk} />}
      </div>
      <div class="turn-body">
        <div class="turn-head">
          <button
            type="button"
            class="plain turn-toggle"
            aria-expanded={isShown}
            onClick={() => setToggled(!isShown)}
          >
            <span>{summaryOf(trace.input) || trace.name}</span>
          </button>
          {trace.status === "ERROR" && <StatusMark status="ERROR" />}
          {isWorst && <span class="tag">worst turn</span>}
          <a data-open href={pagePath(["traces", trace.trace_id])}>
            Trace
          </a>
        </div>
        {isShown && (
          <div class="turn-content">
            <div class="message message-user">
              <span class="message-role">user</span>
              <TextView text={mainText(trace.input)} />
            </div>
            {tools.slice(0, 50).map((span) => (
              <ToolCallBlock
                key={span.span_id}
                call={{ id: span.span_id, name: span.name, arguments: span.input }}
                result={span.error ?? span.output}
              />
            ))}
            <ValueView label="Agent" value={trace.output} />
          </div>
        )}
      </div>
    </li>
  );
}

function SignalMarks({ risk: { signals } }: { risk: TurnRisk }) {
  const text = signalNames
    .map(([name, label]) => `${label}: ${signals[name]?.toFixed(2) ?? "failed"}`)
    .join(", ");
  return (
    <span class="signal-marks" role="img" aria-label={`Risks. ${text}`} title={text}>
      {signalNames.map(([name]) => {
        const value = signals[name];
        return value === undefined ? (
          <span key={name} class="signal-mark signal-failed" />
        ) : (
          <span key={name} class="signal-mark" style={{ "--score": 1 - value }} />
        );
      })}
    </span>
  );
}
