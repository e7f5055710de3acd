import base64
import json
import os
import urllib.request

from google.protobuf.json_format import MessageToDict
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic_ai import Agent, InstrumentationSettings, ModelRetry
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel

spans = InMemorySpanExporter()
provider = TracerProvider(resource=Resource({"service.name": "fixtures", "service.version": "1.0"}))
provider.add_span_processor(SimpleSpanProcessor(spans))


Agent.instrument_all(InstrumentationSettings(tracer_provider=provider))


def scenario(name, run):
    """Runs a scenario, and sends its spans to the recorder."""
    try:
        run()
    except RuntimeError as error:
        if name != "exception":
            raise error
    request = MessageToDict(encode_spans(spans.get_finished_spans()))
    spans.clear()
    # In JSON, OTLP has ids in hexadecimal, and protobuf's own form in base64.
    text = json.dumps(in_hexadecimal(request)).encode()
    headers = {"content-type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{os.environ['RECORDER_URL']}/{name}", text, headers)).close()


def in_hexadecimal(value):
    if isinstance(value, list):
        return [in_hexadecimal(item) for item in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {
        key: base64.b64decode(item).hex() if key in ids else in_hexadecimal(item) for key, item in value.items()
    }


def agent(*answers, stream=None):
    left = list(answers)
    model = FunctionModel(lambda messages, info: left.pop(0)(), stream_function=stream, model_name="fake-1")
    made = Agent(
        model,
        name="support-agent",
        instructions="Be brief.",
    )

    @made.tool_plain(retries=2)
    def get_weather(city: str) -> dict:
        """The weather of a city."""
        if city == "Nowhere":
            raise ModelRetry("No such city.")
        return {"sky": "rainy"}

    return made


def says(text):
    return lambda: ModelResponse(parts=[TextPart(text)])


def calls(city):
    return lambda: ModelResponse(parts=[ToolCallPart("get_weather", {"city": city}, tool_call_id="call_1")])


def is_down():
    raise RuntimeError("The model is down.")


def two_turns():
    support = agent(says("It rains in Paris."), says("Take the train."))
    first = support.run_sync("Weather in Paris?")
    support.run_sync("How do I get there?", message_history=first.all_messages())


def streaming():
    async def deltas(messages, info):
        yield "It rains "
        yield "in Paris."

    support = agent(stream=deltas)
    result = support.run_stream_sync("Weather in Paris?")
    for _ in result.stream_text():
        pass


scenario("tool", lambda: agent(calls("Paris"), says("It rains in Paris.")).run_sync("Weather in Paris?"))
scenario("tool-error", lambda: agent(calls("Nowhere"), says("I do not know that city.")).run_sync("Weather in Nowhere?"))
scenario("two-turns", two_turns)
scenario("streaming", streaming)
scenario("exception", lambda: agent(is_down).run_sync("Weather in Paris?"))
