import { lexer, type Token, type Tokens } from "marked";
import type { ComponentChildren } from "preact";

/** Markdown that is nested deeper is shown as plain text, because rendering it could exceed the stack. */
const maxDepth = 30;

/**
 * Markdown as elements. Text from strangers is never parsed as HTML: tags are shown as text, links lead only to web and
 * mail addresses, and images become links.
 */
export function renderMarkdown(text: string): ComponentChildren {
  try {
    return <div class="markdown">{lexer(text).map((token) => block(token, 0))}</div>;
  } catch {
    return <div class="plain-text">{text}</div>;
  }
}

function block(token: Token, depth: number): ComponentChildren {
  if (depth > maxDepth) return token.raw;
  const inside = (tokens: readonly Token[] | undefined) =>
    (tokens ?? []).map((each) => block(each, depth + 1));
  switch (token.type) {
    case "space":
      return null;
    case "heading":
      // The page has headings of its own.
      return <p class="markdown-heading">{inside(token.tokens)}</p>;
    case "paragraph":
      return <p>{inside(token.tokens)}</p>;
    case "code":
      return <pre>{token["text"]}</pre>;
    case "blockquote":
      return <blockquote>{inside(token.tokens)}</blockquote>;
    case "hr":
      return <hr />;
    case "list": {
      const { ordered, items } = token as Tokens.List;
      const rows = items.map((item, index) => <li key={index}>{inside(item.tokens)}</li>);
      return ordered ? <ol>{rows}</ol> : <ul>{rows}</ul>;
    }
    case "table":
      return table(token as Tokens.Table, inside);
    default:
      return inline(token, depth, inside);
  }
}

function table({ header, rows }: Tokens.Table, inside: (tokens: readonly Token[]) => ComponentChildren) {
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell, index) => (
            <th key={index}>{inside(cell.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column}>{inside(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inline(
  token: Token,
  depth: number,
  inside: (tokens: readonly Token[] | undefined) => ComponentChildren,
): ComponentChildren {
  switch (token.type) {
    case "strong":
      return <strong>{inside(token.tokens)}</strong>;
    case "em":
      return <em>{inside(token.tokens)}</em>;
    case "del":
      return <del>{inside(token.tokens)}</del>;
    case "codespan":
      return <code>{token["text"]}</code>;
    case "br":
      return <br />;
    case "escape":
      return token["text"];
    case "link":
      return link(token["href"], inside(token.tokens));
    case "image":
      return link(token["href"], `[image: ${token["text"] || token["href"]}]`);
    case "text":
      return token.tokens === undefined || depth > maxDepth ? token["text"] : inside(token.tokens);
    default:
      return token.raw;
  }
}

function link(href: string, content: ComponentChildren) {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) return <span>{content}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {content}
    </a>
  );
}
