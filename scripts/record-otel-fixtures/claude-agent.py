from recording import scenario

from claude_agent_sdk import ClaudeAgentOptions, ClaudeSDKClient, create_sdk_mcp_server, tool


@tool("get_weather", "The weather of a city.", {"city": str})
async def get_weather(args):
    if args["city"] == "Nowhere":
        raise ValueError("No such city.")
    return {"content": [{"type": "text", "text": '{"sky": "rainy"}'}]}


def options(model="claude-haiku-4-5", **others):
    return ClaudeAgentOptions(
        system_prompt="Be brief.",
        model=model,
        mcp_servers={"weather": create_sdk_mcp_server("weather", tools=[get_weather])},
        allowed_tools=["mcp__weather__get_weather"],
        tools=[],
        setting_sources=[],
        **others,
    )


async def ask(*questions, **others):
    async with ClaudeSDKClient(options(**others)) as client:
        for question in questions:
            await client.query(question)
            async for _ in client.receive_response():
                pass


scenario("tool", lambda: ask("Weather in Paris?"))
scenario("tool-error", lambda: ask("Weather in Nowhere?"))
scenario("two-turns", lambda: ask("Weather in Paris?", "How do I get there?"))
scenario("streaming", lambda: ask("Is it raining?", include_partial_messages=True))
scenario("exception", lambda: ask("Weather in Paris?", model="down-1"))
