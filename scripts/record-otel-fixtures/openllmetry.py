from recording import scenario

import json

from openai import OpenAI
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import tool, workflow

Traceloop.init(app_name="fixtures")

openai = OpenAI()


@tool(name="get_weather")
def get_weather(city: str) -> dict:
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


tools = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather of a city.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]


model = "gpt-5.4-mini"
messages = [{"role": "system", "content": "Be brief."}]


@workflow(name="support-agent")
def answer(question: str) -> str:
    Traceloop.set_association_properties({"session_id": "s-1", "user_id": "42"})
    messages.append({"role": "user", "content": question})
    while True:
        completion = openai.chat.completions.create(model=model, messages=messages, tools=tools)
        message = completion.choices[0].message
        messages.append(message)
        if message.tool_calls is None:
            return message.content
        for call in message.tool_calls:
            try:
                result = get_weather(**json.loads(call.function.arguments))
            except ValueError as error:
                result = str(error)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})


@workflow(name="support-agent")
def stream(question: str) -> str:
    Traceloop.set_association_properties({"session_id": "s-1", "user_id": "42"})
    messages.append({"role": "user", "content": question})
    chunks = openai.chat.completions.create(
        model=model, messages=messages, stream=True, stream_options={"include_usage": True}
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def ask(*questions, respond=answer):
    del messages[1:]
    for question in questions:
        respond(question)


scenario("tool", lambda: ask("Weather in Paris?"))
scenario("tool-error", lambda: ask("Weather in Nowhere?"))
scenario("two-turns", lambda: ask("Weather in Paris?", "How do I get there?"))
scenario("streaming", lambda: ask("Weather in Paris?", respond=stream))
model = "down-1"
scenario("exception", lambda: ask("Weather in Paris?"))
