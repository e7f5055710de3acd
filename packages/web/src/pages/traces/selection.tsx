import { useState } from "preact/hooks";
import { api } from "../../data/session.ts";
import { ActionButton, ActionError, useAction } from "../../ui/action.tsx";
import { formatCounted } from "../../ui/format.ts";

/** The actions for the selected traces. */
export function Selection({
  ids,
  onEvaluate,
  onDone,
}: {
  ids: readonly string[];
  onEvaluate: () => void;
  onDone: () => void;
}) {
  const [tag, setTag] = useState("");
  const tagging = useAction(async () => {
    await api().tagTraces({ trace_ids: [...ids], add_tags: [tag.trim()] });
    setTag("");
  });
  return (
    <section class="selection" aria-label="Selected traces">
      <strong>{ids.length} selected</strong>
      <button type="button" class="primary" onClick={onEvaluate}>
        Evaluate {ids.length}
      </button>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (tag.trim() !== "") tagging.run();
        }}
      >
        <input
          aria-label="Tag to add"
          placeholder="Tag to add"
          value={tag}
          onInput={({ currentTarget }) => setTag(currentTarget.value)}
        />
        <button type="submit" disabled={tag.trim() === "" || tagging.isBusy}>
          Tag
        </button>
      </form>
      <ActionButton
        kind="danger"
        question={`Delete ${formatCounted(ids.length, "trace")} with ${ids.length === 1 ? "its" : "their"} scores?`}
        act={async () => {
          await api().deleteTraces({ trace_ids: [...ids] });
          onDone();
        }}
      >
        Delete
      </ActionButton>
      <button type="button" class="plain" onClick={onDone}>
        Clear
      </button>
      <ActionError error={tagging.error} />
    </section>
  );
}
