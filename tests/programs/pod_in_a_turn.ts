// A Pod whose one turn answers in pieces and never ends: its parent kills it somewhere in between.
// Arguments: the root folder and, to go on in a session, its id and that of the segment.
import { PodController } from "../../lib/pod/mod.ts";
import type { Turn, TurnOutcome, TurnSink } from "../../lib/engine/mod.ts";
import { textMessage } from "../../lib/session/mod.ts";

const [root, sessionId, segmentId] = Deno.args;

async function runTurn(turn: Turn, sink: TurnSink): Promise<TurnOutcome> {
  for (let number = 0; !turn.signal.aborted; number++) {
    const id = `call-${number}`;
    sink.emit({ event: "turn_start", data: { turn: sink.turnCount } });
    sink.takeNotes();
    sink.emit({ event: "text_delta", data: { text: `text ${number}` } });
    sink.commit({ kind: "assistant_item", item: textMessage("assistant", `text ${number}`) });
    sink.emit({ event: "turn_end", data: { turn: sink.turnCount, result: "finished" } });
    sink.commit({
      kind: "assistant_item",
      item: { kind: "tool_call", call_id: id, name: "Count", arguments: "{}" },
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    sink.commit({
      kind: "tool_result",
      item: { kind: "tool_result", call_id: id, summary: `result ${number}` },
    });
  }
  return { kind: "aborted" };
}

await using pod = await PodController.start({
  describe: () => ({ provider: "unknown", model: "counter", tools: ["Count"], contextWindow: 0 }),
  runTurn,
}, {
  name: "agent",
  runtimeRoot: `${root}/run`,
  sessionsRoot: `${root}/sessions`,
  ...(sessionId && segmentId ? { restore: { sessionId, segmentId } } : {}),
});
await Deno.stdout.write(new TextEncoder().encode(`${pod.socketPath}\n`));
await pod.done;
