import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { requestControl } from "../../lib/supervisor/control_client.ts";
import { ControlServer } from "../../lib/supervisor/control_server.ts";
import { Supervisor } from "../../lib/supervisor/supervisor.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";
import { OBEDIENT, shell } from "./_supervised.ts";

Deno.test("requestControl() restarts, shows and ends what a supervisor runs", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using server = await ControlServer.listen(`${folder}/control.sock`);
    await using supervisor = Supervisor.start({
      children: [shell("web", OBEDIENT), shell("db", "exit 3")],
    });
    server.serve(supervisor);
    await supervisor.started;
    const { path } = server;
    const restarted = await requestControl(path, { method: "restart", params: { name: "web" } });
    assertEquals(restarted.children[0]!.incarnation, 2);
    assertEquals(await requestControl(path, { method: "status" }), supervisor.status());
    const refused = await assertRejects(
      () => requestControl(path, { method: "restart", params: { name: "nobody" } }),
      SupervisorError,
    );
    assertStringIncludes(refused.message, `Cannot restart "nobody": there is no such child`);
    const ended = await requestControl(path, { method: "shutdown" });
    assertEquals(ended.children.map(({ state }) => state), ["exited", "exited"]);
  }
  const absent = await assertRejects(
    () => requestControl(`${folder}/control.sock`, { method: "status" }),
    SupervisorError,
  );
  assertStringIncludes(absent.message, "none is running there");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("requestControl() does not wait for ever: bound, signal, end of the other side", async () => {
  const path = `${await Deno.makeTempDir()}/silent.sock`;
  const listener = Deno.listen({ transport: "unix", path });
  const late = await assertRejects(
    () => requestControl(path, { method: "status" }, { timeoutMs: 1 }),
    SupervisorError,
  );
  assertStringIncludes(late.message, "no answer within 1 ms");

  const abort = new AbortController();
  const waiting = requestControl(path, { method: "shutdown" }, { signal: abort.signal });
  (await listener.accept()).close(); // the first one's
  const held = await listener.accept();
  abort.abort(new Error("enough"));
  assertStringIncludes(((await assertRejects(() => waiting)) as Error).message, "enough");
  held.close();

  const dropped = requestControl(path, { method: "shutdown" });
  const conn = await listener.accept();
  await conn.read(new Uint8Array(1024));
  conn.close();
  const error = await assertRejects(() => dropped, SupervisorError);
  assertStringIncludes(error.message, "it ended before it answered");
  listener.close();
  await Deno.remove(path.slice(0, path.lastIndexOf("/")), { recursive: true });
});
