import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SocketServer } from "../../lib/pod/socket_server.ts";
import type { TurnSink } from "../../lib/engine/mod.ts";
import { respond, say, ScriptedEngine, type TurnScript } from "./_scripted_engine.ts";
import { TestJournal } from "./_journal.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod } from "./_test_pod.ts";

/** A turn that does what the test tells it to. */
class Puppet {
  readonly #sink = Promise.withResolvers<TurnSink>();
  readonly #end = Promise.withResolvers<void>();

  readonly script: TurnScript = async (_turn, sink) => {
    this.#sink.resolve(sink);
    await this.#end.promise;
    return { kind: "finished" };
  };

  get sink(): Promise<TurnSink> {
    return this.#sink.promise;
  }

  end(): void {
    this.#end.resolve();
  }
}

/** More than any socket buffer takes. */
const LARGE = "x".repeat(1024 * 1024);

/** Says so much that a client that does not read has to be left behind. */
function fill(sink: TurnSink, megabytes = 8): void {
  for (let count = 0; count < megabytes; count++) {
    sink.emit({ event: "text_delta", data: { text: LARGE } });
  }
}

Deno.test("Connection P7: a client that stops reading delays nobody, and starts over when it reads", async () => {
  const puppet = new Puppet();
  await using pod = await TestPod.start(new ScriptedEngine(puppet.script), {
    limits: { clientQueueBytes: 3 * 1024 * 1024 },
  });
  await using sleeper = await RawClient.connect(pod.handle.socketPath);
  await using reader = await RawClient.connect(pod.handle.socketPath);
  await Promise.all([sleeper.until("snapshot"), reader.until("snapshot")]);
  pod.handle.alert("warn", "pod", "one");
  await pod.run();
  const sink = await puppet.sink;
  await reader.until("user_message");
  for (let count = 0; count < 8; count++) {
    sink.emit({ event: "text_delta", data: { text: LARGE } });
    await reader.until("text_delta");
  }
  pod.handle.alert("warn", "pod", "two");
  respond(sink, "done");
  puppet.end();
  await reader.until("run_end");

  const late = await sleeper.until("snapshot");
  const snapshot = late.at(-1);
  assert(snapshot?.event === "snapshot");
  assertEquals(snapshot.data.status, "idle");
  const kinds = snapshot.data.entries.map((entry) => (entry as { kind: string }).kind);
  assertEquals(kinds.at(-1), "run_completed");
  const alerts = late.flatMap((event) => event.event === "alert" ? [event.data.message] : []);
  assertEquals(alerts, ["one", "two"]);
  await sleeper.ping();
  pod.handle.alert("warn", "pod", "three");
  assertEquals((await sleeper.until("alert")).length, 1);
});

Deno.test("Connection P7: a client that is behind when the Pod leaves is still told the end", async () => {
  const puppet = new Puppet();
  await using pod = await TestPod.start(new ScriptedEngine(puppet.script), {
    limits: { clientQueueBytes: 3 * 1024 * 1024, flushMs: 10_000 },
  });
  await using sleeper = await RawClient.connect(pod.handle.socketPath);
  await sleeper.until("snapshot");
  await pod.run();
  const sink = await puppet.sink;
  // The first piece keeps the sleeper's writer busy, the others leave it behind.
  fill(sink, 1);
  await pod.events.next("text_delta");
  fill(sink);
  puppet.end();
  await pod.send({ method: "shutdown" });
  await pod.events.ended;
  const events = await sleeper.rest();
  assertEquals(events.slice(-2).map((event) => event.event), ["snapshot", "shutdown"]);
});

Deno.test("Connection P7: a client that its own answers leave behind hears nothing live before it starts over", async () => {
  const puppet = new Puppet();
  await using pod = await TestPod.start(new ScriptedEngine(puppet.script), {
    limits: { clientQueueBytes: 64 * 1024 },
  });
  await using flood = await RawClient.connect(pod.handle.socketPath);
  await flood.until("snapshot");
  await pod.runUntil("user_message");
  const sink = await puppet.sink;
  // The first piece keeps the writer busy, the second one waits and is dropped by the answers.
  fill(sink, 1);
  await pod.events.next("text_delta");
  sink.emit({ event: "text_delta", data: { text: "dropped" } });
  await flood.write("{oops}\n".repeat(10_000));
  await flood.send({ method: "resume", id: "behind the flood" });
  await pod.events.until((event) => event.id === "behind the flood");
  sink.emit({ event: "text_delta", data: { text: "live" } });
  let number: number | undefined;
  for (const { event, seq } of await flood.until("snapshot")) {
    if (seq === undefined) continue;
    if (event !== "snapshot" && number !== undefined) assertEquals(seq, number + 1);
    number = seq;
  }
  puppet.end();
  await pod.events.next("run_end");
});

Deno.test("Connection P7: a client that never reads is closed; the others and the log hear of it", async () => {
  const puppet = new Puppet();
  await using pod = await TestPod.start(new ScriptedEngine(puppet.script), {
    limits: { clientQueueBytes: 3 * 1024 * 1024, writeMs: 20 },
  });
  await using sleeper = await RawClient.connect(pod.handle.socketPath);
  await pod.run();
  fill(await puppet.sink);
  const alert = await pod.events.next("alert");
  assertStringIncludes(alert.data.message, "took no bytes");
  assertStringIncludes(pod.developerLog(), "took no bytes");
  puppet.end();
  await pod.events.settled();
  let end: unknown = "end of stream";
  try {
    await sleeper.rest();
  } catch (error) {
    end = error;
  }
  assert(end === "end of stream" || end instanceof Error);
});

Deno.test("Connection P7: a slow client is not taken for one that never reads", async () => {
  const puppet = new Puppet();
  await using pod = await TestPod.start(new ScriptedEngine(puppet.script), {
    limits: { writeMs: 500 },
  });
  await using slow = await RawClient.connect(pod.handle.socketPath);
  await slow.until("snapshot");
  await pod.run();
  const sink = await puppet.sink;
  sink.emit({ event: "text_delta", data: { text: LARGE } });
  let reads = 0;
  const buffer = new Uint8Array(64 * 1024);
  for (let size = 0; size < LARGE.length;) {
    size += await slow.socket.read(buffer) ?? LARGE.length;
    reads++;
    // Slower in all than the limit of one write, but each write gets on.
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert(reads * 40 > 500);
  assertEquals(pod.developerLog(), "");
  puppet.end();
  await pod.events.next("run_end");
});

Deno.test("Connection P2, W8: a client whose reading half is gone is still heard to its end", async () => {
  const puppet = new Puppet();
  await using pod = await TestPod.start(new ScriptedEngine(puppet.script, say("noted")));
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await pod.run();
  fill(await puppet.sink, 2);
  await client.send({ method: "notify", params: { message: "heard" } });
  client.close();
  puppet.end();
  const item = await pod.events.next("system_item");
  assertEquals((item.data.item as { message: string }).message, "heard");
  await pod.events.settled();
});

Deno.test("Connection takes a last line without a line feed", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")));
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await client.write('{"method":"notify","params":{"message":"last"}}');
  await client.endWriting();
  await pod.events.next("system_item");
  await pod.events.settled();
  await client.rest();
});

Deno.test("Connection P15: a client that sends without reading is served, and bounded", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(), {
    limits: { clientQueueBytes: 64 * 1024, writeMs: 10_000, flushMs: 10 },
  });
  await using flood = await RawClient.connect(pod.handle.socketPath);
  const garbage = "{oops}\n".repeat(10_000);
  for (let count = 0; count < 3; count++) await flood.write(garbage);
  await flood.send({ method: "notify", params: { message: "in the end", auto_run: false } });
  await flood.send({ method: "compact" });
  await pod.events.next("alert");
});

Deno.test("SocketServer.listen() P14: a failed accept is noted, and the next client is served", async () => {
  await using test = await TestJournal.open();
  const path = `${test.folder}/sock`;
  const noted: unknown[] = [];
  const listen = Deno.listen;
  let server: SocketServer;
  try {
    Deno.listen = ((options: Parameters<typeof listen>[0]) => {
      const listener = listen(options);
      const accept = listener.accept.bind(listener);
      let failures = 2;
      listener.accept = () =>
        failures-- > 0 ? Promise.reject(new Error("Too many open files")) : accept();
      return listener;
    }) as typeof Deno.listen;
    server = SocketServer.listen(path, {
      journal: test.journal,
      dispatch: () => {},
      complete: () => Promise.resolve([]),
      onAcceptError: (error) => noted.push(error),
      acceptPauseMs: 1,
    });
  } finally {
    Deno.listen = listen;
  }
  await using _server = server;
  await using client = await RawClient.connect(path);
  await client.until("snapshot");
  assertEquals(noted.length, 2);
  assertEquals(server.connectionCount, 1);
  client.close();
});

Deno.test("SocketServer contains a connection that fails", async () => {
  await using test = await TestJournal.open();
  const failed = Promise.withResolvers<unknown>();
  await using server = SocketServer.listen(`${test.folder}/sock`, {
    journal: test.journal,
    dispatch: () => {
      throw new Error("no controller");
    },
    complete: () => Promise.resolve([]),
    onAcceptError: () => {},
    onFailure: failed.resolve,
  });
  await using client = await RawClient.connect(`${test.folder}/sock`);
  await client.until("snapshot");
  await client.send({ method: "pause" });
  assertStringIncludes(`${await failed.promise}`, "no controller");
  await client.rest();
  await using second = await RawClient.connect(`${test.folder}/sock`);
  await second.until("snapshot");
  second.close();
  assert(server.connectionCount <= 1);
});

Deno.test("PodController leaves no descriptor behind, whatever clients do", async () => {
  await using pod = await TestPod.start(new ScriptedEngine());
  const path = pod.handle.socketPath;
  const visits: ((client: RawClient) => Promise<unknown>)[] = [
    () => Promise.resolve(),
    (client) => client.until("snapshot"),
    (client) => client.write('{"method":"no'),
    (client) => client.write("garbage\n\n{}\n"),
    async (client) => {
      await client.until("snapshot");
      await client.ping();
      await client.endWriting();
      await client.rest();
    },
  ];
  const visit = async (count: number) => {
    for (let number = 0; number < count; number++) {
      const client = await RawClient.connect(path);
      await visits[number % visits.length]!(client);
      client.close();
    }
    // The Pod has let go of earlier clients when it serves a later one that waits for its own end.
    await using last = await RawClient.connect(path);
    await last.until("snapshot");
    await last.endWriting();
    await last.rest();
  };
  await visit(20);
  const before = await settledDescriptors();
  await visit(1_000);
  assertEquals(await settledDescriptors(), before);
});

/** The number of open descriptors when it stays the same over turns of the event loop. */
async function settledDescriptors(): Promise<number> {
  const count = () => [...Deno.readDirSync("/proc/self/fd")].length;
  let lowest = count();
  for (let quiet = 0; quiet < 20;) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const now = count();
    quiet = now < lowest ? 0 : quiet + 1;
    lowest = Math.min(lowest, now);
  }
  return lowest;
}
