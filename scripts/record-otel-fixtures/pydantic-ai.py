from pydantic_ai import ModelRetry
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel
from recording import scenario

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_tracer_provider
from pydantic_ai import Agent

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
set_tracer_provider(provider)
Agent.instrument_all()


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
