import fake_gemini
from google.adk.agents import RunConfig
from google.adk.agents.run_config import StreamingMode
from recording import scenario

from google.adk.agents import Agent
from google.adk.runners import InMemoryRunner
from google.adk.telemetry.setup import maybe_set_otel_providers
from google.genai import types

maybe_set_otel_providers()


def get_weather(city: str) -> dict:
    """The weather of a city."""
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


def explain(tool, args, tool_context, error):
    return {"error": str(error)}


agent = Agent(
    name="support_agent",
    model="gemini-3.5-flash",
    instruction="Be brief.",
    tools=[get_weather],
    on_tool_error_callback=explain,
)


async def ask(*questions, **options):
    runner = InMemoryRunner(agent)
    session = await runner.session_service.create_session(app_name=runner.app_name, user_id="42", session_id="s-1")
    for question in questions:
        message = types.Content(role="user", parts=[types.Part(text=question)])
        async for _ in runner.run_async(
            user_id=session.user_id, session_id=session.id, new_message=message, **options
        ):
            pass


scenario("tool", lambda: ask("Weather in Paris?"))
scenario("tool-error", lambda: ask("Weather in Nowhere?"))
scenario("two-turns", lambda: ask("Weather in Paris?", "How do I get there?"))
streaming = RunConfig(streaming_mode=StreamingMode.SSE)
scenario("streaming", lambda: ask("Weather in Paris?", run_config=streaming))
agent.model = "gemini-down"
scenario("exception", lambda: ask("Weather in Paris?"))
