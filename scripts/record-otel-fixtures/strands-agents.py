from recording import scenario

from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

StrandsTelemetry().setup_otlp_exporter()


@tool
def get_weather(city: str) -> dict:
    """The weather of a city."""
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


agent = Agent(
    name="support-agent",
    model=OpenAIModel(model_id="gpt-5.4-mini"),
    system_prompt="Be brief.",
    tools=[get_weather],
    trace_attributes={"session.id": "s-1", "user.id": 42, "tag.tags": ["beta"]},
)


def asked(question):
    agent.messages.clear()
    agent(question)


def two_turns():
    agent.messages.clear()
    agent("Weather in Paris?")
    agent("How do I get there?")


async def streaming():
    quick = Agent(
        name="support-agent",
        model=OpenAIModel(model_id="gpt-5.4-mini"),
        system_prompt="Be brief.",
        trace_attributes=agent.trace_attributes,
    )
    async for _ in quick.stream_async("Weather in Paris?"):
        pass


def exception():
    agent.messages.clear()
    agent.model.update_config(model_id="down-1")
    agent("Weather in Paris?")


scenario("tool", lambda: asked("Weather in Paris?"))
scenario("tool-error", lambda: asked("Weather in Nowhere?"))
scenario("two-turns", two_turns)
scenario("streaming", streaming)
scenario("exception", exception)
