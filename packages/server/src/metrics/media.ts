import { isRecord } from "./reading/json.ts";

/** A data URL with less base64 than this is hardly longer than its replacement. */
const SHORTEST_IN_URL = 64;
/** Under a key for files, base64 of this length counts as a file. */
const SHORTEST_UNDER_KEY = 256;
/** Anywhere else, only an unbroken run of this length does. */
const SHORTEST_ANYWHERE = 1_024;
/** Deeper than any value that the API accepts. */
const DEEPEST = 1_000;

/** Keys under which common providers and frameworks store the bytes of images, audio and files. */
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
/** Keys that state the type of the bytes beside them. */
const TYPE_KEYS = [
  "media_type",
  "mediaType",
  "mime_type",
  "mimeType",
  "content_type",
  "contentType",
  "format",
];

/** The first base64 characters of well-known file types. */
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
 * Replaces each base64 file in a JSON value by a short mark such as `[image/png, 32 kB]`: a judge cannot read it, and
 * it would use up the prompt. Takes linear time. A value without files is returned unchanged.
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

/** Replaces data URLs and other long runs of base64 in a text by marks. */
function markFilesInText(text: string): string {
  if (text.length < SHORTEST_IN_URL) return text;
  return markRuns(markRuns(text, nextUrl), nextLongRun);
}

interface Run {
  readonly start: number;
  readonly end: number;
  /** Where the base64 begins. */
  readonly begin: number;
  readonly type: string | undefined;
}

/** @param next finds the first run at or after an index. */
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

/** The part of a data URL before `;base64,`. */
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
  // A run this long covers at least one of these indexes.
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

/** The index after the base64 run at `place`, including its padding. */
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

/** Encoded bytes soon contain upper case, lower case and digits; words, rows of dashes and hexadecimal digits do not. */
function isMixed(text: string, start: number, end: number): boolean {
  const sample = text.slice(start, Math.min(end, start + SHORTEST_ANYWHERE));
  return /[A-Z]/.test(sample) && /[a-z]/.test(sample) && /\d/.test(sample);
}

/** The number of base64 characters in a text under a key for files, line breaks aside; undefined if it is not base64. */
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

/** The number of bytes that this many characters of base64 encode. */
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
