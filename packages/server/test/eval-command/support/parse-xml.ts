export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Reads well-formed XML without comments and such, and throws where it is not well-formed. */
export function parseXml(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const tag = /<\?xml[^<>]*\?>|<(\/?)([a-z-]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/gu;
  for (const [whole, close, name, attributes, empty, text] of xml.matchAll(tag)) {
    const current = open.at(-1);
    if (current === undefined) throw new Error(`Nothing is open at ${whole}`);
    if (text !== undefined) current.text += unescaped(text);
    else if (name === undefined && !whole.startsWith("<?xml")) throw new Error(`No tag: ${whole}`);
    else if (close === "/") {
      if (current.name !== name) throw new Error(`</${name}> ends <${current.name}>`);
      open.pop();
    } else if (name !== undefined) {
      const pairs = [...(attributes ?? "").matchAll(/([a-z]+)="([^"]*)"/g)];
      const entries = pairs.map(([, key = "", value = ""]) => [key, unescaped(value)]);
      const element = { name, attributes: Object.fromEntries(entries), children: [], text: "" };
      current.children.push(element);
      if (empty !== "/") open.push(element);
    }
  }
  const [element] = root.children;
  if (open.length !== 1 || element === undefined || root.children.length !== 1)
    throw new Error(`Not one element: ${xml}`);
  return element;
}

function unescaped(text: string): string {
  const control = /[\p{Cc}]/u.exec(text.replace(/[\n\t]/g, ""));
  if (control !== null || /&(?!(?:amp|lt|gt|quot);)/.test(text) || text.includes("]]>"))
    throw new Error(`This is not allowed in XML: ${text}`);
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
