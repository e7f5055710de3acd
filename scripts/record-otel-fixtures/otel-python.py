from recording import scenario

import json

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("support-agent")


def get_weather(city):
    attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather"}
    with tracer.start_as_current_span("execute_tool get_weather", attributes=attributes) as span:
        span.set_attribute("gen_ai.tool.call.arguments", json.dumps({"city": city}))
        if city == "Nowhere":
            raise ValueError("No such city.")
        result = {"sky": "rainy"}
        span.set_attribute("gen_ai.tool.call.result", json.dumps(result))
        return result


def chat(messages, answer):
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5.4-mini"}
    with tracer.start_as_current_span("chat gpt-5.4-mini", attributes=attributes) as span:
        span.set_attribute("gen_ai.input.messages", json.dumps(messages))
        message = answer(span)
        span.set_attribute("gen_ai.output.messages", json.dumps([message]))
        span.set_attributes({"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5})
        return message


def answer(question, *answers, history=()):
    asked = {"role": "user", "parts": [{"type": "text", "content": question}]}
    messages = [{"role": "system", "parts": [{"type": "text", "content": "Be brief."}]}, *history, asked]
    attributes = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "support-agent",
        "gen_ai.conversation.id": "s-1",
        "user.id": "42",
    }
    with tracer.start_as_current_span("invoke_agent support-agent", attributes=attributes) as span:
        span.set_attribute("gen_ai.input.messages", json.dumps(messages))
        for each in answers:
            message = chat(messages, each)
            messages.append(message)
            for part in message["parts"]:
                if part["type"] == "tool_call":
                    messages.append(result_of(part))
        span.set_attribute("gen_ai.output.messages", json.dumps([message]))


def result_of(call):
    try:
        response = get_weather(**call["arguments"])
    except ValueError as error:
        response = str(error)
    part = {"type": "tool_call_response", "id": call["id"], "response": response}
    return {"role": "tool", "parts": [part]}


def says(text):
    return lambda span: {"role": "assistant", "parts": [{"type": "text", "content": text}]}


def calls(city):
    call = {"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": {"city": city}}
    return lambda span: {"role": "assistant", "parts": [call]}


def streams(text):
    def answer_of(span):
        span.set_attribute("gen_ai.response.time_to_first_chunk", 0.000001)
        return says(text)(span)

    return answer_of


def is_down(span):
    raise RuntimeError("The model is down.")


def two_turns():
    answer("Weather in Paris?", says("It rains in Paris."))
    first = {"role": "user", "parts": [{"type": "text", "content": "Weather in Paris?"}]}
    answer("How do I get there?", says("Take the train."), history=[first, says("It rains in Paris.")(None)])


scenario("tool", lambda: answer("Weather in Paris?", calls("Paris"), says("It rains in Paris.")))
scenario("tool-error", lambda: answer("Weather in Nowhere?", calls("Nowhere"), says("I do not know that city.")))
scenario("two-turns", two_turns)
scenario("streaming", lambda: answer("Weather in Paris?", streams("It rains in Paris.")))
scenario("exception", lambda: answer("Weather in Paris?", is_down))
