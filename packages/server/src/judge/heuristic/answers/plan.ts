import { isRecord, parseIfJson } from "../../../metrics/reading/json.ts";
import type { Span } from "../../../metrics/trace.ts";
import { trimText } from "../../../metrics/trim/text.ts";
import { spoken } from "../evidence/answer-text.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { findPlanning } from "../language/planning.ts";

/** A plan, and when it was made. */
export interface FoundPlan {
  readonly steps: readonly string[];
  /** How many spans had begun by then. Later spans can carry it out. */
  readonly madeAt: number;
}

/**
 * The last plan before the agent first called a tool, or else the first plan after that. The final answer is never a plan,
 * whatever lists it contains.
 */
export function findPlan({ trace, answer }: Evidence): FoundPlan {
  const stated = planUnder(trace.metadata);
  if (stated.length > 0) return { steps: stated, madeAt: 0 };
  let plan: FoundPlan = { steps: [], madeAt: 0 };
  for (const [i, span] of trace.spans.entries()) {
    if (span.kind === "TOOL" && !/plan|todo/i.test(span.name)) {
      if (plan.steps.length > 0) return plan;
      continue;
    }
    const steps = isAnswer(span, answer) ? [] : planIn(span);
    if (steps.length > 0) plan = { steps, madeAt: i + 1 };
  }
  return plan;
}

function isAnswer(span: Span, answer: string): boolean {
  return answer !== "" && spoken(span.output) === answer;
}

const PLAN_KEYS = ["plan", "steps", "todo", "todos", "tasks", "subtasks"];
/** A line of a list: "1. …", "2) …", "- …", "* …", "Step 3: …", "① …". */
const ITEM =
  /^\s*(?:(?:step\s+|schritt\s+|étape\s+|paso\s+)?\d{1,2}\s*[.):、．：]|[-*•▪]|[①-⑳])\s*(?<text>\S.*)$/iu;
const MAX_STEPS = 40;
/** At most this many items of a list are read. */
const MAX_LISTED = 1_000;
/** Longer steps are cut, since each is compared with all actions. */
const MAX_STEP_CHARS = 1_000;

/** The steps under a key for plans: a list of texts, or of objects with a text each. */
function planUnder(container: unknown): string[] {
  const value = parseIfJson(container);
  if (!isRecord(value)) return [];
  for (const key of PLAN_KEYS) {
    const found = Object.hasOwn(value, key) ? toSteps(value[key]) : [];
    if (found.length > 0) return found.map((step) => trimText(step, MAX_STEP_CHARS));
  }
  return [];
}

/** The plan in a span, if the span makes one. */
function planIn(span: Span): string[] {
  const stated = planUnder(span.metadata);
  if (stated.length > 0) return stated;
  const text = spoken(span.output);
  const plans = /plan/i.test(span.name);
  const named = planUnder(span.output);
  if (named.length > 0) return named;
  const items = listItems(text);
  return items.length > 1 && (plans || findPlanning(text).length > 0) ? items : [];
}

function toSteps(value: unknown): string[] {
  if (typeof value === "string") {
    const items = listItems(value);
    return items.length > 0
      ? items
      : value
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean)
          .slice(0, MAX_STEPS);
  }
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, MAX_LISTED)
    .map(stepText)
    .filter((text) => text !== "")
    .slice(0, MAX_STEPS);
}

function stepText(step: unknown): string {
  if (typeof step === "string") return step.replace(ITEM, "$<text>").trim();
  if (!isRecord(step)) return "";
  const text = ["step", "task", "description", "title", "action", "content", "text", "name", "goal"]
    .map((key) => step[key])
    .find((value) => typeof value === "string");
  return text ?? "";
}

function listItems(text: string): string[] {
  return text
    .slice(0, 20_000)
    .split("\n")
    .flatMap((line) => ITEM.exec(line)?.groups?.["text"]?.trim() ?? [])
    .slice(0, MAX_STEPS)
    .map((step) => trimText(step, MAX_STEP_CHARS));
}
