import { isRecord } from "./reading/is-record.ts";

/** A data URL with less in it is shorter than what would stand in its place, or nearly. */
const SHORTEST_IN_URL = 64;
/** Under a key that says so, this is long enough to be a file. */
const SHORTEST_UNDER_KEY = 256;
/** Anywhere else it takes this much without a space to be no text. */
const SHORTEST_ANYWHERE = 1_024;
/** Deeper than any value the API takes. */
const DEEPEST = 1_000;

/** Where the common providers and frameworks keep the bytes of images, sounds and files. */
const FILE_KEYS = new Set([
  "data",
  "bytes",
  "base64",
  "b64",
  "b64_json",
  "file_data",
  "image",
  "image_data",
  "image_base64",
  "audio",
  "audio_data",
  "blob",
  "url",
  "result",
]);
/** Where they say what the bytes beside it are. */
const TYPE_KEYS = [
  "media_type",
  "mediaType",
  "mime_type",
  "mimeType",
  "content_type",
  "contentType",
  "format",
];

/** How the base64 of well-known kinds of files begins. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
  ["JVBERi0", "application/pdf"],
  ["UEsDB", "application/zip"],
  ["SUQz", "audio/mpeg"],
  ["T2dnUw", "audio/ogg"],
];

/**
 * A JSON value with a short mark such as `[image/png, 32 kB]` in the place of each file that it holds as base64: nobody can
 * read it there, and it would take all the room. Takes linear time. What holds no file is returned as it is.
 */
export function withoutFiles(value: unknown, depth = DEEPEST): unknown {
  if (typeof value === "string") return markFilesInText(value);
  if (typeof value !== "object" || value === null || depth === 0) return value;
  const type = statedType(value);
  if (type === "Buffer" && isRecord(value) && Array.isArray(value["data"])) {
    return mark("binary", value["data"].length);
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const chars = typeof item === "string" && FILE_KEYS.has(key) ? fileChars(item) : undefined;
    const shown =
      chars === undefined
        ? withoutFiles(item, depth - 1)
        : mark(typeof type === "string" ? type : typeOf(String(item)), sizeOf(chars));
    changed ||= shown !== item;
    return [key, shown];
  });
  if (!changed) return value;
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** A text with marks in the place of data URLs and other long runs of base64. */
function markFilesInText(text: string): string {
  if (text.length < SHORTEST_IN_URL) return text;
  return markRuns(markRuns(text, nextUrl), nextLongRun);
}

interface Run {
  readonly start: number;
  readonly end: number;
  /** Where its base64 begins. */
  readonly begin: number;
  readonly type: string | undefined;
}

/** @param next finds the first run that begins at a place of the text or behind it. */
function markRuns(text: string, next: (text: string, from: number) => Run | undefined): string {
  const pieces: string[] = [];
  let done = 0;
  for (let run = next(text, 0); run !== undefined; run = next(text, done)) {
    const { start, end, begin, type } = run;
    pieces.push(
      text.slice(done, start),
      mark(type ?? typeOf(text.slice(begin, begin + 16)), sizeOf(end - begin)),
    );
    done = end;
  }
  return done === 0 ? text : [...pieces, text.slice(done)].join("");
}

/** What stands before the `;base64,` of a data URL. */
const URL_PREFIX = /^data:([\w.+-]{1,60}\/[\w.+-]{1,60})?(?:;[\w.+=-]{1,60}){0,2}$/;
const LONGEST_PREFIX = 250;
const BASE64_COMMA = ";base64,";

function nextUrl(text: string, from: number): Run | undefined {
  for (let at = text.indexOf(BASE64_COMMA, from); at !== -1; at = text.indexOf(BASE64_COMMA, at + 1)) {
    const head = text.slice(Math.max(from, at - LONGEST_PREFIX), at);
    const [prefix, type] = URL_PREFIX.exec(head.slice(Math.max(0, head.lastIndexOf("data:")))) ?? [];
    const begin = at + BASE64_COMMA.length;
    const end = endOfRun(text, begin);
    if (prefix !== undefined && end - begin >= SHORTEST_IN_URL) {
      return { start: at - prefix.length, end, begin, type };
    }
  }
  return undefined;
}

function nextLongRun(text: string, from: number): Run | undefined {
  // A run this long covers one of these places at least.
  for (let place = from; place < text.length; place += SHORTEST_ANYWHERE / 2) {
    if (!isBase64(text.charCodeAt(place))) continue;
    let start = place;
    while (start > from && isBase64(text.charCodeAt(start - 1))) start -= 1;
    const end = endOfRun(text, place);
    if (end - start >= SHORTEST_ANYWHERE && isMixed(text, start, end)) {
      return { start, end, begin: start, type: undefined };
    }
    place = Math.max(place, end - SHORTEST_ANYWHERE / 2);
  }
  return undefined;
}

/** Behind the base64 that goes on at `place`, its padding included. */
function endOfRun(text: string, place: number): number {
  let end = place;
  while (isBase64(text.charCodeAt(end))) end += 1;
  while (text[end] === "=") end += 1;
  return end;
}

function isBase64(code: number): boolean {
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  const isDigit = code >= 48 && code <= 57;
  // + / - _
  return isLetter || isDigit || code === 43 || code === 47 || code === 45 || code === 95;
}

/** Bytes give capitals, small letters and digits soon; words, rows of dashes and hexadecimal digits do not. */
function isMixed(text: string, start: number, end: number): boolean {
  const sample = text.slice(start, Math.min(end, start + SHORTEST_ANYWHERE));
  return /[A-Z]/.test(sample) && /[a-z]/.test(sample) && /\d/.test(sample);
}

/** How many characters of base64 a text under a key for files is, perhaps broken into lines; undefined if it is none. */
function fileChars(text: string): number | undefined {
  if (text.length < SHORTEST_UNDER_KEY) return undefined;
  const lines = text.trim().split(/\r?\n/);
  const isBroken = lines.length > 1;
  const whole = lines.join("");
  if (isBroken && whole.length / lines.length < 32) return undefined;
  return endOfRun(whole, 0) === whole.length && isMixed(whole, 0, whole.length) ? whole.length : undefined;
}

function statedType(value: object): unknown {
  if (!isRecord(value)) return undefined;
  if (value["type"] === "Buffer") return "Buffer";
  const type = TYPE_KEYS.map((key) => value[key]).find((stated) => typeof stated === "string");
  return typeof type === "string" && /^[\w.+-]{1,60}(?:\/[\w.+-]{1,60})?$/.test(type) ? type : undefined;
}

function typeOf(base64: string): string {
  return BEGINNINGS.find(([beginning]) => base64.trimStart().startsWith(beginning))?.[1] ?? "base64";
}

/** In bytes, of so many characters of base64. */
function sizeOf(chars: number): number {
  return Math.floor((chars * 3) / 4);
}

function mark(type: string, bytes: number): string {
  return `[${type}, ${inWords(bytes)}]`;
}

function inWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
