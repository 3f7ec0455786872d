import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { JsonLineReader } from "../../lib/stream/json_lines.ts";
import { requestControl } from "../../lib/supervisor/control_client.ts";
import { ControlServer, MAX_SOCKET_PATH_BYTES } from "../../lib/supervisor/control_server.ts";
import { Supervisor } from "../../lib/supervisor/supervisor.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";
import { until } from "../process/_system.ts";
import { OBEDIENT, openDescriptors, Recorder, shell } from "./_supervised.ts";

/** A client that writes and reads by hand. */
class RawClient implements Disposable {
  readonly #socket: Deno.UnixConn;
  readonly events: JsonLineReader<{ event: string; data: Record<string, unknown> }>;

  private constructor(socket: Deno.UnixConn) {
    this.#socket = socket;
    this.events = new JsonLineReader(
      new ReadableStream({
        async pull(controller) {
          const buffer = new Uint8Array(65_536);
          const count = await socket.read(buffer);
          if (count === null) controller.close();
          else controller.enqueue(buffer.subarray(0, count));
        },
      }, { highWaterMark: 0 }),
    );
  }

  static async connect(path: string): Promise<RawClient> {
    return new RawClient(await Deno.connect({ transport: "unix", path }));
  }

  async send(text: string): Promise<void> {
    await this.#socket.write(new TextEncoder().encode(text));
  }

  async closeWrite(): Promise<void> {
    await this.#socket.closeWrite();
  }

  /** The next event of that name. */
  async next(name: string): Promise<Record<string, unknown>> {
    for (;;) {
      const event = await this.events.read();
      if (event === undefined) throw new Error(`Cannot read "${name}": the connection has ended`);
      if (event.event === name) return event.data;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("ControlServer answers requests, and tells every client what happens", () =>
  withFolder(async (folder) => {
    await using server = await ControlServer.listen(`${folder}/control.sock`);
    await using supervisor = Supervisor.start({ children: [shell("web", OBEDIENT)] });
    server.serve(supervisor);
    await supervisor.started;
    using asking = await RawClient.connect(server.path);
    using hearing = await RawClient.connect(server.path);
    await hearing.send('{"method":"status"}\n');
    await hearing.next("status");

    await asking.send('{"method":"restart","params":{"name":"web"}}\n');
    assertEquals((await hearing.next("child_restarting")).child, "web");
    assertEquals((await hearing.next("child_exited")).signal, "SIGTERM");
    assertEquals((await hearing.next("child_started")).incarnation, 2);
    const { children } = await asking.next("status") as { children: { incarnation: number }[] };
    assertEquals(children[0]!.incarnation, 2);
    assertEquals((await Deno.stat(server.path)).mode! & 0o777, 0o600);
  }));

Deno.test("ControlServer: a malformed request gets an error, the connection stays", () =>
  withFolder(async (folder) => {
    await using server = await ControlServer.listen(`${folder}/control.sock`);
    await using supervisor = Supervisor.start({ children: [shell("web", OBEDIENT)] });
    server.serve(supervisor);
    await supervisor.started;
    using client = await RawClient.connect(server.path);
    const cases = [
      ["not json", "JSON"],
      ['{"method":"dance"}', "$.method must be one of"],
      ["[]", "$ must be an object"],
      ['{"method":"restart","params":{"nam":"web"}}', "no keys but name"],
      ['{"method":"restart","params":{"name":"nobody"}}', "there is no such child"],
      [`"${"x".repeat(100_000)}"`, "line 6"],
    ];
    for (const [text, expected] of cases) {
      await client.send(`${text}\n`);
      const { message } = await client.next("error");
      assertStringIncludes(String(message), expected!);
    }
    await client.send('{"method":"status"}\n');
    await client.next("status");
  }));

Deno.test("ControlServer sends printed lines to those that subscribed, and only them", () =>
  withFolder(async (folder) => {
    await using server = await ControlServer.listen(`${folder}/control.sock`);
    const script = "echo out; echo err >&2; echo up; exec sleep 600";
    await using supervisor = Supervisor.start({
      children: [shell("web", script, { readyLine: "up" })],
    });
    server.serve(supervisor);
    await supervisor.started;
    using listening = await RawClient.connect(server.path);
    using other = await RawClient.connect(server.path);
    await listening.send('{"method":"subscribe","params":{"lines":true}}\n{"method":"status"}\n');
    await listening.next("status");
    await other.send('{"method":"restart","params":{}}\n');
    const lines = [];
    for (let count = 0; count < 3; count++) lines.push(await listening.next("line"));
    const pid = supervisor.status().children[0]!.pid;
    assertEquals(lines.map(({ line, stream }) => `${stream} ${line}`).sort(), [
      "stderr err",
      "stdout out",
      "stdout up",
    ]);
    assert(lines.every((line) => line.pid === pid && line.child === "web"));
    const seen: string[] = [];
    for (let name = ""; name !== "status";) {
      name = (await other.events.read())!.event;
      seen.push(name);
    }
    assertEquals(seen, [
      "child_restarting",
      "child_exited",
      "child_started",
      "child_ready",
      "status",
    ]);
    await listening.send('{"method":"subscribe","params":{"lines":false}}\n{"method":"status"}\n');
    await listening.next("status");
    await supervisor.restart();
    assertEquals((await listening.events.read())!.event, "child_restarting");
    assertEquals((await listening.events.read())!.event, "child_exited");
    assertEquals((await listening.events.read())!.event, "child_started");
    assertEquals((await listening.events.read())!.event, "child_ready");
  }));

Deno.test("scenario 13: a client that never reads delays neither restart nor stop nor others", () =>
  withFolder(async (folder) => {
    const heard = new Recorder();
    const before = await openDescriptors();
    {
      await using server = await ControlServer.listen(`${folder}/control.sock`);
      await using supervisor = Supervisor.start({
        children: [shell("loud", `exec yes ${"y".repeat(200)}`), shell("web", OBEDIENT)],
      }, { onEvent: heard.listen });
      server.serve(supervisor);
      await supervisor.started;
      using deaf = await RawClient.connect(server.path);
      await deaf.send('{"method":"subscribe","params":{"lines":true}}\n');
      using slow = await RawClient.connect(server.path);
      await slow.send('{"method":"subscribe","params":{"lines":true}}\n');
      // More than the queue and the socket hold, so that both are behind.
      for (let bytes = 0; bytes < 8 * 1024 * 1024;) {
        const { line } = (await lineOf(supervisor)) as { line: string };
        bytes += line.length * 100;
      }
      assertStringIncludes(String((await slow.next("error")).message), "reads too slowly");
      await requestControl(server.path, { method: "restart", params: { name: "web" } });
      await requestControl(server.path, { method: "shutdown" });
      assertEquals((await supervisor.done).code, 0);
    }
    assertEquals(await openDescriptors(), before);
    assertEquals(heard.of("error"), []);
  }));

Deno.test("ControlServer answers a client that has ended its side, and then closes", () =>
  withFolder(async (folder) => {
    await using server = await ControlServer.listen(`${folder}/control.sock`);
    await using supervisor = Supervisor.start({ children: [shell("web", OBEDIENT)] });
    server.serve(supervisor);
    await supervisor.started;
    using client = await RawClient.connect(server.path);
    await client.send('{"method":"restart","params":{"name":"web"}}');
    await client.closeWrite();
    await client.next("status");
    assertEquals(await client.events.read(), undefined);
  }));

Deno.test("ControlServer.listen() takes a stale socket over, and refuses a live one", () =>
  withFolder(async (folder) => {
    const path = `${folder}/control.sock`;
    // A listener that ends without removing its path, as after a SIGKILL.
    const other = Deno.listen({ transport: "unix", path: `${folder}/other.sock` });
    await Deno.rename(`${folder}/other.sock`, path);
    const refused = await assertRejects(() => ControlServer.listen(path), SupervisorError);
    assertEquals(refused.code, "control");
    assertStringIncludes(refused.message, `Cannot listen on "${path}": another program does`);
    other.close();
    assert((await Deno.lstat(path)).isSocket);

    {
      await using server = await ControlServer.listen(path);
      const twice = await assertRejects(() => ControlServer.listen(path), SupervisorError);
      assertStringIncludes(twice.message, `another supervisor does (pid ${Deno.pid})`);
      assertEquals(server.path, path);
    }
    await using _again = await ControlServer.listen(path);
  }));

Deno.test("ControlServer.listen() refuses a path that is too long, and a file that is no socket", () =>
  withFolder(async (folder) => {
    const fits = `${folder}/${"x".repeat(MAX_SOCKET_PATH_BYTES - folder.length - 1)}`;
    await (await ControlServer.listen(fits))[Symbol.asyncDispose]();
    const long = await assertRejects(() => ControlServer.listen(`${fits}x`), SupervisorError);
    assertStringIncludes(long.message, "its path has 108 bytes, of which a socket may have 107");

    await Deno.writeTextFile(`${folder}/file`, "precious");
    const file = await assertRejects(() => ControlServer.listen(`${folder}/file`), SupervisorError);
    assertStringIncludes(file.message, "something that is not a socket lies there");
    assertEquals(await Deno.readTextFile(`${folder}/file`), "precious");

    const missing = `${folder}/missing/control.sock`;
    const error = await assertRejects(() => ControlServer.listen(missing));
    assertStringIncludes((error as Error).message, missing);
  }));

Deno.test("ControlServer that is disposed before it served lets its clients go", () =>
  withFolder(async (folder) => {
    const server = await ControlServer.listen(`${folder}/control.sock`);
    using client = await RawClient.connect(server.path);
    await server[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await client.events.read().catch(() => "reset");
    await until(() => Deno.lstat(server.path).then(() => false, () => true));
  }));

/** The next printed line. */
async function lineOf(supervisor: Supervisor): Promise<unknown> {
  const next = Promise.withResolvers<unknown>();
  using _lines = supervisor.observe((event) => event.event === "line" && next.resolve(event.data), {
    lines: true,
  });
  return await next.promise;
}
