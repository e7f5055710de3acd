import type { IconName } from "../ui/icons.tsx";

/** The pages of the rail, in order. */
export const railPages: readonly {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}[] = [
  { path: "/app", label: "Overview", icon: "overview" },
  { path: "/app/traces", label: "Traces", icon: "traces" },
  { path: "/app/sessions", label: "Sessions", icon: "sessions" },
  { path: "/app/runs", label: "Runs", icon: "runs" },
  { path: "/app/scores", label: "Scores", icon: "scores" },
  { path: "/app/review", label: "Review", icon: "review" },
  { path: "/app/compare", label: "Compare", icon: "compare" },
  { path: "/app/monitors", label: "Monitors", icon: "monitors" },
  { path: "/app/metrics", label: "Metrics", icon: "metrics" },
  { path: "/app/settings", label: "Settings", icon: "settings" },
];
