from google.adk.models import BaseLlm, LLMRegistry, LlmResponse
from google.genai import types


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
