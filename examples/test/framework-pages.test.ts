import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { PandaProbe } from "@pandaprobe/sdk";
import { toTraceId } from "@pandaprobe/sdk/otel";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  inProtobuf,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../../packages/server/test/support/otlp.ts";
import { useTestServer } from "../../packages/server/test/support/test-server.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

/*
 * The pages show parts of the programs that recorded the fixtures, so that each snippet has run against the real library.
 * The programs name their service "fixtures".
 */
const programs = globSync(
  ["scripts/record-otel-fixtures/*.{py,mjs}", "examples/opentelemetry.ts"].map((path) => join(root, path)),
).map((path) => readFileSync(path, "utf8").replaceAll('"fixtures"', '"my-agent"'));

const pages = globSync("docs/frameworks/*.md", { cwd: root }).sort();

/** The fenced blocks of a page in one of these languages. */
function blocksOf(page: string, languages: readonly string[]): string[] {
  return [...read(page).matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, language = "", block = ""]) =>
    languages.includes(language) ? [block] : [],
  );
}

/** The names that a program imports, each with its module: `zod z`. */
function importsOf(program: string): string[] {
  return [...program.matchAll(/^import (?:\{ (.*) \}|\* as (\w+)) from "(.*)";$/gm)].flatMap(
    ([, names, all, module]) => (names?.split(", ") ?? [`* as ${all}`]).map((name) => `${module} ${name}`),
  );
}

/** Whether a snippet is a part of a program, which may import more. */
function isPartOf(program: string, snippet: string): boolean {
  const imported = importsOf(program);
  const body = snippet.replaceAll(/^import .*;\n/gm, "").trim();
  return program.includes(body) && importsOf(snippet).every((each) => imported.includes(each));
}

describe.each(pages)("%s", (page) => {
  test("shows only code that a recorded program runs", () => {
    for (const snippet of blocksOf(page, ["python", "js", "ts"])) {
      expect(programs.some((program) => isPartOf(program, snippet))).toBe(true);
    }
  });

  test("is listed among the frameworks", () => {
    expect(read("docs/opentelemetry.md")).toContain(`](frameworks/${basename(page)})`);
  });
});

test("each recorded framework has a page", () => {
  const recorded = globSync("packages/server/test/otel-fixtures/*.json", { cwd: root });
  const names = recorded.map((path) => basename(path, ".json").replace(/-(?:\d|events|latest)$/, ""));
  const found = pages.map((page) => basename(page, ".md"));
  expect(names.filter((name) => !found.includes(name))).toEqual([]);
});

test("a snippet that no program runs is found", () => {
  const program = 'import { a, b } from "x";\n\nuse(a);\n';
  expect(isPartOf(program, 'import { a } from "x";\n\nuse(a);\n')).toBe(true);
  expect(isPartOf(program, 'import { c } from "x";\n\nuse(a);\n')).toBe(false);
  expect(isPartOf(program, "use(b);\n")).toBe(false);
});

/** The Collector's configuration. */
interface CollectorConfig {
  readonly exporters: Readonly<
    Record<string, { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> }>
  >;
  readonly service: { readonly pipelines: { readonly traces: Readonly<Record<string, string[]>> } };
  readonly [kind: string]: object;
}

function collectorConfig(): CollectorConfig {
  const [block = ""] = blocksOf("docs/frameworks/collector.md", ["yaml"]);
  return parse(block) as CollectorConfig;
}

test("the Collector's configuration connects what it declares", () => {
  const { service, ...declared } = collectorConfig();
  const names = Object.entries(declared).map(([kind, parts]) => [kind, Object.keys(parts)]);
  expect(service.pipelines.traces).toEqual(Object.fromEntries(names));
});

test("the server takes what a Collector with that configuration sends", async () => {
  const { url, apiKey } = await useTestServer({ role: "api" });
  const [exporter] = Object.values(collectorConfig().exporters);
  const given = Object.entries(exporter?.headers ?? {});
  const traceId = randomBytes(16).toString("hex");
  const request = otlpRequest([otlpSpan(traceId, 1)], { "service.name": "shop agent" });
  // Its exporter adds the signal's path, compresses protobuf, and names no project.
  const answer = await fetch(`${url}${new URL(exporter?.endpoint ?? "").pathname}v1/traces`, {
    method: "POST",
    headers: {
      ...protobufHeaders,
      "content-encoding": "gzip",
      ...Object.fromEntries(
        given.map(([name, value]) => [name, value.replace(/^\$\{env:PANDAPROBE_API_KEY\}$/, apiKey)]),
      ),
    },
    body: new Uint8Array(gzipSync(inProtobuf(request))),
  });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/x-protobuf"]);
  expect((await answer.arrayBuffer()).byteLength).toBe(0);
  const client = new PandaProbe({ endpoint: url, apiKey, projectName: "shop agent" });
  expect(await client.getTrace(toTraceId(traceId))).toMatchObject({ name: "span 1", spans: [{}] });
});
