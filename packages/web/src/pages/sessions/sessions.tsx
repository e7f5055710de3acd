import type { ListSessionsQuery } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { latestSessionScores } from "../../data/latest-scores.ts";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useRangeStart, useUrlState } from "../../data/url-state.ts";
import { CursorPager, pageSize, useCursor, useTotal } from "../../ui/cursor-pager.tsx";
import { ChoiceFilter, SortHead, TextFilter, useSort } from "../../ui/filters.tsx";
import { formatCost, formatCount, formatDuration } from "../../ui/format.ts";
import { Ago, ScoreValue, StatusMark } from "../../ui/marks.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { RunForm } from "../../ui/run-form.tsx";
import { Answered, Empty } from "../../ui/states.tsx";

export function Sessions() {
  const filters = useSessionFilters();
  const query = {
    ...filters,
    ...useSort(["recent", "trace_count", "latency", "cost"]),
    ...useCursor(),
    limit: pageSize,
  };
  const page = useQuery(["sessions", query], (signal) => api().listSessions(query, { signal }), {
    keepPrevious: true,
  });
  const total = useTotal(["sessions", filters], (signal) =>
    api().listSessions({ ...filters, limit: 1 }, { signal }),
  );
  const ids = page.data?.items.map(({ session_id }) => session_id) ?? [];
  const scores = useQuery(["sessions-scores", ids], (signal) => latestSessionScores(ids, signal), {
    when: ids.length > 0,
    keepPrevious: true,
  });
  const [isEvaluating, setEvaluating] = useState(false);
  return (
    <div class="page">
      <header class="page-head">
        <h1>
          Sessions <span class="count">{total !== undefined && formatCount(total)}</span>
        </h1>
        <div class="actions">
          <button type="button" class="primary" onClick={() => setEvaluating(true)}>
            Evaluate
          </button>
        </div>
      </header>
      <div class="filters">
        <TextFilter name="query" label="Session" isSearch />
        <TextFilter name="user_id" label="User" />
        <TextFilter name="tags" label="Tag" />
        <ChoiceFilter
          name="has_error"
          label="With or without errors"
          options={[
            ["true", "With errors"],
            ["false", "Without errors"],
          ]}
        />
      </div>
      <Answered query={page}>
        {({ items, next_cursor }) =>
          items.length === 0 ? (
            <Empty title="No sessions match">
              <p>
                Traces with the same session_id form a session. Send it with each trace of a conversation.
              </p>
            </Empty>
          ) : (
            <>
              <Table label="Sessions">
                <thead>
                  <tr>
                    <th>Session</th>
                    <th class="number">Reliability</th>
                    <th class="number">Consistency</th>
                    <th>User</th>
                    <th>Errors</th>
                    <SortHead by="trace_count" label="Traces" isNumber />
                    <th class="number">Tokens</th>
                    <SortHead by="cost" label="Cost" isNumber />
                    <SortHead by="latency" label="Latency" isNumber />
                    <SortHead by="recent" label="Last trace" isNumber />
                  </tr>
                </thead>
                <tbody>
                  {items.map((session) => (
                    <Row key={session.session_id}>
                      <td class="name">
                        <a data-open href={pagePath(["sessions", session.session_id])}>
                          {session.session_id}
                        </a>
                      </td>
                      {["agent_reliability", "agent_consistency"].map((metric) => {
                        const score = scores.data
                          ?.get(session.session_id)
                          ?.find(({ name }) => name === metric);
                        return (
                          <td key={metric} class="number">
                            {score === undefined ? "–" : <ScoreValue score={score} />}
                          </td>
                        );
                      })}
                      <td>{session.user_id}</td>
                      <td>{session.has_error && <StatusMark status="ERROR" />}</td>
                      <td class="number">{formatCount(session.trace_count)}</td>
                      <td class="number">{formatCount(session.total_tokens)}</td>
                      <td class="number">{formatCost(session)}</td>
                      <td class="number">{formatDuration(session.total_latency_ms)}</td>
                      <td class="number">
                        <Ago time={session.last_trace_at} />
                      </td>
                    </Row>
                  ))}
                </tbody>
              </Table>
              <CursorPager
                shown={items.length}
                next={next_cursor}
                total={total}
                since={filters.started_after}
              />
            </>
          )
        }
      </Answered>
      {isEvaluating && (
        <RunForm
          targets={{ kind: "session", filters: runFilters(filters) }}
          onClose={() => setEvaluating(false)}
        />
      )}
    </div>
  );
}

function useSessionFilters(): ListSessionsQuery {
  const { get, list } = useUrlState();
  const hasError = get("has_error");
  return {
    query: get("query"),
    user_id: get("user_id"),
    tags: list("tags"),
    has_error: hasError === undefined ? undefined : hasError === "true",
    started_after: useRangeStart(),
  };
}

function runFilters({ user_id, tags, has_error, started_after }: ListSessionsQuery) {
  return { user_id, tags, has_error, date_from: started_after };
}
