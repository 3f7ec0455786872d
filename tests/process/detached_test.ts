import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { FileError } from "../../lib/file/file_error.ts";
import { spawnDetached } from "../../lib/process/detached.ts";
import { identify, isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { ProcessError } from "../../lib/process/process_error.ts";
import { runCommand } from "../../lib/process/run_command.ts";
import { testProgram, until } from "./_system.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("spawnDetached() passes words as they are and appends stderr to the log", () =>
  inFolder(async (folder) => {
    const logPath = `${folder}/it's "the" $LOG`;
    await Deno.writeTextFile(logPath, "before\n");
    const child = spawnDetached({
      command: [
        "sh",
        "-c",
        'printf "%s|" "$PWD" "$NAME" "$@" >&2; exit 6',
        "sh",
        "$(id)",
        "a b",
        "",
      ],
      cwd: folder,
      env: { NAME: "x; y" },
      logPath,
    });
    assertEquals(await child.status, { code: 6, signal: null });
    assertEquals(await Deno.readTextFile(logPath), `before\n${folder}|x; y|$(id)|a b||`);
  }));

Deno.test("spawnDetached(): the program is the process that was started", () =>
  inFolder(async (folder) => {
    const child = spawnDetached({ command: ["sleep", "600"], logPath: `${folder}/log` });
    assert(isAlive(child.identity!));
    assertEquals(liveGroupMembers(child.pid), [child.pid]);
    assertEquals((await Deno.stat(`${folder}/log`)).mode! & 0o777, 0o600);
    assertEquals((await child.stop()).signal, "SIGTERM");
    assert(!isAlive(child.identity!));
  }));

Deno.test("DetachedProcess.stop() kills what ignores the signal, and its group", () =>
  inFolder(async (folder) => {
    const script = 'trap "" TERM; sleep 600 & echo ready >&2; while :; do sleep 600; done';
    const logPath = `${folder}/log`;
    const child = spawnDetached({ command: ["sh", "-c", script], logPath });
    child.unref();
    await until(() => Deno.readTextFileSync(logPath) === "ready\n");
    assertEquals((await child.stop({ graceMs: 20 })).signal, "SIGKILL");
    assertEquals(liveGroupMembers(child.pid), []);
    assertEquals((await child.stop()).signal, "SIGKILL"); // it is over: nothing is signalled
  }));

Deno.test("spawnDetached(): the process outlives its starter", () =>
  inFolder(async (folder) => {
    const { status, stdout } = await runCommand({
      command: testProgram("start_detached.ts", `${folder}/log`),
    });
    assertEquals(status.code, 0);
    const identity = identify(Number(stdout))!;
    assert(isAlive(identity));
    Deno.kill(-identity.pid, "SIGTERM");
    await until(() => !isAlive(identity));
  }));

Deno.test("spawnDetached(): what cannot be started is in the status and in the log", () =>
  inFolder(async (folder) => {
    const logPath = `${folder}/log`;
    const missing = spawnDetached({ command: [`${folder}/missing`], logPath });
    assertEquals((await missing.status).code, 127);
    assertMatch(await Deno.readTextFile(logPath), /missing/);
    await Deno.writeTextFile(`${folder}/data`, "");
    const data = spawnDetached({ command: [`${folder}/data`], logPath });
    assertEquals((await data.status).code, 126);
  }));

Deno.test("spawnDetached() refuses a log or a folder that cannot be", () =>
  inFolder((folder) => {
    const command = ["true"];
    const noLog = assertThrows(
      () => spawnDetached({ command, logPath: `${folder}/none/log` }),
      FileError,
    );
    assertEquals(noLog.code, "not_found");
    const noFolder = assertThrows(
      () => spawnDetached({ command, logPath: `${folder}/log`, cwd: `${folder}/none` }),
      ProcessError,
    );
    assertEquals(noFolder.code, "bad_cwd");
    assertThrows(() => spawnDetached({ command: [], logPath: `${folder}/log` }), ProcessError);
    return Promise.resolve();
  }));
