import type { TraceScoreResponse } from "@pandaprobe/sdk";
import type { JudgeQuestion, ScoreJudgement } from "@pandaprobe/sdk/review";
import { useState } from "preact/hooks";
import { useQuery } from "../../data/queries.ts";
import { review } from "../../data/session.ts";
import { JsonView } from "../../ui/content/json-view.tsx";
import { TextView } from "../../ui/content/text-view.tsx";
import { Answered } from "../../ui/states.tsx";

interface Seat {
  readonly model: string | undefined;
  readonly repeat: number;
}

/** The judge's questions and answers for a score, which are loaded when it is opened. */
export function Judgement({ score }: { score: TraceScoreResponse }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="judgement" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>What the judge was asked and answered</summary>
      {isOpen && <Questions score={score} />}
    </details>
  );
}

function Questions({ score }: { score: TraceScoreResponse }) {
  const [seat, choose] = useState<Seat>({ model: undefined, repeat: 1 });
  const judgement = useQuery(
    ["judgement", score.id, seat],
    (signal) => review().getTraceScoreJudgement(score.id, seat, { signal }),
    { keepPrevious: true },
  );
  return (
    <Answered query={judgement}>
      {(found) => (
        <>
          <SeatChoice judgement={found} onChoose={choose} />
          {found.note !== null && <p class="muted">{found.note}</p>}
          {found.stale && (
            <p class="muted">
              The trace has changed since it was judged: these are the questions for its current content.
            </p>
          )}
          <ol class="questions">
            {found.questions.map((question, index) => (
              <Question key={index} question={question} />
            ))}
          </ol>
        </>
      )}
    </Answered>
  );
}

function SeatChoice({
  judgement: { judges, repeats, model, repeat },
  onChoose,
}: {
  judgement: ScoreJudgement;
  onChoose: (seat: Seat) => void;
}) {
  if (model === null || repeat === null || judges.length * repeats <= 1) return null;
  const seats = judges.flatMap((each) => Array.from({ length: repeats }, (_, n) => [each, n + 1] as const));
  return (
    <label>
      Judge{" "}
      <select
        value={`${model} ${repeat}`}
        onChange={({ currentTarget }) => {
          const [chosen = model, number] = currentTarget.value.split(" ");
          onChoose({ model: chosen, repeat: Number(number) });
        }}
      >
        {seats.map(([each, number]) => (
          <option key={`${each} ${number}`} value={`${each} ${number}`}>
            {each}
            {repeats > 1 && `, repeat ${number}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Question({ question: { stage, system, prompt, answer } }: { question: JudgeQuestion }) {
  return (
    <li>
      <h4>{stage}</h4>
      <details>
        <summary>Instructions</summary>
        <TextView text={system} isPlain />
      </details>
      <details>
        <summary>Prompt</summary>
        <TextView text={prompt} isPlain />
      </details>
      {answer === null ? (
        <p class="muted">
          The answer is no longer stored, or the trace or the server's settings have changed since.
        </p>
      ) : (
        <Answer text={answer} />
      )}
    </li>
  );
}

/** Answers are JSON, unless they were cut. */
function Answer({ text }: { text: string }) {
  try {
    return <JsonView value={JSON.parse(text)} />;
  } catch {
    return <TextView text={text} isPlain />;
  }
}
