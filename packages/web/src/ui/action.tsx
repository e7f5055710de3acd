import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { refresh } from "../data/queries.ts";
import { errorText } from "./states.tsx";

/** The action of a button: busy while it works, with the error if it fails; then everything shown is reloaded. */
export function useAction<Arguments extends unknown[]>(act: (...given: Arguments) => Promise<unknown>) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const run = async (...given: Arguments): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      await act(...given);
      refresh();
      return true;
    } catch (reason) {
      setError(reason);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, error };
}

export function ActionError({ error }: { error: unknown }) {
  return error === null ? null : (
    <p class="action-error" role="alert">
      {errorText(error)}
    </p>
  );
}

/** A button for one action, which asks first if `question` is given. */
export function ActionButton({
  act,
  question,
  kind = "",
  children,
}: {
  act: () => Promise<unknown>;
  question?: string;
  kind?: "" | "primary" | "danger";
  children: ComponentChildren;
}) {
  const { run, isBusy, error } = useAction(act);
  const [isAsking, setAsking] = useState(false);
  const start = () => {
    setAsking(false);
    run();
  };
  return (
    <span class="action">
      {isAsking ? (
        <>
          <span>{question}</span>
          <button type="button" class="danger" onClick={start}>
            {children}
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            Keep
          </button>
        </>
      ) : (
        <button
          type="button"
          class={kind}
          disabled={isBusy}
          onClick={() => (question === undefined ? start() : setAsking(true))}
        >
          {children}
        </button>
      )}
      <ActionError error={error} />
    </span>
  );
}
