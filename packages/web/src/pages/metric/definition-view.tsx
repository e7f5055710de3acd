import type { MetricDefinition } from "@pandaprobe/sdk/metrics";
import { JsonView } from "../../ui/content/json-view.tsx";
import { Row, Table } from "../../ui/rows.tsx";

/** The questions or the check of a definition. */
export function DefinitionView({ definition }: { definition: MetricDefinition }) {
  switch (definition.kind) {
    case "checklist":
      return (
        <>
          <Instructions text={definition.instructions} />
          <Table label="Criteria">
            <thead>
              <tr>
                <th>Criterion</th>
                <th>Question</th>
                <th class="number">Weight</th>
                <th>Required</th>
              </tr>
            </thead>
            <tbody>
              {definition.criteria.map(({ id, question, weight, required }) => (
                <Row key={id}>
                  <td class="name">{id}</td>
                  <td class="wrapped">{question}</td>
                  <td class="number">{weight ?? 1}</td>
                  <td>{required === true ? "Yes" : "–"}</td>
                </Row>
              ))}
            </tbody>
          </Table>
          {definition.criteria.some(({ required }) => required === true) && (
            <p class="muted">A no to a required question limits the score to {definition.cap ?? 0}.</p>
          )}
        </>
      );
    case "scale":
      return (
        <>
          <Instructions text={definition.instructions} />
          <Table label="Scale">
            <thead>
              <tr>
                <th class="number">Value</th>
                <th>Meaning</th>
              </tr>
            </thead>
            <tbody>
              {definition.anchors
                .toSorted((a, b) => b.value - a.value)
                .map(({ value, text }) => (
                  <Row key={value}>
                    <td class="number">{value}</td>
                    <td class="wrapped">{text}</td>
                  </Row>
                ))}
            </tbody>
          </Table>
        </>
      );
    default:
      return <JsonView value={definition} />;
  }
}

function Instructions({ text }: { text: string | null | undefined }) {
  return text == null ? null : <p class="instructions">{text}</p>;
}
