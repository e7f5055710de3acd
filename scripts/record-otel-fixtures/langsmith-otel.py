from langchain.agents.middleware import wrap_tool_call
from langchain.messages import ToolMessage
from langsmith.run_trees import get_cached_client
from recording import scenario

from langchain.agents import create_agent
from langchain.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver


@tool
def get_weather(city: str) -> dict:
    """The weather of a city."""
    if city == "Nowhere":
        raise ValueError("No such city.")
    return {"sky": "rainy"}


@wrap_tool_call
def explain(request, handler):
    try:
        return handler(request)
    except ValueError as error:
        return ToolMessage(str(error), tool_call_id=request.tool_call["id"], status="error")


def support_agent(model="gpt-5.4-mini", tools=(get_weather,)):
    return create_agent(
        ChatOpenAI(model=model),
        tools=list(tools),
        system_prompt="Be brief.",
        name="support-agent",
        middleware=[explain],
        checkpointer=InMemorySaver(),
    )


config = {
    "configurable": {"thread_id": "s-1"},
    "metadata": {"session_id": "s-1", "user_id": 42},
    "tags": ["beta"],
}


def asks(question):
    return {"messages": [{"role": "user", "content": question}]}


def ask(*questions, agent=None):
    agent = agent or support_agent()
    try:
        for question in questions:
            agent.invoke(asks(question), config)
    finally:
        get_cached_client().flush()


def stream():
    for _ in support_agent(tools=()).stream(asks("Weather in Paris?"), config, stream_mode="messages"):
        pass
    get_cached_client().flush()


scenario("tool", lambda: ask("Weather in Paris?"))
scenario("tool-error", lambda: ask("Weather in Nowhere?"))
scenario("two-turns", lambda: ask("Weather in Paris?", "How do I get there?"))
scenario("streaming", stream)
scenario("exception", lambda: ask("Weather in Paris?", agent=support_agent("down-1")))
