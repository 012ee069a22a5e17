"""Drives the kernel as Jupyter programs do and prints one JSON object of what was seen."""
import json
import sys
import time

from jupyter_client.manager import start_new_kernel

seen = {}
manager, client = start_new_kernel(kernel_name=".net-csharp", cwd=sys.argv[1])
seen["info"] = manager.kernel_spec.language


def run(code, **options):
    messages = []
    reply = client.execute_interactive(code, timeout=60, output_hook=messages.append, **options)
    return reply["content"], [(m["msg_type"], m["content"]) for m in messages]


def ask(function, *arguments, **options):
    return function(*arguments, **options, reply=True, timeout=60)["content"]


def parts(messages, kind):
    return [content for name, content in messages if name == kind]


def reply_to(message_id):
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message_id:
            return reply["content"]


reply, messages = run('Console.WriteLine("out"); Console.Error.WriteLine("err"); var x = 41; x + 1')
seen["execute"] = {
    "status": reply["status"], "count": reply["execution_count"],
    "states": [c["execution_state"] for c in parts(messages, "status")],
    "input": parts(messages, "execute_input")[0]["code"][:7],
    "stdout": "".join(c["text"] for c in parts(messages, "stream") if c["name"] == "stdout"),
    "stderr": "".join(c["text"] for c in parts(messages, "stream") if c["name"] == "stderr"),
    "result": parts(messages, "execute_result")[0]["data"]["text/plain"],
}
reply, messages = run('display(HTML("<b>x</b>")); new[] { new { A = 1 } }.Display();')
seen["display"] = [sorted(c["data"]) for c in parts(messages, "display_data")]
reply, messages = run("x.Nope()")
seen["error"] = {"status": reply["status"], "ename": reply["ename"], "iopub": parts(messages, "error")[0]["ename"]}
reply, messages = run("x = 50; Console.WriteLine(1); x", silent=True)
seen["silent"] = {"count": reply["execution_count"], "types": sorted({name for name, _ in messages})}
reply, messages = run("x", store_history=False)
seen["unstored"] = {"count": reply["execution_count"], "result": parts(messages, "execute_result")[0]["data"]["text/plain"]}

first = client.execute("while (!System.IO.File.Exists(\"go\")) await Task.Delay(10); throw new Exception(\"stop\");")
second = client.execute("1")
ask(client.comm_info)  # the second one has come, too, when this is answered
open(sys.argv[1] + "/go", "w").close()
seen["aborted"] = [reply_to(first)["status"], reply_to(second)["status"]]

completion = ask(client.complete, "var 한국어 = \"😀\"; Console.Wri")
seen["complete"] = {"matches": completion["matches"], "start": completion["cursor_start"], "end": completion["cursor_end"]}
seen["member"] = "CompareTo" in ask(client.complete, "x.")["matches"]
seen["hover"] = ask(client.inspect, "x", 1)["data"]["text/plain"]
call = ask(client.inspect, "Math.Max(", 9)["data"]
seen["call"] = ["val1 (" in call["text/plain"], call["text/markdown"].startswith("```csharp")]
seen["is_complete"] = [reply_to(client.is_complete(code))["status"] for code in ("1 + 1", "for (int i = 0; i < 3; i++) {")]
seen["history"] = [item[2] for item in ask(client.history, hist_access_type="tail", n=1)["history"]]
seen["comms"] = ask(client.comm_info)["comms"]
message = client.session.msg("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
client.shell_channel.send(message)
while True:
    answer = client.get_iopub_msg(timeout=60)
    if answer["msg_type"] == "comm_close":
        seen["comm_close"] = answer["content"]["comm_id"]
        break


def interrupt(code, times):
    started = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == started:
            break
    for _ in range(times):
        manager.interrupt_kernel()
        time.sleep(0.2)
    return reply_to(started)["ename"]


seen["interrupt"] = interrupt('Console.WriteLine("go"); await Task.Delay(-1, Cancellation);', 1)
seen["kept"] = parts(run("x")[1], "execute_result")[0]["data"]["text/plain"]
seen["heartbeat"] = client.is_alive()
seen["hard_interrupt"] = interrupt('Console.WriteLine("go"); await Task.Delay(100); while (true) { }', 2)
seen["after"] = parts(run("6 * 7")[1], "execute_result")[0]["data"]["text/plain"]
seen["died"] = run("Environment.Exit(0);")[0]["ename"]
seen["again"] = parts(run("6 * 7")[1], "execute_result")[0]["data"]["text/plain"]
manager.restart_kernel()
client.wait_for_ready(timeout=60)
seen["restarted"] = run("1")[0]["execution_count"]
client.stop_channels()
manager.shutdown_kernel()
seen["down"] = not manager.is_alive()
print(json.dumps(seen))
