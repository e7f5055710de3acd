import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { plainTextOf } from "../../ui/content/plain-text.ts";
import { ValueView } from "../../ui/content/value-view.tsx";
import { Answered } from "../../ui/states.tsx";
import { type SideName, sideLabels } from "./comparison-choice.ts";
import type { Part } from "./differing-words.ts";

type DifferingWords = typeof import("./differing-words.ts").differingWords;

/** The input and output of both sides of a case. */
export function CaseDiff({ before, after }: { before: string; after: string }) {
  const loaded = useQuery(["compared-traces", before, after], (signal) =>
    Promise.all([
      api().getTrace(before, { signal }),
      api().getTrace(after, { signal }),
      import("./differing-words.ts"),
    ]),
  );
  return (
    <div class="case-diff">
      <Answered query={loaded}>
        {([a, b, { differingWords }]) => (
          <>
            <Values what="Input" a={a.input} b={b.input} differingWords={differingWords} />
            <Values what="Output" a={a.output} b={b.output} differingWords={differingWords} />
          </>
        )}
      </Answered>
    </div>
  );
}

interface Pair {
  readonly what: "Input" | "Output";
  readonly a: unknown;
  readonly b: unknown;
  readonly differingWords: DifferingWords;
}

/** One value if both sides have the same, otherwise both side by side. */
function Values({ what, a, b, differingWords }: Pair) {
  const [isMarked, setMarked] = useState(true);
  if (JSON.stringify(a) === JSON.stringify(b))
    return <Value label={`${what}, the same on both sides`} value={a} />;
  const label = (side: SideName) => `${what}, ${sideLabels[side].toLowerCase()}`;
  const hasBoth = a != null && b != null;
  return (
    <div class="case-values">
      {hasBoth && (
        <button type="button" aria-pressed={isMarked} onClick={() => setMarked(!isMarked)}>
          Mark differences
        </button>
      )}
      {hasBoth && isMarked ? (
        <Marked labels={[label("a"), label("b")]} a={a} b={b} differingWords={differingWords} />
      ) : (
        <div class="sides">
          <Value label={label("a")} value={a} />
          <Value label={label("b")} value={b} />
        </div>
      )}
    </div>
  );
}

function Marked({
  labels,
  a,
  b,
  differingWords,
}: Omit<Pair, "what"> & { labels: readonly [string, string] }) {
  const [before, after] = [plainTextOf(a), plainTextOf(b)];
  const differing = differingWords(before.text, after.text);
  const notes = [
    differing === null && "They have too little in common to mark differences.",
    differing?.unit === "lines" && "Lines are marked, because these are long or differ in many words.",
    (before.isCut || after.isCut) && "Only the beginning is compared.",
  ].filter((note) => note !== false);
  return (
    <>
      {notes.length > 0 && <p class="muted">{notes.join(" ")}</p>}
      <div class="sides">
        <MarkedText
          label={labels[0]}
          as="del"
          parts={differing?.before ?? [{ text: before.text, differs: false }]}
        />
        <MarkedText
          label={labels[1]}
          as="ins"
          parts={differing?.after ?? [{ text: after.text, differs: false }]}
        />
      </div>
    </>
  );
}

function MarkedText({
  label,
  as: Mark,
  parts,
}: {
  label: string;
  as: "del" | "ins";
  parts: readonly Part[];
}) {
  return (
    <section class="value" aria-label={label}>
      <header>
        <h2>{label}</h2>
      </header>
      <div class="plain-text marked-text">
        {parts.map(({ text, differs }, index) => {
          if (!differs) return text;
          const word = text.trimEnd();
          return (
            <Fragment key={index}>
              <Mark>{word}</Mark>
              {text.slice(word.length)}
            </Fragment>
          );
        })}
      </div>
    </section>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  return value == null ? <p class="muted">{label}: none.</p> : <ValueView label={label} value={value} />;
}
