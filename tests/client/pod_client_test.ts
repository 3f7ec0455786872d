import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { ClientError, type ClientErrorCode, PodClient } from "../../lib/client/mod.ts";
import { encodeEvent, type Event } from "../../lib/protocol/mod.ts";
import { delta, FakePod, shutdown, snapshot } from "./_fake_pod.ts";

async function assertFails(
  code: ClientErrorCode,
  call: () => Promise<unknown>,
  messageIncludes = "Cannot ",
): Promise<ClientError> {
  const error = await assertRejects(call, ClientError, messageIncludes);
  assertEquals(error.code, code);
  return error;
}

/** A client over streams in memory that are fed with text. */
function clientOf(chunks: string[], options: Parameters<typeof PodClient.from>[1] = {}): PodClient {
  const bytes = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
  return PodClient.from({ readable: bytes, writable: new WritableStream() }, options);
}

function lines(...events: Event[]): string {
  return events.map((event) => `${encodeEvent(event, { keepUnknown: true })}\n`).join("");
}

async function collect(client: PodClient): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of client) events.push(event);
  return events;
}

Deno.test("PodClient hands out the events of a Pod and sends it Methods", async () => {
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    assertEquals(await connection.read(), { method: "pause" });
    await connection.write(delta("ok"), shutdown);
  });
  await using client = await PodClient.connect(pod.path);
  assertEquals(client.status, undefined);
  assertEquals((await client.nextEvent())?.event, "snapshot");
  assertEquals([client.status, client.greeting?.pod_name], ["idle", "worker-1"]);
  await client.send({ method: "pause" });
  assertEquals(await client.nextEvent(), delta("ok"));
  assertEquals(await client.nextEvent(), shutdown);
  assertEquals(await client.nextEvent(), undefined);
  assertEquals(await client.closed, { reason: "ended" });
});

for (
  const [scenario, serve] of Object.entries<(socket: Deno.Conn) => Promise<void>>({
    "never reads and never writes": () => Promise.resolve(),
    "wrote half a line": async (socket) => {
      await socket.write(new TextEncoder().encode('{"event":"text_del'));
    },
    "floods": async (socket) => {
      const chunk = new TextEncoder().encode(lines(delta("x".repeat(1000))).repeat(60));
      for (;;) await socket.write(chunk);
    },
  })
) {
  Deno.test(`PodClient ends at once when its Pod ${scenario}`, async () => {
    for (const how of ["close", "dispose", "abort"] as const) {
      const released = Promise.withResolvers<void>();
      await using pod = new FakePod(async ({ socket }) => {
        await serve(socket);
        await released.promise;
      });
      const controller = new AbortController();
      const client = await PodClient.connect(pod.path, { signal: controller.signal });
      const sending = assertRejects(
        () => client.send({ method: "notify", params: { message: "x".repeat(4 << 20) } }),
        ClientError,
      );
      while (scenario === "floods" && !client.tryNextEvent()) await client.nextEvent();
      const reading = scenario === "floods" ? undefined : assertRejects(
        () => client.nextEvent(),
        ClientError,
      );
      if (how === "abort") controller.abort(new Error("enough"));
      else if (how === "dispose") client[Symbol.dispose]();
      else await client.close();
      const code = how === "abort" ? "aborted" : "closed";
      assertEquals((await sending).code, code);
      if (reading) assertEquals((await reading).code, code);
      assertEquals((await client.closed).reason, code);
      assertEquals(client.tryNextEvent(), undefined);
      await client.close();
      released.resolve();
    }
  });
}

Deno.test("PodClient: the Pod sees a disposed client go although it never wrote", async () => {
  const seen: unknown[] = [];
  await using pod = new FakePod(async (connection) => {
    seen.push(await connection.read());
  });
  {
    await using _client = await PodClient.connect(pod.path);
  }
  await pod.served(1);
  assertEquals(seen, [undefined]);
});

Deno.test("PodClient: a client that was forgotten lets go of its socket", async () => {
  const gone = Promise.withResolvers<void>();
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    await connection.gone();
    gone.resolve();
  });
  const script = new URL("_forgetful_client.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--v8-flags=--expose-gc", script, pod.path],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const says = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await says.read()).value, "closed\n");
  await gone.promise;
  await child.stdin.close();
  await child.status;
  await says.cancel();
});

Deno.test("PodClient.connect() names what is wrong", async () => {
  const folder = await Deno.makeTempDir({ prefix: "pod" });
  await assertFails("not_found", () => PodClient.connect(`${folder}/a`), "no such socket");
  const listener = Deno.listen({ transport: "unix", path: `${folder}/b` });
  await Deno.rename(`${folder}/b`, `${folder}/dead`);
  listener.close();
  await assertFails("refused", () => PodClient.connect(`${folder}/dead`), "nobody listens");
  await assertFails("connection_failed", () => PodClient.connect(`${folder}/${"x".repeat(200)}`));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("PodClient.connect() ends with its signal, before and while it connects", async () => {
  await using pod = new FakePod((connection) => connection.gone());
  const connect = (signal: AbortSignal) => () => PodClient.connect(pod.path, { signal });
  const error = await assertFails("aborted", connect(AbortSignal.abort("no")));
  assertEquals(error.cause, "no");
  const controller = new AbortController();
  const connecting = assertFails("aborted", connect(controller.signal));
  controller.abort();
  await connecting;
});

Deno.test("PodClient.nextEvent() serves waiting callers in order, each event once", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  await using client = PodClient.from({ readable, writable: new WritableStream() });
  const controller = new AbortController();
  const abandoned = assertFails("aborted", () => client.nextEvent({ signal: controller.signal }));
  const waiting = [client.nextEvent(), client.nextEvent()];
  controller.abort();
  await abandoned;
  const source = writable.getWriter();
  await source.write(
    new TextEncoder().encode(lines(delta("a"), delta("b"), delta("c"), delta("d"))),
  );
  assertEquals(await Promise.all(waiting), [delta("a"), delta("b")]);
  assertEquals(client.tryNextEvent(), delta("c"));
  await assertFails("aborted", () => client.nextEvent({ signal: AbortSignal.abort() }));
  assertEquals(await client.nextEvent(), delta("d"));
  assertEquals(client.tryNextEvent(), undefined);
});

Deno.test("PodClient: leaving an iteration keeps the client open", async () => {
  await using client = clientOf([lines(delta("a"), delta("b"), shutdown)]);
  for await (const event of client) {
    assertEquals(event, delta("a"));
    break;
  }
  assertEquals(await collect(client), [delta("b"), shutdown]);
});

Deno.test("PodClient: an iteration ends in order when this side closes the client", async () => {
  const client = PodClient.from({
    readable: new ReadableStream(),
    writable: new WritableStream(),
  });
  const collected = collect(client);
  await client.close();
  assertEquals(await collected, []);
});

Deno.test("PodClient P3: counts and skips what it does not understand", async () => {
  const unknown: [unknown, string][] = [];
  await using client = clientOf(
    [
      'not json\n{"event":"brand_new"}\n7\n\n',
      `${"x".repeat(200)}\n${lines(delta("ok"), shutdown)}`,
    ],
    { maxLineBytes: 100, onUnknown: (value, error) => unknown.push([value, String(error)]) },
  );
  assertEquals(await collect(client), [delta("ok"), shutdown]);
  assertEquals(client.unknownEvents, 4);
  assertEquals(unknown.map(([value]) => value), [undefined, { event: "brand_new" }, 7, undefined]);
  assert(unknown[3]?.[1].includes("longer than 100 bytes"));
});

Deno.test("PodClient ends as failed when onUnknown throws", async () => {
  const cause = new Error("bug");
  await using client = clientOf([`7\n${lines(delta("ok"))}`], {
    onUnknown() {
      throw cause;
    },
  });
  const error = await assertFails("connection_failed", () => client.nextEvent(), "bug");
  assertEquals(error.cause, cause);
  assertEquals((await client.closed).reason, "failed");
});

Deno.test("PodClient hands on a second snapshot, also one with an unknown status", async () => {
  const strange = lines(snapshot()).replace('"status":"idle"', '"status":"dreaming"');
  await using client = clientOf([lines(snapshot("running")), strange, lines(shutdown)]);
  assertEquals((await client.nextEvent())?.event, "snapshot");
  assertEquals(client.status, "running");
  assertEquals(await client.nextEvent(), snapshot());
  assertEquals(client.status, "idle");
  assertEquals(client.unknownEvents, 0);
});

Deno.test("PodClient tells an end without shutdown, and one inside a line, from an orderly one", async () => {
  for (
    const [tail, why] of [
      ["", 'ended without "shutdown"'],
      ['{"event":"text_del', "ended inside a line"],
    ] as const
  ) {
    await using client = clientOf([lines(delta("a")) + tail]);
    const { reason, error } = await client.closed;
    assertEquals([reason, error?.code], ["ended", "ended"]);
    assert(error?.message.includes(why), error?.message);
    assertEquals(await client.nextEvent(), delta("a"));
    await assertFails("ended", () => client.nextEvent(), why);
    await assertFails("ended", () => client.send({ method: "pause" }), 'Cannot send "pause": ');
  }
  // A last line that is whole without its line feed counts.
  await using client = clientOf(['{"event":"shutdown"}']);
  assertEquals(await collect(client), [shutdown]);
});

Deno.test("PodClient ends every waiting call when its Pod dies in the middle", async () => {
  const die = Promise.withResolvers<void>();
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    await die.promise;
  });
  await using client = await PodClient.connect(pod.path);
  await client.nextEvent();
  const reading = assertFails("ended", () => client.nextEvent());
  const message = "x".repeat(4 << 20);
  const sending = assertFails(
    "ended",
    () => client.send({ method: "notify", params: { message } }),
  );
  die.resolve();
  await Promise.all([reading, sending]);
  assertEquals((await client.closed).reason, "ended");
});

Deno.test("PodClient ends as failed with the error of a broken source", async () => {
  const cause = new Error("cable cut");
  await using client = PodClient.from({
    readable: new ReadableStream({ pull: (controller) => controller.error(cause) }),
    writable: new WritableStream(),
  });
  const error = await assertFails("connection_failed", () => client.nextEvent(), "cable cut");
  assertEquals(error.cause, cause);
  const ending = await client.closed;
  assertEquals(ending.reason, "failed");
  assertInstanceOf(ending.error, ClientError);
});

Deno.test("PodClient rejects calls after it was closed", async () => {
  const client = clientOf([lines(delta("a"))]);
  await client.nextEvent();
  await client.close();
  await client.close();
  await assertFails("closed", () => client.nextEvent(), "the client is closed");
  await assertFails("closed", () => client.send({ method: "pause" }), 'Cannot send "pause": ');
  await assertFails("closed", () => client.closeWrite());
});

Deno.test("PodClient ends although streams in memory do not let go", async () => {
  const never = new Promise<void>(() => {});
  const client = PodClient.from({
    readable: new ReadableStream({ pull: () => never, cancel: () => never }),
    writable: new WritableStream({ write: () => never, abort: () => never }),
  });
  const reading = assertFails("closed", () => client.nextEvent());
  const sending = [1, 2].map(() => assertFails("closed", () => client.send({ method: "pause" })));
  await client.close();
  await Promise.all([reading, ...sending]);
});

Deno.test("PodClient.send() writes whole lines in the order of the calls", async () => {
  const chunks: string[] = [];
  const gate = Promise.withResolvers<void>();
  const client = PodClient.from({
    readable: new ReadableStream(),
    writable: new WritableStream({
      async write(chunk: Uint8Array) {
        await gate.promise;
        chunks.push(new TextDecoder().decode(chunk));
      },
    }),
  });
  const controller = new AbortController();
  const { signal } = controller;
  const first = client.send({ method: "pause", id: "1" });
  const withdrawn = assertFails("aborted", () => client.send({ method: "cancel" }, { signal }));
  const last = client.send({ method: "resume" });
  const ended = client.closeWrite();
  await assertFails("closed", () => client.send({ method: "compact" }), "sending was ended");
  controller.abort();
  await withdrawn;
  gate.resolve();
  await Promise.all([first, last, ended]);
  assertEquals(chunks, ['{"method":"pause","id":"1"}\n', '{"method":"resume"}\n']);
  await client.close();
});

Deno.test("PodClient.send() keeps what this version does not know", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const text = new Response(readable).text();
  await using client = PodClient.from({ readable: new ReadableStream(), writable });
  const input = [{ kind: "drawing", strokes: [1, 2] }];
  await client.send({ method: "run", params: { input } });
  await client.closeWrite();
  assertEquals(JSON.parse(await text), { method: "run", params: { input } });
});

Deno.test("PodClient.send() writes nothing more after a write that failed", async () => {
  let writes = 0;
  await using client = PodClient.from({
    readable: new ReadableStream(),
    writable: new WritableStream({
      write() {
        writes += 1;
        throw new Error("disk on fire");
      },
    }),
  });
  await assertFails("connection_failed", () => client.send({ method: "pause" }), "disk on fire");
  await assertFails("connection_failed", () => client.send({ method: "pause" }), "disk on fire");
  assertEquals(writes, 1);
});

for (const limits of [{ bufferedEvents: 4 }, { bufferedBytes: 200 }]) {
  Deno.test(`PodClient stops reading at ${Object.keys(limits)}, and loses no event`, async () => {
    const total = 50;
    let pulled = 0;
    let taken = 0;
    let most = 0;
    const readable = new ReadableStream<Uint8Array>({
      pull(controller) {
        most = Math.max(most, pulled - taken);
        const event = pulled < total ? delta(`${pulled}`) : shutdown;
        controller.enqueue(new TextEncoder().encode(lines(event)));
        pulled += 1;
        if (pulled > total) controller.close();
      },
    }, { highWaterMark: 0 });
    await using client = PodClient.from({ readable, writable: new WritableStream() }, limits);
    for (; taken < total; taken++) {
      // Lets the reading task go as far as it will.
      await new Promise((resolve) => setTimeout(resolve));
      assertEquals(await client.nextEvent(), delta(`${taken}`));
    }
    assert(most > 1 && most < 6, `${most} events waited`);
  });
}
