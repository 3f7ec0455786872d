import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ClientQueue } from "../../lib/pod/client_queue.ts";
import { Journal } from "../../lib/pod/journal.ts";
import type { Event } from "../../lib/protocol/mod.ts";
import {
  replaySegment,
  type SegmentLog,
  SessionError,
  textMessage,
  type UnstampedEntry,
} from "../../lib/session/mod.ts";
import { linesOf, takeAll, TestJournal } from "./_journal.ts";

Deno.test("Journal.commit() sink_partition: which entries are told, and all are in the mirror", async () => {
  await using test = await TestJournal.open();
  const { journal } = test;
  const live = test.attach();
  takeAll(live);
  const entries: UnstampedEntry[] = [
    { kind: "invoke", trigger: "user_send" },
    { kind: "user_input", segments: [{ kind: "text", content: "hi" }] },
    { kind: "system_item", item: { kind: "notification", message: "m", body: "b" } },
    { kind: "assistant_item", item: textMessage("assistant", "hello") },
    {
      kind: "tool_result",
      item: { kind: "tool_result", call_id: "c", summary: "s", content: "long", is_error: true },
    },
    { kind: "turn_end", turn_count: 1 },
    { kind: "extension", domain: "d", payload: { a: 1 } },
    { kind: "run_completed", interrupted: false, result: "finished" },
  ];
  for (const entry of entries) journal.commit(entry);
  assertEquals(takeAll(live), [
    { event: "invoke_start", data: { kind: "user_send" }, seq: 1 },
    { event: "user_message", data: { segments: [{ kind: "text", content: "hi" }] }, seq: 2 },
    {
      event: "system_item",
      data: { item: { kind: "notification", message: "m", body: "b" } },
      seq: 3,
    },
    {
      event: "tool_result",
      data: { id: "c", summary: "s", output: "long", is_error: true },
      seq: 4,
    },
  ]);
  const late = takeAll(test.attach())[0];
  assert(late?.event === "snapshot");
  const kinds = late.data.entries.map((entry) => (entry as { kind: string }).kind);
  assertEquals(kinds, ["segment_start", ...entries.map((entry) => entry.kind)]);
  assertEquals(linesOf(test.log.path), [...journal.texts]);
});

Deno.test("Journal.commit() mirrors and tells nothing that the log did not take", async () => {
  await using test = await TestJournal.open();
  const { journal, log } = test;
  const live = test.attach();
  takeAll(live);
  const texts = [...journal.texts];
  {
    using _broken = breakAppend(log);
    assertThrows(
      () => journal.commit({ kind: "invoke", trigger: "user_send" }),
      SessionError,
      "disk full",
    );
  }
  assertEquals(takeAll(live), []);
  assertEquals(journal.texts, texts);
  assertEquals(journal.state.runOpen, false);
  journal.commit({ kind: "invoke", trigger: "user_send" });
  assertEquals(takeAll(live).map((event) => event.event), ["invoke_start"]);
});

Deno.test("Journal.commit() refuses what no reader could read back", async () => {
  await using test = await TestJournal.open();
  const { journal } = test;
  assertThrows(() => journal.commit({ kind: "turn_end", turn_count: -1 }));
  assertThrows(() => journal.commit({ kind: "turn_end", turn_count: 1.5 }));
  assertEquals(journal.texts.length, 1);
  assertEquals((await replaySegment(test.log.path)).entryCount, 1);
});

Deno.test("Journal.commit() P23: keeps what this version does not know, in the log and live", async () => {
  await using test = await TestJournal.open();
  const live = test.attach();
  takeAll(live);
  const segment = { kind: "drawing", strokes: [1, 2] };
  test.journal.commit({ kind: "user_input", segments: [segment as never] });
  const [event] = takeAll(live);
  assertEquals(event, { event: "user_message", data: { segments: [segment as never] }, seq: 1 });
  assertEquals(JSON.parse(linesOf(test.log.path)[1]!).segments, [segment]);
});

Deno.test("Journal P21: encodes events and snapshots once, clients share the bytes", async () => {
  await using test = await TestJournal.open();
  const queues = [test.attach(), test.attach()];
  const snapshots = queues.map((queue) => queue.take());
  assert(snapshots[0]);
  assertStrictEquals(snapshots[0], snapshots[1]);
  test.journal.emit({ event: "text_delta", data: { text: "hello" } });
  const lines = queues.map((queue) => queue.take());
  assert(lines[0]);
  assertStrictEquals(lines[0], lines[1]);
  test.journal.alert("warn", "pod", "look out");
  const alerts = queues.map((queue) => queue.take());
  assert(alerts[0]);
  assertStrictEquals(alerts[0], alerts[1]);
});

Deno.test("Journal.attach() sink_partition: snapshot plus later events are the log, wherever it is", async () => {
  const operation = fc.constantFrom("commit", "mirror", "emit", "alert", "attach", "take");
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (operations) => {
      await using test = await TestJournal.open();
      const clients: { queue: ClientQueue; events: Event[] }[] = [];
      let number = 0;
      for (const name of operations) {
        number++;
        if (name === "commit") {
          test.journal.commit({ kind: "user_input", segments: [textOf(number)] });
        } else if (name === "mirror") {
          test.journal.commit({ kind: "turn_end", turn_count: number });
        } else if (name === "emit") {
          test.journal.emit({ event: "turn_start", data: { turn: number } });
        } else if (name === "alert") test.journal.alert("warn", "pod", `${number}`);
        else if (name === "attach") clients.push({ queue: test.attach(), events: [] });
        else for (const client of clients) client.events.push(...takeAll(client.queue));
      }
      for (const { queue, events } of clients) {
        events.push(...takeAll(queue));
        assertEquals(inputsSeen(events), inputsIn(test.log));
        assertGapless(events);
      }
      const alerts = operations.filter((name) => name === "alert").length;
      for (const { events } of clients) {
        assertEquals(events.filter((event) => event.event === "alert").length, alerts);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("Journal.attach() P7, P8: a client that is behind starts over and misses nothing", async () => {
  const operation = fc.constantFrom("commit", "alert", "big", "take");
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 80 }), async (operations) => {
      await using test = await TestJournal.open();
      const { journal } = test;
      const queue = test.attach(400);
      const events: Event[] = [];
      let number = 0;
      const take = () => {
        if (queue.isBehind) journal.attach(queue);
        events.push(...takeAll(queue));
      };
      for (const name of operations) {
        number++;
        if (name === "commit") {
          journal.commit({ kind: "user_input", segments: [textOf(number)] });
        } else if (name === "alert") journal.alert("warn", "pod", `${number}`);
        else if (name === "big") {
          journal.emit({ event: "text_delta", data: { text: "x".repeat(150) } });
        } else take();
      }
      take();
      const last = events.findLastIndex((event) => event.event === "snapshot");
      assertEquals(inputsSeen(events.slice(last)), inputsIn(test.log));
      assertGapless(events.slice(last));
      const alerts = events.flatMap((event) => event.event === "alert" ? [event.data.message] : []);
      const raised = operations.flatMap((name, index) => name === "alert" ? [`${index + 1}`] : []);
      assertEquals(alerts, raised);
    }),
    { numRuns: 60 },
  );
});

Deno.test("Journal.attach() W36: a block is replayed until its entry is in the log, never both", async () => {
  await using test = await TestJournal.open();
  const { journal } = test;
  journal.emit({ event: "text_delta", data: { text: "hello" } });
  assertEquals(takeAll(test.attach()).slice(1), [
    { event: "text_delta", data: { text: "hello" } },
  ]);
  journal.commit({ kind: "assistant_item", item: textMessage("assistant", "hello") });
  const [snapshot, ...blocks] = takeAll(test.attach());
  assertEquals(blocks, []);
  assertEquals(snapshot?.event === "snapshot" && snapshot.data.entries.length, 2);
});

Deno.test("Journal.attach() after the end tells the state and that it is over", async () => {
  await using test = await TestJournal.open();
  const { journal } = test;
  const live = test.attach();
  const behind = test.attach(10);
  takeAll(behind);
  journal.emit({ event: "turn_start", data: { turn: 1 } });
  journal.emit({ event: "shutdown" });
  assert(behind.isBehind);
  journal.endAll();
  assertEquals(takeAll(live).map((event) => event.event), ["snapshot", "turn_start", "shutdown"]);
  assert(live.hasEnded);
  journal.attach(behind);
  assertEquals(takeAll(behind).map((event) => event.event), ["snapshot", "shutdown"]);
  assert(behind.hasEnded);
});

Deno.test("Journal.announceRewind() gives the entries of the mirror and the id of the Method", async () => {
  await using test = await TestJournal.open();
  const live = test.attach();
  takeAll(live);
  const summary = {
    truncated_to_entries: 1,
    discarded_entries: 2,
    tool_side_effect_warning: false,
  };
  test.journal.announceRewind([textOf(1)], summary, 'r"1');
  assertEquals(takeAll(live), [{
    event: "rewind_applied",
    data: {
      entries: test.journal.texts.map((text) => JSON.parse(text)),
      input: [textOf(1)],
      summary,
    },
    id: 'r"1',
    seq: 1,
  }]);
});

Deno.test("Journal snapshots hold no half letters, whatever the Pod says of itself", () => {
  const greeting = {
    pod_name: "agent",
    cwd: '/a\ud800","data":{"entries":[]',
    provider: "unknown",
    model: "none",
    scope_summary: "",
    tools: [],
    context_window: 0,
    context_tokens: 0,
  };
  const journal = new Journal({ greeting: () => greeting, status: () => "paused" });
  const queue = new ClientQueue();
  journal.attach(queue);
  const [event] = takeAll(queue);
  assert(event?.event === "snapshot");
  assertEquals(event.data.greeting.cwd, '/a\ufffd","data":{"entries":[]');
  assertEquals([event.data.entries, event.data.status], [[], "paused"]);
});

function textOf(number: number) {
  return { kind: "text" as const, content: `${number}` };
}

/** The submissions a client knows of: those of its snapshot and those it was told. */
function inputsSeen(events: readonly Event[]): string[] {
  return events.flatMap((event) => {
    if (event.event === "user_message") return [JSON.stringify(event.data.segments)];
    if (event.event !== "snapshot") return [];
    return event.data.entries.flatMap((entry) => inputOf(entry as Logged));
  });
}

function inputsIn(log: SegmentLog): string[] {
  return linesOf(log.path).flatMap((line) => inputOf(JSON.parse(line)));
}

interface Logged {
  kind: string;
  segments?: unknown;
}

function inputOf(entry: Logged): string[] {
  return entry.kind === "user_input" ? [JSON.stringify(entry.segments)] : [];
}

/** From the snapshot on, every published event has the next number. */
function assertGapless(events: readonly Event[]): void {
  const numbers = events.flatMap((event) => event.seq === undefined ? [] : [event.seq]);
  assertEquals(numbers, numbers.map((_, index) => numbers[0]! + index));
}

/** Makes appends to a log fail until the result is disposed. */
function breakAppend(log: SegmentLog): Disposable {
  const append = log.append;
  log.append = () => {
    throw new SessionError("write_failed", "disk full", { path: log.path });
  };
  return { [Symbol.dispose]: () => void (log.append = append) };
}
