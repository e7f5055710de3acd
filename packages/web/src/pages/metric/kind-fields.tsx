import { Check, Choice } from "../../ui/fields.tsx";
import type { Draft, DraftAnchor, DraftCriterion } from "./draft.ts";
import { Field, FieldError } from "./field.tsx";

interface Part {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
}

/** The fields of the draft's kind. */
export function KindFields({ draft, change }: Part) {
  const text = (
    path: keyof Draft & string,
    label: string,
    more: Partial<Parameters<typeof Field>[0]> = {},
  ) => (
    <Field
      label={label}
      path={path}
      value={String(draft[path])}
      onInput={(value) => change({ [path]: value })}
      {...more}
    />
  );
  switch (draft.kind) {
    case "checklist":
      return (
        <>
          {text("instructions", "What the judge should know", { lines: 3 })}
          <Criteria draft={draft} change={change} />
          {text("cap", "Highest score after a no to a required question", {
            type: "number",
            placeholder: "0",
          })}
          <Judged draft={draft} change={change} />
        </>
      );
    case "scale":
      return (
        <>
          {text("instructions", "What the judge should rate", { lines: 3, required: true })}
          <Anchors draft={draft} change={change} />
          <Judged draft={draft} change={change} />
        </>
      );
    case "tool_sequence":
      return (
        <>
          {text("expected", "Path of the expected calls in the metadata", { required: true })}
          <Choice
            label="Calls"
            value={draft.match}
            options={[
              ["", "Exactly these, in this order"],
              ["unordered", "Exactly these, in any order"],
              ["subset", "No others"],
              ["superset", "At least these"],
            ]}
            onInput={(match) => change({ match })}
          />
          <Choice
            label="Arguments"
            value={draft.arguments}
            options={[
              ["", "Those given are equal"],
              ["exact", "Equal, and no others"],
              ["ignore", "Not compared"],
            ]}
            onInput={(value) => change({ arguments: value })}
          />
        </>
      );
    case "exact_match":
      return (
        <>
          {text("reference", "Path of the expected output in the metadata", { required: true })}
          <IgnoreCase draft={draft} change={change} />
        </>
      );
    case "contains":
      return (
        <>
          {text("values", "Texts to look for, one per line", { lines: 4 })}
          {text("reference", "Or their path in the metadata")}
          <Choice
            label="How many"
            value={draft.match}
            options={[
              ["", "All of them"],
              ["any", "Any of them"],
            ]}
            onInput={(match) => change({ match })}
          />
          <IgnoreCase draft={draft} change={change} />
        </>
      );
    case "json_schema":
      return text("schema", "JSON Schema (draft 2020-12)", { lines: 10, required: true });
    case "latency":
      return text("max_ms", "At most, in milliseconds", { type: "number", required: true });
    case "cost":
      return text("max_usd", "At most, in USD", { type: "number", required: true });
    case "no_errors":
      return <p class="muted">It scores 1 if neither the trace nor a span ended in an error.</p>;
  }
}

function IgnoreCase({ draft, change }: Part) {
  return (
    <Check
      label="Ignore upper and lower case"
      value={draft.ignore_case}
      onInput={(value) => change({ ignore_case: value })}
    />
  );
}

/** The judge, and what it is shown besides the trace. */
function Judged({ draft, change }: Part) {
  return (
    <>
      {draft.target === "TRACE" && (
        <Field
          label="Path in the metadata of the value to compare with"
          path="reference"
          placeholder="expected.answer"
          value={draft.reference}
          onInput={(reference) => change({ reference })}
        />
      )}
      <Field
        label="Judge"
        path="model"
        placeholder="That of the run"
        value={draft.model}
        onInput={(model) => change({ model })}
      />
    </>
  );
}

function replaced<Item>(items: readonly Item[], at: number, changes: Partial<Item>): Item[] {
  return items.map((item, index) => (index === at ? { ...item, ...changes } : item));
}

function Criteria({ draft: { criteria }, change }: Part) {
  const set = (at: number, changes: Partial<DraftCriterion>) =>
    change({ criteria: replaced(criteria, at, changes) });
  return (
    <fieldset class="items">
      <legend>Questions; yes must be good</legend>
      {criteria.map(({ id, question, weight, required }, at) => (
        <div class="item" key={at}>
          <Field
            label={`Id ${at + 1}`}
            path={`criteria.${at}.id`}
            required
            value={id}
            onInput={(value) => set(at, { id: value })}
          />
          <Field
            label={`Question ${at + 1}`}
            path={`criteria.${at}.question`}
            required
            value={question}
            onInput={(value) => set(at, { question: value })}
          />
          <Field
            label={`Weight ${at + 1}`}
            path={`criteria.${at}.weight`}
            type="number"
            placeholder="1"
            value={weight}
            onInput={(value) => set(at, { weight: value })}
          />
          <Check
            label={`Required ${at + 1}`}
            value={required}
            onInput={(value) => set(at, { required: value })}
          />
          <button
            type="button"
            aria-label={`Remove question ${at + 1}`}
            disabled={criteria.length === 1}
            onClick={() => change({ criteria: criteria.toSpliced(at, 1) })}
          >
            Remove
          </button>
        </div>
      ))}
      <FieldError path="criteria" />
      <button
        type="button"
        onClick={() =>
          change({ criteria: [...criteria, { id: "", question: "", weight: "", required: false }] })
        }
      >
        Add a question
      </button>
    </fieldset>
  );
}

function Anchors({ draft: { anchors }, change }: Part) {
  const set = (at: number, changes: Partial<DraftAnchor>) =>
    change({ anchors: replaced(anchors, at, changes) });
  return (
    <fieldset class="items">
      <legend>Values and what they mean; the lowest becomes 0, the highest 1</legend>
      {anchors.map(({ value, text }, at) => (
        <div class="item item-anchor" key={at}>
          <Field
            label={`Value ${at + 1}`}
            path={`anchors.${at}.value`}
            type="number"
            required
            value={value}
            onInput={(next) => set(at, { value: next })}
          />
          <Field
            label={`Meaning ${at + 1}`}
            path={`anchors.${at}.text`}
            required
            value={text}
            onInput={(next) => set(at, { text: next })}
          />
          <button
            type="button"
            aria-label={`Remove value ${at + 1}`}
            disabled={anchors.length <= 2}
            onClick={() => change({ anchors: anchors.toSpliced(at, 1) })}
          >
            Remove
          </button>
        </div>
      ))}
      <FieldError path="anchors" />
      <button type="button" onClick={() => change({ anchors: [...anchors, { value: "", text: "" }] })}>
        Add a value
      </button>
    </fieldset>
  );
}
