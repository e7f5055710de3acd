import lazy from "preact-iso/lazy";
import { LocationProvider, Route, Router } from "preact-iso/router";
import { session } from "./data/session.ts";
import { Frame } from "./frame/frame.tsx";
import { SignIn } from "./frame/sign-in.tsx";
import { Empty } from "./ui/states.tsx";

const Overview = lazy(async () => (await import("./pages/overview/overview.tsx")).Overview);
const Traces = lazy(async () => (await import("./pages/traces/traces.tsx")).Traces);
const Trace = lazy(async () => (await import("./pages/trace/trace.tsx")).Trace);
const Sessions = lazy(async () => (await import("./pages/sessions/sessions.tsx")).Sessions);
const Session = lazy(async () => (await import("./pages/session/session.tsx")).Session);
const Runs = lazy(async () => (await import("./pages/runs/runs.tsx")).Runs);
const Run = lazy(async () => (await import("./pages/run/run.tsx")).Run);
const Scores = lazy(async () => (await import("./pages/scores/scores.tsx")).Scores);
const Review = lazy(async () => (await import("./pages/review/review.tsx")).Review);
const Reviewing = lazy(async () => (await import("./pages/reviewing/reviewing.tsx")).Reviewing);
const Compare = lazy(async () => (await import("./pages/compare/compare.tsx")).Compare);
const Monitors = lazy(async () => (await import("./pages/monitors/monitors.tsx")).Monitors);
const Metrics = lazy(async () => (await import("./pages/metrics/metrics.tsx")).Metrics);
const Metric = lazy(async () => (await import("./pages/metric/metric.tsx")).Metric);
const MetricEditor = lazy(async () => (await import("./pages/metric/metric-editor.tsx")).MetricEditor);
const Settings = lazy(async () => (await import("./pages/settings/settings.tsx")).Settings);

export function App() {
  if (session.value === null) return <SignIn />;
  return (
    <LocationProvider scope="/app">
      {/* Switching projects resets the page. */}
      <Frame key={session.value.project}>
        <Router>
          <Route path="/app" component={Overview} />
          <Route path="/app/traces" component={Traces} />
          <Route path="/app/traces/:id" component={Trace} />
          <Route path="/app/sessions" component={Sessions} />
          <Route path="/app/sessions/:id" component={Session} />
          <Route path="/app/runs" component={Runs} />
          <Route path="/app/runs/:kind/:id" component={Run} />
          <Route path="/app/scores" component={Scores} />
          <Route path="/app/review" component={Review} />
          <Route path="/app/review/:id" component={Reviewing} />
          <Route path="/app/compare" component={Compare} />
          <Route path="/app/monitors" component={Monitors} />
          <Route path="/app/metrics" component={Metrics} />
          <Route path="/app/metrics/:name" component={Metric} />
          <Route path="/app/metrics/-/edit" component={MetricEditor} />
          <Route path="/app/settings" component={Settings} />
          <Route default component={NotFound} />
        </Router>
      </Frame>
    </LocationProvider>
  );
}

function NotFound() {
  return (
    <Empty title="There is no such page">
      <p>
        Go to the <a href="/app">overview</a>.
      </p>
    </Empty>
  );
}
