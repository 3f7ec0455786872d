import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AppendFile } from "../../lib/file/append_file.ts";
import { FileError } from "../../lib/file/file_error.ts";
import { diskFull, inFolder, stub } from "./_stub.ts";

const line = (text: string) => new TextEncoder().encode(`${text}\n`);

Deno.test("AppendFile.append() adds whole records behind what is there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/log`;
    await Deno.writeTextFile(path, "zero\n");
    {
      await using log = await AppendFile.open(path);
      assertEquals([log.path, log.size, log.diskSize()], [path, 5, 5]);
      assertEquals((await log.info()).ino, (await Deno.stat(path)).ino);
      log.append(line("one"));
      assertEquals(await Deno.readTextFile(path), "zero\none\n"); // without any sync
      log.append(line("two"));
      assertEquals([log.size, log.diskSize()], [13, 13]);
    }
    assertEquals(await Deno.readTextFile(path), "zero\none\ntwo\n");
  }));

Deno.test("AppendFile.open() creates a file unless told not to", () =>
  inFolder(async (folder) => {
    const path = `${folder}/log`;
    const options = { create: false };
    const late = await assertRejects(() => AppendFile.open(path, options), FileError);
    const soon = assertThrows(() => AppendFile.openSync(path, options), FileError);
    assertEquals([late.code, soon.code], ["not_found", "not_found"]);
    await using log = AppendFile.openSync(path, { mode: 0o600 });
    assertEquals(log.size, 0);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }));

Deno.test("AppendFile.append(): a record that does not fit is taken back", () =>
  inFolder(async (folder) => {
    const path = `${folder}/log`;
    await using log = AppendFile.openSync(path);
    log.append(line("one"));
    const real = Deno.FsFile.prototype.writeSync;
    {
      using _short = stub(Deno.FsFile.prototype, "writeSync", function (this: Deno.FsFile, bytes) {
        return real.call(this, bytes.subarray(0, 3));
      });
      const error = assertThrows(() => log.append(line("a longer one")), FileError);
      assertEquals([error.code, error.path], ["no_space", path]);
      assertEquals(error.message, `Cannot append to "${path}": only 3 of 13 bytes fitted`);
    }
    {
      using _full = stub(Deno.FsFile.prototype, "writeSync", function (this: Deno.FsFile, bytes) {
        real.call(this, bytes.subarray(0, 2));
        throw diskFull();
      });
      assertEquals(assertThrows(() => log.append(line("two")), FileError).code, "no_space");
    }
    assertEquals([log.size, log.diskSize()], [4, 4]);
    log.append(line("three")); // there is space again
    assertEquals(await Deno.readTextFile(path), "one\nthree\n");
  }));

Deno.test("AppendFile.append(): half a record that cannot be taken back ends the file's use", () =>
  inFolder(async (folder) => {
    const real = Deno.FsFile.prototype.writeSync;
    const log = AppendFile.openSync(`${folder}/log`);
    using _short = stub(Deno.FsFile.prototype, "writeSync", function (this: Deno.FsFile, bytes) {
      return real.call(this, bytes.subarray(0, 3));
    });
    using _truncate = stub(Deno.FsFile.prototype, "truncateSync", () => {
      throw new Error("read-only by now");
    });
    assertEquals(assertThrows(() => log.append(line("first")), FileError).code, "no_space");
    const later = assertThrows(() => log.append(line("second")), FileError, "earlier write failed");
    assert(later.cause instanceof FileError && later.cause.cause instanceof AggregateError);
    await assertRejects(() => log.sync(), FileError, "earlier write failed");
    assertEquals(await Deno.readTextFile(`${folder}/log`), "fir");
    await log[Symbol.asyncDispose]();
  }));

Deno.test("AppendFile.append() never cuts off what another writer added", () =>
  inFolder(async (folder) => {
    const path = `${folder}/log`;
    const log = AppendFile.openSync(path);
    await Deno.writeTextFile(path, "another writer's line\n", { append: true });
    assertEquals([log.size, log.diskSize()], [0, 22]);
    using _full = stub(Deno.FsFile.prototype, "writeSync", () => {
      throw diskFull();
    });
    assertThrows(() => log.append(line("x")), FileError);
    assertThrows(() => log.append(line("y")), FileError, "earlier write failed");
    assertEquals(await Deno.readTextFile(path), "another writer's line\n");
    await log[Symbol.asyncDispose]();
  }));

Deno.test("AppendFile: a file that may not grow ends with a whole record", () =>
  inFolder(async (folder) => {
    const program = new URL("../programs/fill_log.ts", import.meta.url).href;
    const words = [
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-check",
      "--allow-read",
      "--allow-write",
    ];
    // Not a multiple of 1000, in blocks of 512 or 1024 bytes, so that the last write is a short one.
    // The limit sends a signal too, which would end the program; the full disk is what is meant.
    const script = 'trap "" XFSZ; ulimit -f 1001; exec "$@"';
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", script, "sh", ...words, program, `${folder}/log`],
      stderr: "inherit",
    }).output();
    const { code, size, diskSize } = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(code, "no_space");
    assertEquals([size % 1000, diskSize], [0, size]);
    assert(size > 0);
    assertEquals((await Deno.stat(`${folder}/log`)).size, size);
  }));

/** Makes the end of each sync a step of the test. */
function heldSyncs(): Disposable & { ends: PromiseWithResolvers<void>[] } {
  const ends: PromiseWithResolvers<void>[] = [];
  const held = stub(Deno.FsFile.prototype, "syncData", () => {
    const end = Promise.withResolvers<void>();
    ends.push(end);
    return end.promise;
  });
  return { ends, [Symbol.dispose]: () => held[Symbol.dispose]() };
}

Deno.test("AppendFile.sync(): those who come while one runs share exactly one more", () =>
  inFolder(async (folder) => {
    using syncs = heldSyncs();
    await using log = AppendFile.openSync(`${folder}/log`);
    log.append(line("one"));
    const first = log.sync();
    log.append(line("two"));
    const settled: string[] = [];
    const rest = ["a", "b", "c"].map((name) => log.sync().then(() => settled.push(name)));
    log.scheduleSync();
    assertEquals(syncs.ends.length, 1);
    syncs.ends[0]!.resolve();
    await first;
    assertEquals(settled, []); // they also wait for what was appended after the first began
    log.append(line("three"));
    syncs.ends[1]!.resolve();
    await Promise.all(rest);
    assertEquals(settled, ["a", "b", "c"]);
    assertEquals(syncs.ends.length, 2);
    const last = log.sync();
    syncs.ends[2]!.resolve();
    await last;
    await log.sync(); // nothing was appended since: nothing to do
    assertEquals(syncs.ends.length, 3);
  }));

Deno.test("AppendFile.scheduleSync(): its failure is told by the next call, whichever it is", () =>
  inFolder(async (folder) => {
    const calls: ((log: AppendFile) => unknown)[] = [
      (log) => log.append(line("two")),
      (log) => log.sync(),
      (log) => log.scheduleSync(),
      (log) => log.diskSize(),
      (log) => log[Symbol.asyncDispose](),
    ];
    for (const call of calls) {
      using syncs = heldSyncs();
      const log = AppendFile.openSync(`${folder}/log`);
      log.append(line("one"));
      log.scheduleSync();
      const cause = new Error("the disk is gone");
      syncs.ends[0]!.reject(cause);
      await new Promise((resolve) => setTimeout(resolve)); // the failure has been heard by now
      const error = await assertRejects(async () => await call(log), FileError);
      assert(error.cause === cause || (error.cause as FileError).cause === cause);
      await log[Symbol.asyncDispose](); // told once, disposal is quiet
    }
  }));

Deno.test("AppendFile: disposal waits for the syncs that were asked for", () =>
  inFolder(async (folder) => {
    using syncs = heldSyncs();
    const log = AppendFile.openSync(`${folder}/log`);
    log.append(line("one"));
    const first = log.sync();
    log.append(line("two"));
    log.scheduleSync();
    let over = false;
    const disposed = log[Symbol.asyncDispose]().then(() => over = true);
    syncs.ends[0]!.resolve();
    await first;
    assertEquals([over, syncs.ends.length], [false, 2]);
    syncs.ends[1]!.resolve();
    await disposed;
    assertThrows(() => log.append(line("three")), FileError, "closed");
    assertThrows(() => log.scheduleSync(), FileError, "closed");
    await assertRejects(() => log.sync(), FileError, "closed");
    await log[Symbol.asyncDispose]();
  }));

Deno.test("AppendFile.sync() and append() work beside each other on a real disk", () =>
  inFolder(async (folder) => {
    await using log = AppendFile.openSync(`${folder}/log`);
    const waiting: Promise<void>[] = [];
    for (let index = 0; index < 100; index++) {
      log.append(line(String(index)));
      waiting.push(log.sync());
      if (index % 10 === 0) await waiting.at(-1);
    }
    await Promise.all(waiting);
    const text = Array.from({ length: 100 }, (_, index) => `${index}\n`).join("");
    assertEquals(await Deno.readTextFile(`${folder}/log`), text);
  }));

Deno.test("AppendFile.syncSync() leaves nothing for a later sync, and tells a failure at once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using file = AppendFile.openSync(`${folder}/log`, { create: true });
    file.append(new TextEncoder().encode("one\n"));
    file.syncSync();
    await file.sync();
    const sync = Deno.FsFile.prototype.syncDataSync;
    Deno.FsFile.prototype.syncDataSync = () => {
      throw new Error("the disk is gone");
    };
    try {
      assertThrows(() => file.syncSync(), FileError, "the disk is gone");
    } finally {
      Deno.FsFile.prototype.syncDataSync = sync;
    }
    assertThrows(() => file.append(new Uint8Array(1)), FileError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
