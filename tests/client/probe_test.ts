import { assertEquals, assertRejects } from "@std/assert";
import { ClientError, probePod } from "../../lib/client/mod.ts";
import { FakePod, snapshot } from "./_fake_pod.ts";

Deno.test("probePod() finds a Pod by connecting alone, and leaves", async () => {
  await using pod = new FakePod((connection) => connection.gone());
  assertEquals(await probePod(pod.path), { reachable: true });
  await pod.served(1);
});

Deno.test("probePod() reads status and greeting from the snapshot, behind alerts", async () => {
  await using pod = new FakePod(async (connection) => {
    const data = { level: "warn", source: "pod", message: "old", timestamp_ms: 1 } as const;
    await connection.write({ event: "alert", data }, snapshot("running"));
    await connection.gone();
  });
  const { reachable, status, greeting, error } = await probePod(pod.path, { snapshot: true });
  assertEquals([reachable, status, greeting?.pod_name], [true, "running", "worker-1"]);
  assertEquals(error, undefined);
  await pod.served(1);
});

Deno.test("probePod() finds a Pod that says nothing reachable, with an unknown status", async () => {
  await using pod = new FakePod((connection) => connection.gone());
  const probe = await probePod(pod.path, { snapshot: true, deadlineMs: 20 });
  assertEquals([probe.reachable, probe.status, probe.error?.code], [true, undefined, "timeout"]);
  await pod.served(1);
});

Deno.test("probePod() finds a Pod reachable that takes the connection and hangs up", async () => {
  await using pod = new FakePod((connection) => connection.writeText('{"event":"snap'));
  const probe = await probePod(pod.path, { snapshot: true });
  assertEquals([probe.reachable, probe.error?.code], [true, "ended"]);
});

Deno.test("probePod() takes only a missing socket or a refused connection for dead", async () => {
  const folder = await Deno.makeTempDir({ prefix: "pod" });
  const missing = await probePod(`${folder}/sock`);
  assertEquals([missing.reachable, missing.error?.code], [false, "not_found"]);

  const listener = Deno.listen({ transport: "unix", path: `${folder}/sock` });
  await Deno.rename(`${folder}/sock`, `${folder}/dead`);
  listener.close();
  const refused = await probePod(`${folder}/dead`);
  assertEquals([refused.reachable, refused.error?.code], [false, "refused"]);

  const strange = await probePod(`${folder}/${"x".repeat(200)}`);
  assertEquals([strange.reachable, strange.error?.code], ["unknown", "connection_failed"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("probePod() does not take a Pod with a full backlog for dead", async () => {
  const folder = await Deno.makeTempDir({ prefix: "pod" });
  const path = `${folder}/sock`;
  const listener = Deno.listen({ transport: "unix", path });
  const waiting: Deno.Conn[] = [];
  const fill = async () => {
    for (;;) waiting.push(await Deno.connect({ transport: "unix", path }));
  };
  await assertRejects(fill, Deno.errors.WouldBlock);
  const probe = await probePod(path);
  assertEquals([probe.reachable, probe.error?.code], ["unknown", "backlog_full"]);
  for (const socket of waiting) socket.close();
  listener.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("probePod() rejects when its signal is aborted", async () => {
  await using pod = new FakePod((connection) => connection.gone());
  const before = await assertRejects(
    () => probePod(pod.path, { signal: AbortSignal.abort() }),
    ClientError,
  );
  assertEquals(before.code, "aborted");
  const controller = new AbortController();
  const { signal } = controller;
  await using quiet = new FakePod(async (connection) => {
    controller.abort();
    await connection.gone();
  });
  const during = await assertRejects(
    () => probePod(quiet.path, { snapshot: true, signal, deadlineMs: 60_000 }),
    ClientError,
  );
  assertEquals(during.code, "aborted");
});
