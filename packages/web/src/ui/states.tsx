import { ApiError, ConnectionError } from "@pandaprobe/sdk";
import type { QueryObserverResult } from "@tanstack/query-core";
import type { ComponentChildren } from "preact";

/** The requested data, or why it is missing. */
export function Answered<Data>({
  query,
  children,
}: {
  query: QueryObserverResult<Data>;
  children: (data: Data) => ComponentChildren;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <Failure error={query.error} onRetry={() => query.refetch()} />;
  return <Loading />;
}

export function Loading() {
  return (
    <div class="loading" role="status" aria-label="Loading">
      <span />
      <span />
      <span />
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  return (
    <div class="failure" role="alert">
      <h2>{failureTitle(error)}</h2>
      <p>{errorText(error)}</p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

function failureTitle(error: unknown): string {
  if (error instanceof ConnectionError) return "The server does not answer";
  if (!(error instanceof ApiError)) return "Something went wrong";
  if (error.status === 404) return "Not found";
  return error.status === 403 ? "This key has no access" : "The server refused this";
}

/** Whether the key may not do this. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

/** What went wrong and what to do, in the API's words. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.detail;
  if (error instanceof ConnectionError) return "The page asks again every two seconds. Your work is kept.";
  return error instanceof Error ? error.message : String(error);
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
