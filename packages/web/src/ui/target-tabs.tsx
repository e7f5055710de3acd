import { useUrlState } from "../data/url-state.ts";
import type { TargetKind } from "./run-form.tsx";

/** Whether the page shows traces or sessions, as it is in the URL. */
export function useTargetKind(): TargetKind {
  return useUrlState().get("kind") === "session" ? "session" : "trace";
}

/** Chooses between traces and sessions, and clears the chosen metric and page. */
export function TargetTabs({ kind }: { kind: TargetKind }) {
  const { set } = useUrlState();
  return (
    <div class="tabs" role="tablist" aria-label="Targets">
      {(["trace", "session"] as const).map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          aria-selected={kind === each}
          onClick={() =>
            set({ kind: each === "trace" ? undefined : each, metric: undefined, offset: undefined })
          }
        >
          {each === "trace" ? "Traces" : "Sessions"}
        </button>
      ))}
    </div>
  );
}
