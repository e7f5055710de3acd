import { ConnectionError, ServerError, TimeoutError } from "@pandaprobe/sdk";
import { signal } from "@preact/signals";
import {
  MutationCache,
  QueryCache,
  QueryClient,
  QueryObserver,
  type QueryObserverResult,
} from "@tanstack/query-core";
import { useEffect, useLayoutEffect, useReducer, useState } from "preact/hooks";
import { session } from "./session.ts";

/** Whether the last request was answered; while it was not, the page says so. */
export const isServerAway = signal(false);

const retryMs = 2000;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => noteOutcome(error),
    onSuccess: () => noteOutcome(null),
  }),
  mutationCache: new MutationCache({ onError: noteOutcome }),
  defaultOptions: { queries: { staleTime: 2000, gcTime: 300_000, retry: false, networkMode: "always" } },
});

function noteOutcome(error: unknown): void {
  isServerAway.value = isOutage(error);
}

function isOutage(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof TimeoutError ||
    (error instanceof ServerError && error.status === 503)
  );
}

export interface QueryOptions {
  /** Asks again this often, in milliseconds; `false` only when shown again. */
  readonly every?: number | false;
  /** `false` asks nothing yet. */
  readonly when?: boolean;
  /** Shows the previous answer while the next page or filter loads. */
  readonly keepPrevious?: boolean;
}

/** Asks the API and keeps the answer while the component is shown. Waits through outages. */
export function useQuery<Data>(
  key: readonly unknown[],
  ask: (signal: AbortSignal) => PromiseLike<Data>,
  { every = false, when = true, keepPrevious = false }: QueryOptions = {},
): QueryObserverResult<Data> {
  const options = queryClient.defaultQueryOptions<unknown, Error, unknown, unknown, readonly unknown[]>({
    queryKey: [session.value?.project, ...key],
    queryFn: async ({ signal }: { signal: AbortSignal }) => await ask(signal),
    enabled: when,
    refetchInterval: ({ state }: { state: { error: Error | null } }) =>
      isOutage(state.error) ? retryMs : every,
    ...(keepPrevious ? { placeholderData: (previous: unknown) => previous } : {}),
  });
  const [observer] = useState(
    () => new QueryObserver<unknown, Error, unknown, unknown, readonly unknown[]>(queryClient, options),
  );
  const [, update] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => observer.subscribe(() => update(undefined)), [observer]);
  useEffect(() => observer.setOptions(options));
  return observer.getOptimisticResult(options) as QueryObserverResult<Data>;
}

/** Fetches everything on the page again, after a change. */
export function refresh(): void {
  queryClient.invalidateQueries();
}
