import { assertEquals, assertRejects } from "@std/assert";
import { ClientError, sendOnce } from "../../lib/client/mod.ts";
import type { Method } from "../../lib/protocol/mod.ts";
import { delta, FakePod, shutdown, snapshot } from "./_fake_pod.ts";

const notify: Method = { method: "notify", params: { message: "build is green" } };

Deno.test("sendOnce() waits for the snapshot, writes one line and half-closes", async () => {
  const seen: unknown[] = [];
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    seen.push(await connection.read(), await connection.read());
    // The other half is still open: this is not lost, and no error.
    await connection.write(delta("late"));
  });
  await sendOnce(pod.path, notify);
  assertEquals(seen, [notify, undefined]);
});

Deno.test("busy_receiver: sendOnce() delivers to a Pod that streams events all the time", async () => {
  const received = Promise.withResolvers<Method | undefined>();
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    let isStreaming = true;
    const stream = async () => {
      while (isStreaming) await connection.write(delta("x".repeat(10_000)));
    };
    const streaming = stream();
    // A Pod whose write fails would drop the connection here, with the Method unread.
    for (let event = 0; event < 50; event++) await connection.write(delta("busy"));
    received.resolve(await connection.read());
    assertEquals(await connection.read(), undefined);
    isStreaming = false;
    await streaming;
  });
  await sendOnce(pod.path, notify);
  assertEquals(await received.promise, notify);
});

Deno.test("send_after_prelude: sendOnce() delivers behind alerts and a snapshot of 2 MB", async () => {
  const large: Method = { method: "notify", params: { message: "m".repeat(2 << 20) } };
  let received: Method | undefined;
  await using pod = new FakePod(async (connection) => {
    for (let timestamp_ms = 0; timestamp_ms < 512; timestamp_ms++) {
      const data = { level: "warn", source: "pod", message: "old", timestamp_ms } as const;
      await connection.write({ event: "alert", data });
    }
    await connection.write(snapshot("idle", ["e".repeat(2 << 20)]));
    // Neither reads before it has written: only a client that reads while it writes gets through.
    for (let event = 0; event < 200; event++) await connection.write(delta("x".repeat(10_000)));
    received = await connection.read();
    await connection.gone();
  });
  await sendOnce(pod.path, large);
  assertEquals(received, large);
});

Deno.test("sendOnce() does not wait longer than lingerMs for the Pod to close", async () => {
  const done = Promise.withResolvers<void>();
  let received: Method | undefined;
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    received = await connection.read();
    await done.promise;
  });
  await sendOnce(pod.path, notify, { lingerMs: 50 });
  done.resolve();
  await pod.served(1);
  assertEquals(received, notify);
});

Deno.test("sendOnce() ends with the Pod that it shuts down", async () => {
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    assertEquals(await connection.read(), { method: "shutdown" });
    await connection.write(shutdown);
  });
  await sendOnce(pod.path, { method: "shutdown" }, { lingerMs: 60_000 });
});

Deno.test("sendOnce() fails when there is no snapshot: silence, an end, a shutdown", async () => {
  await using silent = new FakePod((connection) => connection.gone());
  await using ended = new FakePod((connection) => connection.write(delta("bye")));
  await using leaving = new FakePod((connection) => connection.write(shutdown));
  const codeOf = async (path: string, timeoutMs: number) => {
    const error = await assertRejects(() => sendOnce(path, notify, { timeoutMs }), ClientError);
    return error.code;
  };
  assertEquals(await codeOf(silent.path, 20), "timeout");
  assertEquals(await codeOf(ended.path, 60_000), "ended");
  assertEquals(await codeOf(leaving.path, 60_000), "ended");
  assertEquals(await codeOf(`${silent.path}-none`, 60_000), "not_found");
});

Deno.test("sendOnce() fails when the Pod does not take the line in time", async () => {
  const done = Promise.withResolvers<void>();
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    await done.promise;
  });
  const large: Method = { method: "notify", params: { message: "m".repeat(4 << 20) } };
  const error = await assertRejects(
    () => sendOnce(pod.path, large, { timeoutMs: 200 }),
    ClientError,
    'Cannot send "notify"',
  );
  assertEquals(error.code, "timeout");
  done.resolve();
});

Deno.test("sendOnce() ends with its signal", async () => {
  const controller = new AbortController();
  await using pod = new FakePod(async (connection) => {
    controller.abort("enough");
    await connection.gone();
  });
  const error = await assertRejects(
    () => sendOnce(pod.path, notify, { signal: controller.signal }),
    ClientError,
  );
  assertEquals([error.code, error.cause], ["aborted", "enough"]);
});
