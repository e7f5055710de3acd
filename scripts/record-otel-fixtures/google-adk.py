from google.adk.agents import Agent, RunConfig
from google.adk.agents.run_config import StreamingMode
from google.adk.models import BaseLlm, LLMRegistry, LlmResponse
from google.adk.runners import InMemoryRunner
from google.adk.telemetry.setup import maybe_set_otel_providers
from google.genai import types
from recording import scenario

maybe_set_otel_providers()


class FakeGemini(BaseLlm):
    """Answers from the conversation alone."""

    @classmethod
    def supported_models(cls):
        return ["gemini-.*"]

    async def generate_content_async(self, llm_request, stream=False):
        if self.model == "gemini-down":
            raise RuntimeError("The model is down.")
        last = llm_request.contents[-1].parts[-1]
        usage = types.GenerateContentResponseUsageMetadata(
            prompt_token_count=10, candidates_token_count=5, total_token_count=15
        )
        if stream:
            for text in ["It rains ", "in Paris."]:
                yield LlmResponse(content=model_says(text), partial=True)
        if last.function_response is None and last.text.startswith("Weather in") and not stream:
            city = last.text.removeprefix("Weather in ").removesuffix("?")
            call = types.FunctionCall(id="call_1", name="get_weather", args={"city": city})
            content = types.Content(role="model", parts=[types.Part(function_call=call)])
        elif last.function_response is not None and "error" in last.function_response.response:
            content = model_says("I do not know that city.")
        else:
            content = model_says("Take the train." if last.text == "How do I get there?" else "It rains in Paris.")
        yield LlmResponse(content=content, usage_metadata=usage, partial=False)


def model_says(text):
    return types.Content(role="model", parts=[types.Part(text=text)])


LLMRegistry.register(FakeGemini)


def get_weather(city: str) -> dict:
    """The weather of a city."""
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


def explain(tool, args, tool_context, error):
    return {"error": str(error)}


def support_agent(model="gemini-3.5-flash"):
    return Agent(
        name="support_agent",
        model=model,
        instruction="Be brief.",
        tools=[get_weather],
        on_tool_error_callback=explain,
    )


async def ask(questions, agent=None, **options):
    runner = InMemoryRunner(agent or support_agent())
    session = await runner.session_service.create_session(app_name=runner.app_name, user_id="42", session_id="s-1")
    for question in questions:
        message = types.Content(role="user", parts=[types.Part(text=question)])
        async for _ in runner.run_async(
            user_id=session.user_id, session_id=session.id, new_message=message, **options
        ):
            pass


scenario("tool", lambda: ask(["Weather in Paris?"]))
scenario("tool-error", lambda: ask(["Weather in Nowhere?"]))
scenario("two-turns", lambda: ask(["Weather in Paris?", "How do I get there?"]))
streaming = RunConfig(streaming_mode=StreamingMode.SSE)
scenario("streaming", lambda: ask(["Weather in Paris?"], run_config=streaming))
scenario("exception", lambda: ask(["Weather in Paris?"], support_agent("gemini-down")))
