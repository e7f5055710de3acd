/** Drawn with lines on a 16 × 16 grid. */
const paths = {
  overview: "M2 9h4V2H2zM10 6h4V2h-4zM10 14h4V9h-4zM2 14h4v-2H2z",
  traces: "M2 3h8M4 8h9M7 13h7",
  sessions: "M2 3h12v8H7l-3 3v-3H2z",
  runs: "M4 2.5v11l9-5.5z",
  scores: "M2 14V8M6 14V4M10 14v-4M14 14V2",
  review: "M2 2h12v9H7l-3 3v-3H2zM5 6.500l2 2 4-4",
  compare: "M5 13V3M2.500 5.500L5 3l2.500 2.500M11 3v10M8.500 10.500L11 13l2.500-2.500",
  monitors: "M8 4v4l3 2M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  metrics: "M2 4l1.5 1.500L6 3M8 4.500h6M2 11l1.500 1.500L6 10M8 11.500h6",
  settings: "M2 5h7M13 5h1M2 11h1M7 11h7M9 3h4v4H9zM3 9h4v4H3z",
  search: "M11 11l3.5 3.5M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0z",
  theme: "M8 2v12M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  close: "M4 4l8 8M12 4l-8 8",
  fold: "M10 3L5 8l5 5",
  open: "M6 3l5 5-5 5",
  AGENT: "M5 6a3 3 0 1 0 6 0 3 3 0 0 0-6 0zM2.5 14c.5-3 2.500-4 5.500-4s5 1 5.500 4",
  TOOL: "M9.500 6.500L3 13M10 2a4 4 0 0 0 4 4 4 4 0 0 1-4-4z",
  LLM: "M8 2l1.600 4.400L14 8l-4.400 1.600L8 14l-1.600-4.400L2 8l4.400-1.600z",
  RETRIEVER: "M3 4c0-2.600 10-2.600 10 0v8c0 2.600-10 2.600-10 0zM3 4c0 2.600 10 2.600 10 0",
  CHAIN: "M6 10l4-4M7 4l1.500-1.500a3.500 3.500 0 0 1 5 5L12 9M9 12l-1.500 1.500a3.500 3.500 0 0 1-5-5L4 7",
  EMBEDDING: "M3 3h2v2H3zM11 3h2v2h-2zM7 7h2v2H7zM3 11h2v2H3zM11 11h2v2h-2z",
  OTHER: "M3 3h10v10H3z",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
