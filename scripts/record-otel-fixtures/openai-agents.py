from recording import scenario

from agents import Agent, Runner, SQLiteSession, function_tool, trace
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_tracer_provider

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
set_tracer_provider(provider)
OpenAIAgentsInstrumentor().instrument()


@function_tool(failure_error_function=lambda context, error: f"The tool failed: {error}")
def get_weather(city: str) -> dict:
    """The weather of a city."""
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


agent = Agent(name="support-agent", model="gpt-5.4-mini", instructions="Be brief.", tools=[get_weather])


async def ask(*questions):
    session = SQLiteSession("s-1")
    for question in questions:
        with using_attributes(session_id="s-1", user_id="42", tags=["beta"]), trace("support-agent"):
            await Runner.run(agent, question, session=session)


async def stream(question):
    quick = agent.clone(tools=[])
    with using_attributes(session_id="s-1", user_id="42", tags=["beta"]), trace("support-agent"):
        async for _ in Runner.run_streamed(quick, question).stream_events():
            pass


scenario("tool", lambda: ask("Weather in Paris?"))
scenario("tool-error", lambda: ask("Weather in Nowhere?"))
scenario("two-turns", lambda: ask("Weather in Paris?", "How do I get there?"))
scenario("streaming", lambda: stream("Weather in Paris?"))
agent.model = "down-1"
scenario("exception", lambda: ask("Weather in Paris?"))
