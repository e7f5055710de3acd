"""
Records what Phoenix exports, for examples/test/import.test.ts: traces an agent with OpenInference and a fake model, annotates
it, and writes each form of export to examples/test/imports. Run it in the repository, with Phoenix on its usual port:

    python3 -m venv /tmp/phoenix
    /tmp/phoenix/bin/pip install arize-phoenix==20.26.1 openinference-instrumentation-openai==0.1.66 openai==3.57.0
    /tmp/phoenix/bin/phoenix serve &
    /tmp/phoenix/bin/python scripts/record-phoenix-exports.py
"""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import openai
from openinference.instrumentation import TracerProvider, using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from phoenix.client import Client

base = os.environ.get("PHOENIX_URL", "http://127.0.0.1:6006")
project = "fixtures"
folder = "examples/test/imports"


class Model(BaseHTTPRequestHandler):
    answers = []

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        status, answer = Model.answers.pop(0)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
model = openai.OpenAI(api_key="none", base_url=f"http://127.0.0.1:{server.server_port}/v1", max_retries=0)

provider = TracerProvider(resource=Resource({"openinference.project.name": project}))
provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(f"{base}/v1/traces")))
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("fixtures")

parameters = {"type": "object", "properties": {"city": {"type": "string"}}}
tools = [{"type": "function", "function": {"name": "get_weather", "parameters": parameters}}]


def completion(message, finish_reason="stop"):
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", **message}}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return 200, {"id": "c1", "object": "chat.completion", "created": 1, "model": "fake-1", "choices": [choice], "usage": usage}


def says(text):
    return completion({"content": text})


def calls(city):
    function = {"name": "get_weather", "arguments": json.dumps({"city": city})}
    return completion({"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}, "tool_calls")


@tracer.tool(name="get_weather")
def get_weather(city: str) -> dict:
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


@tracer.agent(name="support-agent")
def agent(question: str) -> str:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": question}]
    while True:
        answer = model.chat.completions.create(model="fake-1", messages=messages, tools=tools, temperature=0.5)
        message = answer.choices[0].message
        if not message.tool_calls:
            return message.content
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            try:
                result = get_weather(**json.loads(call.function.arguments))
            except ValueError as error:
                result = {"error": str(error)}
            messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})


with using_attributes(session_id="s-1", user_id="42", tags=["beta"], metadata={"case": "weather"}):
    Model.answers = [calls("Paris"), says("Take an umbrella.")]
    agent("Weather in Paris?")
    Model.answers = [calls("Nowhere"), says("No such city.")]
    agent("Weather in Nowhere?")
Model.answers = [(500, {"error": {"message": "The model is down."}})]
try:
    agent("Fail")
except openai.OpenAIError:
    pass
provider.force_flush()
time.sleep(3)

client = Client(base_url=base)
frame = client.spans.get_spans_dataframe(project_identifier=project)
agents = frame[frame.span_kind == "AGENT"].sort_values("start_time")
models = frame[frame.span_kind == "LLM"].sort_values("start_time")
traces = list(agents["context.trace_id"])


def annotate(kind, data):
    httpx.post(f"{base}/v1/{kind}_annotations?sync=true", json={"data": [data]}).raise_for_status()


annotate("span", {"span_id": agents["context.span_id"].iloc[0], "name": "helpful", "annotator_kind": "HUMAN", "result": {"label": "good", "score": 0.8, "explanation": "Right."}})
annotate("span", {"span_id": models["context.span_id"].iloc[0], "name": "stars", "annotator_kind": "LLM", "result": {"score": 4, "explanation": "Long."}})
annotate("span", {"span_id": agents["context.span_id"].iloc[1], "name": "tone", "annotator_kind": "CODE", "result": {"label": "curt"}, "metadata": {"words": 3}})
annotate("trace", {"trace_id": traces[0], "name": "correct", "annotator_kind": "HUMAN", "result": {"score": 1, "label": "yes"}})
annotate("session", {"session_id": "s-1", "name": "resolved", "annotator_kind": "HUMAN", "result": {"score": 1}})


def write(name, rows):
    with open(f"{folder}/{name}.jsonl", "w") as file:
        for row in rows:
            for event in row.get("events") or []:
                # It names folders of this machine.
                event.get("attributes", {}).pop("exception.stacktrace", None)
            file.write(json.dumps(row) + "\n")


def listed(kind, **ids):
    return httpx.get(f"{base}/v1/projects/{project}/{kind}_annotations", params=ids).json()["data"]


spans = list(client.spans.get_spans(project_identifier=project, limit=1000))
ofSpans = listed("span", span_ids=[span["context"]["span_id"] for span in spans])
ofTraces = listed("trace", trace_ids=traces)
write("phoenix-spans", spans)
write("phoenix-annotations", [*ofSpans, *ofTraces, *listed("session", session_ids=["s-1"])])
write("phoenix-dataframe", [json.loads(line) for line in frame.to_json(orient="records", lines=True, date_format="epoch").splitlines()])


def attached(annotations, prefix):
    """The attributes that the page's export adds to a span: those of OpenInference's semantic conventions."""
    found = {}
    for index, each in enumerate(annotations):
        at = f"{prefix}.{index}.annotation"
        found |= {f"{at}.name": each["name"], f"{at}.annotator_kind": each["annotator_kind"]}
        found |= {f"{at}.{key}": value for key, value in each["result"].items() if value is not None}
        if each["metadata"]:
            found[f"{at}.metadata"] = json.dumps(each["metadata"])
    return found


def with_annotations(span):
    context = span["context"]
    own = attached([each for each in ofSpans if each["span_id"] == context["span_id"]], "annotations")
    isRoot = span["parent_id"] is None
    whole = [each for each in ofTraces if isRoot and each["trace_id"] == context["trace_id"]]
    return {**span, "attributes": {**span["attributes"], **own, **attached(whole, "trace.annotations")}}


write("phoenix-page", [with_annotations(span) for span in spans])
