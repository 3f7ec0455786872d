import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openSocket } from "../../lib/client/_open_socket.ts";
import { ClientError } from "../../lib/client/mod.ts";
import { FakePod } from "./_fake_pod.ts";

Deno.test("openSocket() closes a connection that comes after it was given up", async () => {
  await using pod = new FakePod((connection) => connection.gone());
  const socket = await Deno.connect({ transport: "unix", path: pod.path });
  const late = Promise.withResolvers<Deno.Conn>();
  const controller = new AbortController();
  const opening = assertRejects(
    () => openSocket(pod.path, controller.signal, () => late.promise),
    ClientError,
  );
  controller.abort();
  assertEquals((await opening).code, "aborted");
  late.resolve(socket);
  await pod.served(1);
  assertThrows(() => socket.close(), Deno.errors.BadResource);
});

Deno.test("openSocket() forgets an attempt that fails after it was given up", async () => {
  const late = Promise.withResolvers<Deno.Conn>();
  const controller = new AbortController();
  const opening = assertRejects(
    () => openSocket("sock", controller.signal, () => late.promise),
    ClientError,
  );
  controller.abort(new ClientError("timeout", "Cannot wait: too late"));
  assertEquals((await opening).code, "timeout");
  late.reject(new Deno.errors.ConnectionRefused());
  await late.promise.catch(() => "heard");
});
