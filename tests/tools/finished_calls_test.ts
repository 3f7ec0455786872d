import { assertEquals, assertRejects } from "@std/assert";
import type { Tool, ToolContext } from "../../lib/engine/tool.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { finishingCalls } from "../../lib/tools/_finished_calls.ts";
import { createTicketTools } from "../../lib/tools/ticket_tools.ts";

/** A tool that says how often it was called, and whose calls end when the test says so. */
function slowTool() {
  const ends: PromiseWithResolvers<void>[] = [];
  const tool: Tool = {
    name: "Slow",
    description: "Takes its time.",
    inputSchema: { type: "object" },
    async execute() {
      const end = Promise.withResolvers<void>();
      const number = ends.push(end);
      await end.promise;
      return { summary: `call ${number}` };
    },
  };
  return { tool: finishingCalls(tool), ends };
}

function context(batch: number, signal: AbortSignal, callId = "call-1"): ToolContext {
  return { callId, batchId: `tool-batch-${batch}`, index: 0, signal };
}

const live = () => new AbortController().signal;

Deno.test("finishingCalls() gives a call that ended after its abort the result that is there", async () => {
  const { tool, ends } = slowTool();
  const abort = new AbortController();
  const first = tool.execute({ a: 1 }, context(1, abort.signal));
  abort.abort();
  // It is made again while it still runs, paused again, and made a third time when it is done.
  const again = tool.execute({ a: 1 }, context(2, abort.signal));
  ends[0]!.resolve();
  assertEquals((await first).summary, "call 1");
  assertEquals((await again).summary, "call 1");
  assertEquals((await tool.execute({ a: 1 }, context(3, live()))).summary, "call 1");
  assertEquals(ends.length, 1);
});

Deno.test("finishingCalls() makes every other call", async () => {
  const { tool, ends } = slowTool();
  const run = async (input: Record<string, unknown>, its: ToolContext) => {
    const work = tool.execute(input, its);
    ends.at(-1)!.resolve();
    return (await work).summary;
  };
  // A result that was taken is nobody else's, in whatever batch.
  assertEquals(await run({}, context(1, live())), "call 1");
  assertEquals(await run({}, context(2, live())), "call 2");
  const aborted = AbortSignal.abort();
  assertEquals(await run({}, context(3, aborted)), "call 3");
  assertEquals(await run({ a: 1 }, context(4, live())), "call 4");
  assertEquals(await run({}, context(4, live(), "call-2")), "call 5");
  assertEquals(await run({}, context(4, live())), "call 3");
  assertEquals(await run({}, context(5, live())), "call 6");
  // What the batch right after it did not ask for is forgotten.
  assertEquals(await run({}, context(6, aborted)), "call 7");
  assertEquals(await run({}, context(7, live(), "call-2")), "call 8");
  assertEquals(await run({}, context(8, live())), "call 9");
});

Deno.test("finishingCalls() makes a call again that was ended before it did anything", async () => {
  const { tool, ends } = slowTool();
  const abort = new AbortController();
  const first = tool.execute({}, context(1, abort.signal));
  abort.abort();
  ends[0]!.reject(abort.signal.reason);
  await assertRejects(() => first, DOMException);
  const again = tool.execute({}, context(2, live()));
  // Its first try is looked at before the second one begins.
  while (ends.length < 2) await Promise.resolve();
  ends[1]!.resolve();
  assertEquals((await again).summary, "call 2");
});

Deno.test("createTicketTools(): a call whose turn is paused while it writes is written once", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-tickets-" });
  try {
    let pause: AbortController;
    const store = TicketStore.open(root, {
      author: "dana",
      durable: false,
      onWrite: () => pause.abort(),
    });
    const tools = createTicketTools({ store, access: "lifecycle" });
    let batch = 0;
    /** Makes a call whose turn is paused at its first write, and makes it again in the next batch. */
    const callTwice = async (name: string, input: Record<string, unknown>) => {
      const tool = tools.find((one) => one.name === name)!;
      pause = new AbortController();
      const first = await tool.execute(input, context(++batch, pause.signal));
      assertEquals(pause.signal.aborted, true);
      assertEquals(await tool.execute(input, context(++batch, live())), first);
      return JSON.parse(first.content!);
    };
    const { id: ticket } = await callTwice("TicketCreate", { title: "Cache the index" });
    await callTwice("TicketComment", { ticket, role: "comment", body: "once" });
    await callTwice("TicketIntakeReady", { ticket, intake_summary: "s" });
    assertEquals((await store.list()).total, 1);
    assertEquals((await store.show(ticket)).events.map(({ kind }) => kind), [
      "create",
      "comment",
      "intake_summary",
      "state_changed",
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
