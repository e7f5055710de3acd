from agents import Agent, Runner, SQLiteSession, function_tool, trace
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_tracer_provider
from recording import scenario

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


def support_agent(model="gpt-5.4-mini", tools=(get_weather,)):
    return Agent(name="support-agent", model=model, instructions="Be brief.", tools=list(tools))


async def ask(*questions, agent=None):
    session = SQLiteSession("s-1")
    for question in questions:
        with using_attributes(session_id="s-1", user_id="42", tags=["beta"]), trace("support-agent", group_id="s-1"):
            await Runner.run(agent or support_agent(), question, session=session)


async def streaming():
    with using_attributes(session_id="s-1", user_id="42", tags=["beta"]), trace("support-agent", group_id="s-1"):
        result = Runner.run_streamed(support_agent(tools=()), "Weather in Paris?")
        async for _ in result.stream_events():
            pass


scenario("tool", lambda: ask("Weather in Paris?"))
scenario("tool-error", lambda: ask("Weather in Nowhere?"))
scenario("two-turns", lambda: ask("Weather in Paris?", "How do I get there?"))
scenario("streaming", streaming)
scenario("exception", lambda: ask("Weather in Paris?", agent=support_agent("down-1")))
