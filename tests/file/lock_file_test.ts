import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { FileError } from "../../lib/file/file_error.ts";
import { LockFile } from "../../lib/file/lock_file.ts";
import { collectWaits } from "./_lock_waits.ts";
import { diskFull, inFolder, stub } from "./_stub.ts";

function startProgram(name: string, ...args: string[]): Deno.ChildProcess {
  const program = new URL(`../programs/${name}`, import.meta.url).href;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", program, ...args],
    stdin: "null",
    stdout: "piped",
  }).spawn();
}

Deno.test("LockFile.tryAcquire() takes a free lock once, until it is disposed", () =>
  inFolder((folder) => {
    const path = `${folder}/name.lock`;
    const lock = LockFile.tryAcquire(path)!;
    assertEquals(lock.path, path);
    assertEquals(LockFile.tryAcquire(path), undefined);
    lock[Symbol.dispose]();
    using again = LockFile.tryAcquire(path);
    assert(again);
    lock[Symbol.dispose](); // a second release must not free the new holder's lock
    assertEquals(LockFile.tryAcquire(path), undefined);
  }));

Deno.test("LockFile: the file is private and stays", () =>
  inFolder((folder) => {
    const path = `${folder}/name.lock`;
    LockFile.tryAcquire(path)![Symbol.dispose]();
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
  }));

Deno.test("LockFile.readOwner() gives the text of the last holder", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    assertEquals(LockFile.readOwner(path), undefined);
    {
      using _lock = LockFile.tryAcquire(path, { text: "pid 123456 start 7890" });
      assertEquals(LockFile.readOwner(path), "pid 123456 start 7890");
      assertEquals(LockFile.tryAcquire(path, { text: "intruder" }), undefined);
      assertEquals(LockFile.readOwner(path), "pid 123456 start 7890");
    }
    {
      using _lock = await LockFile.acquire(path, { text: "pid 1" });
      assertEquals(await Deno.readTextFile(path), "pid 1\n");
    }
    LockFile.tryAcquire(path)![Symbol.dispose]();
    assertEquals(LockFile.readOwner(path), undefined); // no text given: no old one left
  }));

Deno.test("LockFile.readOwner() reads no more than the beginning of what lies there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    await Deno.writeTextFile(path, "pid 1 ".padEnd(10_000, "x"));
    assertEquals(LockFile.readOwner(path), "pid 1 ".padEnd(4_096, "x"));
  }));

Deno.test("LockFile: a full disk keeps nobody from locking", () =>
  inFolder((folder) => {
    using _full = stub(Deno.FsFile.prototype, "writeSync", () => {
      throw diskFull();
    });
    using lock = LockFile.tryAcquire(`${folder}/name.lock`, { text: "pid 1" });
    assert(lock);
  }));

Deno.test("LockFile.acquire() waits its turn", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    const held = LockFile.tryAcquire(path)!;
    const order: number[] = [];
    const waiting = Array.from({ length: 5 }, async (_, index) => {
      using _lock = await LockFile.acquire(path, { timeoutMs: Infinity });
      assertEquals(LockFile.tryAcquire(path), undefined);
      order.push(index);
    });
    held[Symbol.dispose]();
    await Promise.all(waiting);
    assertEquals(order.toSorted(), [0, 1, 2, 3, 4]);
  }));

Deno.test("LockFile.acquire() gives up at its bound and releases what comes late", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    using system = collectWaits();
    const held = LockFile.tryAcquire(path, { text: "pid 5 start 6" })!;
    const error = await assertRejects(() => LockFile.acquire(path, { timeoutMs: 5 }), FileError);
    assertEquals([error.code, error.path], ["locked", path]);
    assertEquals(
      error.message,
      `Cannot lock "${path}": "pid 5 start 6" has held it for more than 5 ms`,
    );
    held[Symbol.dispose]();
    assertEquals((await Promise.all(system.waits)).length, 1);
    using next = LockFile.tryAcquire(path);
    assert(next); // the lock that came late was given back
  }));

Deno.test("LockFile.acquire() takes no lock of a file that was removed while it waited", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    using system = collectWaits();
    const held = LockFile.tryAcquire(path)!;
    const order: string[] = [];
    const waiting = (async () => {
      using _lock = await LockFile.acquire(path, { timeoutMs: Infinity });
      order.push("the one that waited");
    })();
    await Deno.remove(path);
    const other = LockFile.tryAcquire(path)!; // of a new file
    held[Symbol.dispose]();
    await system.waits[0];
    // Two turns later the one that waited has the old file's lock.
    for (let turn = 0; turn < 2; turn++) await Deno.lstat(path);
    order.push("the new file's");
    other[Symbol.dispose]();
    await waiting;
    assertEquals(order, ["the new file's", "the one that waited"]);
  }));

Deno.test("LockFile.tryAcquire() comes to an end where a file has another number at every look", () =>
  inFolder((folder) => {
    const path = `${folder}/name.lock`;
    let looks = 0;
    const { statSync: look } = Deno;
    using _stat = stub(Deno, "statSync", (at) => ({ ...look(at), ino: ++looks }));
    using lock = LockFile.tryAcquire(path);
    assert(lock && looks === 10);
  }));

Deno.test("LockFile: with null for a text the file keeps what it holds", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    await Deno.writeTextFile(path, "theirs");
    {
      using _lock = LockFile.tryAcquire(path, { text: null });
    }
    assertEquals(LockFile.readOwner(path), "theirs");
  }));

Deno.test("LockFile.acquire(): a lock that came in time counts, also where the program stood still", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    using system = collectWaits();
    const held = LockFile.tryAcquire(path)!;
    const waiting = LockFile.acquire(path, { timeoutMs: 20 });
    held[Symbol.dispose]();
    // Holds the thread beyond the bound: as a long calculation does, or SIGSTOP.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    {
      using _lock = await waiting;
      assertEquals(LockFile.tryAcquire(path), undefined);
    }
    await Promise.all(system.waits);
    using free = LockFile.tryAcquire(path);
    assert(free);
  }));

Deno.test("LockFile.acquire() waits however large its bound is", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    const held = LockFile.tryAcquire(path)!;
    const timers: unknown[] = [];
    {
      using _timer = stub(
        globalThis,
        "setTimeout",
        ((...call: unknown[]) => timers.push(call)) as unknown as typeof setTimeout,
      );
      const waiting = [2 ** 31, Number.MAX_SAFE_INTEGER].map(async (timeoutMs) => {
        using _lock = await LockFile.acquire(path, { timeoutMs });
      });
      held[Symbol.dispose]();
      await Promise.all(waiting);
    }
    assertEquals(timers, []);
  }));

Deno.test("LockFile.acquire() without time to wait makes the system wait for nothing", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    using system = collectWaits();
    using _held = LockFile.tryAcquire(path)!;
    for (const timeoutMs of [0, -1]) {
      const error = await assertRejects(() => LockFile.acquire(path, { timeoutMs }), FileError);
      assertEquals(error.code, "locked");
    }
    assertEquals(system.waits, []);
  }));

Deno.test("LockFile.acquire() ends with the signal's reason", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    const reason = new Error("not needed any more");
    await assertRejects(() => LockFile.acquire(path, { signal: AbortSignal.abort(reason) }));
    using system = collectWaits();
    const free = LockFile.tryAcquire(path);
    assert(free); // the aborted call took nothing
    const controller = new AbortController();
    const waiting = LockFile.acquire(path, { signal: controller.signal, timeoutMs: Infinity });
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => waiting), reason);
    free[Symbol.dispose]();
    assertEquals((await Promise.all(system.waits)).length, 1);
    using next = LockFile.tryAcquire(path);
    assert(next); // the lock that came late was given back
  }));

Deno.test("LockFile says where it cannot lock", () =>
  inFolder(async (folder) => {
    const path = `${folder}/none/name.lock`;
    assertEquals(assertThrows(() => LockFile.tryAcquire(path), FileError).code, "not_found");
    const error = await assertRejects(() => LockFile.acquire(path), FileError);
    assertEquals(error.message, `Cannot lock "${path}": no such file or folder`);
  }));

Deno.test("LockFile: the lock of a process that is killed is free at once", () =>
  inFolder(async (folder) => {
    const path = `${folder}/name.lock`;
    const holder = startProgram("hold_lock.ts", path);
    const reader = holder.stdout.getReader();
    await reader.read();
    assertEquals(LockFile.tryAcquire(path), undefined);
    assertEquals(LockFile.readOwner(path), `pid ${holder.pid}`);
    const waiting = LockFile.acquire(path, { timeoutMs: Infinity });
    holder.kill("SIGKILL");
    (await waiting)[Symbol.dispose]();
    await holder.status;
    await reader.cancel();
  }));

Deno.test("LockFile: processes that count under it lose nothing", () =>
  inFolder(async (folder) => {
    const path = `${folder}/counter`;
    await Deno.writeTextFile(path, "0");
    const programs = [1, 2, 3].map(() => startProgram("count_under_lock.ts", path, "40"));
    const statuses = await Promise.all(programs.map(async (program) => {
      await program.stdout.cancel();
      return (await program.status).code;
    }));
    assertEquals(statuses, [0, 0, 0]);
    assertEquals(await Deno.readTextFile(path), "120");
  }));
