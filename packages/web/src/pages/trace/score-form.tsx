import type { TraceScoreResponse } from "@pandaprobe/sdk";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ActionError, useAction } from "../../ui/action.tsx";
import { TextField } from "../../ui/fields.tsx";

interface GivenScore {
  readonly name: string;
  readonly value: string;
  readonly reason: string | undefined;
}

/** Adds a score, or corrects one. Escape closes it. */
export function ScoreForm({
  verb,
  score,
  onSave,
  onClose,
}: {
  verb: string;
  score?: TraceScoreResponse;
  onSave: (given: GivenScore) => PromiseLike<unknown>;
  onClose: () => void;
}) {
  const [name, setName] = useState(score?.name ?? "");
  const [value, setValue] = useState(score?.value ?? "");
  const [reason, setReason] = useState("");
  const { run, isBusy, error } = useAction(async () => {
    await onSave({ name, value, reason: reason === "" ? undefined : reason });
  });
  return (
    <form
      class="score-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (await run()) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      {score === undefined && <TextField label="Name" required value={name} onInput={setName} />}
      <label htmlFor="score-value">
        Value
        <ValueField type={score?.data_type ?? "NUMERIC"} value={value} onInput={setValue} />
      </label>
      <label class="wide">
        Reason
        <input
          placeholder={score === undefined ? "" : "Why the judge is wrong"}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={isBusy}>
        {verb}
      </button>
      <button type="button" onClick={onClose}>
        Cancel
      </button>
      <ActionError error={error} />
    </form>
  );
}

function ValueField({
  type,
  value,
  onInput,
}: {
  type: string;
  value: string;
  onInput: (value: string) => void;
}) {
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  if (type === "BOOLEAN")
    return (
      <select
        id="score-value"
        ref={field}
        value={value}
        onChange={({ currentTarget }) => onInput(currentTarget.value)}
      >
        <option>true</option>
        <option>false</option>
      </select>
    );
  return (
    <input
      id="score-value"
      ref={field}
      required
      inputMode={type === "NUMERIC" ? "decimal" : "text"}
      placeholder={type === "NUMERIC" ? "0 to 1" : ""}
      value={value}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}
