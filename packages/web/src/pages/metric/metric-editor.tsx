import type { MetricDefinition } from "@pandaprobe/sdk/metrics";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { metricsClient } from "../../data/metrics-client.ts";
import { useQuery } from "../../data/queries.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ActionError, useAction } from "../../ui/action.tsx";
import { Choice } from "../../ui/fields.tsx";
import { metricLabel } from "../../ui/format.ts";
import { Answered } from "../../ui/states.tsx";
import { type Draft, definitionOf, draftOf, emptyDraft, type Kind } from "./draft.ts";
import { Field, FieldErrorsContext, fieldErrors } from "./field.tsx";
import { KindFields } from "./kind-fields.tsx";
import { Trial } from "./trial.tsx";

const kinds: readonly (readonly [Kind, string])[] = [
  ["checklist", "Checklist: a judge answers yes-or-no questions"],
  ["scale", "Scale: a judge gives a value"],
  ["tool_sequence", "Tool calls are the expected ones"],
  ["exact_match", "Output equals the expected one"],
  ["contains", "Output contains texts"],
  ["json_schema", "Output matches a JSON Schema"],
  ["latency", "Trace is fast enough"],
  ["cost", "Trace is cheap enough"],
  ["no_errors", "No errors"],
];

/** Creates a metric, or a new version of the one in the URL. */
export function MetricEditor() {
  const { get } = useUrlState();
  const name = get("name");
  const metric = useQuery(["metric", name], (signal) => metricsClient().getMetric(name ?? "", { signal }), {
    when: name !== undefined,
  });
  if (name === undefined) return <Editor />;
  return (
    <Answered query={metric}>
      {({ definition }) =>
        definition === null ? (
          <p class="muted">A built-in metric cannot be changed.</p>
        ) : (
          <Editor name={name} definition={definition} />
        )
      }
    </Answered>
  );
}

function Editor({ name: stored, definition }: { name?: string; definition?: MetricDefinition }) {
  const { route } = useLocation();
  const [name, setName] = useState(stored ?? "");
  const [draft, setDraft] = useState<Draft>(definition === undefined ? emptyDraft : draftOf(definition));
  const [refusal, setRefusal] = useState<unknown>(null);
  const change = (changes: Partial<Draft>) => {
    setRefusal(null);
    setDraft((before) => ({ ...before, ...changes }));
  };
  const saving = useAction(async () => {
    setRefusal(null);
    try {
      await metricsClient().putMetric(name, definitionOf(draft));
    } catch (error) {
      setRefusal(error);
      throw error;
    }
    route(pagePath(["metrics", name]));
  });
  const isJudged = draft.kind === "checklist" || draft.kind === "scale";
  return (
    <div class="page">
      <header class="page-head">
        <h1>{stored === undefined ? "New metric" : `Edit ${metricLabel(stored)}`}</h1>
      </header>
      <FieldErrorsContext.Provider value={fieldErrors(refusal)}>
        <form
          class="metric-form"
          onSubmit={(event) => {
            event.preventDefault();
            saving.run();
          }}
        >
          <Field
            label="Name"
            path="name"
            required
            disabled={stored !== undefined}
            placeholder="refund_policy"
            value={name}
            onInput={(value) => {
              setRefusal(null);
              setName(value);
            }}
          />
          <Choice
            label="Kind"
            value={draft.kind}
            options={kinds}
            onInput={(kind) => change({ kind: kind as Kind, match: "" })}
          />
          {isJudged && (
            <Choice
              label="Targets"
              value={draft.target}
              options={[
                ["TRACE", "Traces"],
                ["SESSION", "Sessions"],
              ]}
              onInput={(target) =>
                change({ target: target === "SESSION" ? "SESSION" : "TRACE", reference: "" })
              }
            />
          )}
          <KindFields draft={draft} change={change} />
          <Field
            label="Threshold"
            path="threshold"
            type="number"
            placeholder="0.5"
            value={draft.threshold}
            onInput={(threshold) => change({ threshold })}
          />
          <Field
            label="Description"
            path="description"
            placeholder="One sentence"
            value={draft.description}
            onInput={(description) => change({ description })}
          />
          <Refusal error={refusal} />
          <footer class="dialog-foot">
            <a class="button" href={pagePath(stored === undefined ? ["metrics"] : ["metrics", stored])}>
              Cancel
            </a>
            <button type="submit" class="primary" disabled={saving.isBusy}>
              {stored === undefined ? "Create" : "Save as a new version"}
            </button>
          </footer>
        </form>
        <Trial
          key={isJudged ? draft.target : "TRACE"}
          name={name === "" ? "draft" : name}
          kind={isJudged && draft.target === "SESSION" ? "session" : "trace"}
          sent={() => ({ definition: definitionOf(draft) })}
          onError={setRefusal}
        />
      </FieldErrorsContext.Provider>
    </div>
  );
}

/** Why the definition was rejected, if its fields do not say so. */
function Refusal({ error }: { error: unknown }) {
  const errors = fieldErrors(error);
  if (errors.size === 0 || errors.has("")) return <ActionError error={error} />;
  return (
    <p class="action-error" role="alert">
      Change the marked fields.
    </p>
  );
}
