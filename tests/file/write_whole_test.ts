import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../../lib/file/file_error.ts";
import {
  isTemporarySibling,
  writeWhole,
  type WriteWholeOptions,
  writeWholeSync,
} from "../../lib/file/write_whole.ts";
import { diskFull, inFolder, stub } from "./_stub.ts";

type Write = (
  path: string,
  data: string | Uint8Array,
  options?: WriteWholeOptions,
) => Promise<void>;

/** Both forms behave alike; the second is made asynchronous for the tests only. */
const forms: [string, Write][] = [
  ["writeWhole()", writeWhole],
  ["writeWholeSync()", (...call) => Promise.resolve().then(() => writeWholeSync(...call))],
];

const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
const modeOf = (path: string) => Deno.statSync(path).mode! & 0o7777;

for (const [name, write] of forms) {
  Deno.test(`${name} creates and replaces a file and leaves nothing else`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await write(path, "text ✓");
      assertEquals(await Deno.readTextFile(path), "text ✓");
      await write(path, new Uint8Array([0, 255]), { sync: false });
      assertEquals(await Deno.readFile(path), new Uint8Array([0, 255]));
      await write(path, "");
      assertEquals(await Deno.readTextFile(path), "");
      assertEquals(namesIn(folder), ["file"]);
    }));

  Deno.test(`${name} keeps the permission bits of the target, or sets the given ones`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await write(path, "", { mode: 0o666 });
      assertEquals(modeOf(path), 0o666); // whatever the umask
      await Deno.chmod(path, 0o751);
      await write(path, "kept");
      assertEquals(modeOf(path), 0o751);
      await write(path, "given", { mode: 0o600 });
      assertEquals(modeOf(path), 0o600);
      await Deno.writeTextFile(`${folder}/usual`, "");
      await write(`${folder}/new`, "");
      assertEquals(modeOf(`${folder}/new`), modeOf(`${folder}/usual`));
    }));

  Deno.test({
    name: `${name} as root keeps owner and group of the target`,
    ignore: Deno.uid() !== 0,
    fn: () =>
      inFolder(async (folder) => {
        const path = `${folder}/file`;
        await Deno.writeTextFile(path, "old");
        await Deno.chown(path, 12345, 23456);
        await Deno.chmod(path, 0o2640);
        await write(path, "new");
        const { uid, gid } = await Deno.stat(path);
        assertEquals([uid, gid, modeOf(path)], [12345, 23456, 0o2640]);
      }),
  });

  Deno.test(`${name} writes where the owner cannot be kept`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await Deno.writeTextFile(path, "old");
      const refuse = () => {
        throw new Deno.errors.PermissionDenied("Operation not permitted (os error 1)");
      };
      const real = await Deno.stat(path);
      const foreign = { ...real, gid: real.gid! + 1 };
      using _chown = stub(Deno, "chownSync", refuse);
      using _lstat = stub(Deno, "lstatSync", () => foreign);
      await write(path, "new");
      assertEquals(await Deno.readTextFile(path), "new");
    }));

  Deno.test(`${name} replaces a symbolic link itself where it is told so`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/real`, "theirs");
      await Deno.symlink("real", `${folder}/link`);
      await write(`${folder}/link`, "new", { followLink: false });
      assert((await Deno.lstat(`${folder}/link`)).isFile);
      assertEquals(await Deno.readTextFile(`${folder}/real`), "theirs");
      assertEquals(await Deno.readTextFile(`${folder}/link`), "new");
    }));

  Deno.test(`${name} shows its sibling before anything is in it, and hears what is said`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await Deno.writeTextFile(path, "old");
      const refusal = new Error("not here");
      const checkSibling = (sibling: string) => {
        assertEquals(Deno.statSync(sibling).size, 0);
        throw refusal;
      };
      const error = await assertRejects(() => write(path, "new", { checkSibling }), FileError);
      assertEquals(error.cause, refusal);
      assertEquals(await Deno.readTextFile(path), "old");
      assertEquals(namesIn(folder), ["file"]);
    }));

  Deno.test(`${name} gives no bits to what a link leads to that has come for its sibling`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await Deno.writeTextFile(path, "old");
      await Deno.chmod(path, 0o666);
      await Deno.writeTextFile(`${folder}/other`, "private", { mode: 0o600 });
      const checkSibling = (sibling: string) => {
        Deno.removeSync(sibling);
        Deno.symlinkSync("other", sibling);
      };
      const error = await assertRejects(() => write(path, "new", { checkSibling }), FileError);
      assertEquals((error.cause as Error).message, "a link has come in the place of the new file");
      assertEquals(modeOf(`${folder}/other`), 0o600);
      assertEquals(await Deno.readTextFile(path), "old");
      assertEquals(namesIn(folder), ["file", "other"]);
    }));

  Deno.test(`${name} takes no bits from behind a link that it replaces`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/real`, "theirs");
      await Deno.chmod(`${folder}/real`, 0o4777);
      await Deno.symlink("real", `${folder}/link`);
      await write(`${folder}/link`, "new", { followLink: false });
      await Deno.writeTextFile(`${folder}/usual`, "");
      assertEquals(modeOf(`${folder}/link`), modeOf(`${folder}/usual`));
      await Deno.symlink("circle", `${folder}/circle`);
      await write(`${folder}/circle`, "new", { followLink: false });
      assertEquals(await Deno.readTextFile(`${folder}/circle`), "new");
    }));

  Deno.test(`${name} follows a symbolic link`, () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/elsewhere`);
      await Deno.writeTextFile(`${folder}/elsewhere/real`, "old");
      await Deno.symlink("elsewhere/real", `${folder}/link`);
      await write(`${folder}/link`, "new");
      assert((await Deno.lstat(`${folder}/link`)).isSymlink);
      assertEquals(await Deno.readTextFile(`${folder}/elsewhere/real`), "new");
      assertEquals(namesIn(`${folder}/elsewhere`), ["real"]);
      await Deno.symlink("nowhere", `${folder}/dangling`);
      await write(`${folder}/dangling`, "now a file");
      assertEquals(await Deno.readTextFile(`${folder}/dangling`), "now a file");
    }));

  Deno.test(`${name} says what is so, and leaves no temporary file, when it fails`, () =>
    inFolder(async (folder) => {
      const missing = await assertRejects(() => write(`${folder}/none/file`, "x"), FileError);
      assertEquals(missing.code, "not_found");
      assertEquals(missing.message, `Cannot write "${folder}/none/file": no such file or folder`);
      await Deno.mkdir(`${folder}/folder`);
      const folderError = await assertRejects(() => write(`${folder}/folder`, "x"), FileError);
      assertEquals(folderError.code, "io");
      assertEquals(namesIn(folder), ["folder"]);
    }));

  Deno.test(`${name} leaves the target as it was when the disk is full`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/file`;
      await Deno.writeTextFile(path, "old");
      const cause = diskFull();
      const fail = () => {
        throw cause;
      };
      using _write = stub(Deno.FsFile.prototype, "write", fail);
      using _writeSync = stub(Deno.FsFile.prototype, "writeSync", fail);
      const error = await assertRejects(() => write(path, "new"), FileError);
      assertEquals([error.code, error.path, error.cause], ["no_space", path, cause]);
      assertEquals(await Deno.readTextFile(path), "old");
      assertEquals(namesIn(folder), ["file"]);
    }));

  Deno.test(`${name} goes on after a short write`, () =>
    inFolder(async (folder) => {
      const { write: real, writeSync: realSync } = Deno.FsFile.prototype;
      using _write = stub(Deno.FsFile.prototype, "write", function (this: Deno.FsFile, bytes) {
        return real.call(this, bytes.subarray(0, 2));
      });
      using _writeSync = stub(
        Deno.FsFile.prototype,
        "writeSync",
        function (this: Deno.FsFile, bytes) {
          return realSync.call(this, bytes.subarray(0, 2));
        },
      );
      await write(`${folder}/file`, "in many parts");
      assertEquals(await Deno.readTextFile(`${folder}/file`), "in many parts");
    }));

  Deno.test(`${name}: what a crash leaves is recognised, and syncs before it renames`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/${"長".repeat(85)}`; // 255 bytes: the longest name there is
      const steps: string[] = [];
      let temporary = "";
      const { rename, renameSync } = Deno;
      const { syncData, syncDataSync, sync, syncSync } = Deno.FsFile.prototype;
      const stubs = [
        stub(Deno.FsFile.prototype, "syncData", function (this: Deno.FsFile) {
          steps.push("data");
          return syncData.call(this);
        }),
        stub(Deno.FsFile.prototype, "syncDataSync", function (this: Deno.FsFile) {
          steps.push("data");
          return syncDataSync.call(this);
        }),
        stub(Deno.FsFile.prototype, "sync", function (this: Deno.FsFile) {
          steps.push("folder");
          return sync.call(this);
        }),
        stub(Deno.FsFile.prototype, "syncSync", function (this: Deno.FsFile) {
          steps.push("folder");
          return syncSync.call(this);
        }),
        stub(Deno, "rename", (from, to) => {
          steps.push("rename");
          temporary = String(from);
          return rename(from, to);
        }),
        stub(Deno, "renameSync", (from, to) => {
          steps.push("rename");
          temporary = String(from);
          renameSync(from, to);
        }),
      ];
      try {
        await write(path, "x");
      } finally {
        for (const each of stubs) each[Symbol.dispose]();
      }
      assertEquals(steps, ["data", "rename", "folder"]);
      assert(temporary.startsWith(`${folder}/`));
      assert(isTemporarySibling(temporary.slice(folder.length + 1)), temporary);
      assertEquals(await Deno.readTextFile(path), "x");
    }));
}

Deno.test("writeWhole(): a reader sees the old content or the new, never a part", () =>
  inFolder(async (folder) => {
    const path = `${folder}/file`;
    const contents = ["a".repeat(100_000), "b".repeat(50_000)];
    await writeWhole(path, contents[0]!);
    let writing = true;
    const writer = (async () => {
      for (let round = 0; round < 30; round++) {
        await Promise.all(contents.map((text) => writeWhole(path, text, { sync: false })));
      }
      writing = false;
    })();
    while (writing) assert(contents.includes(await Deno.readTextFile(path)));
    await writer;
    assertEquals(namesIn(folder), ["file"]);
  }));

Deno.test("isTemporarySibling() takes nothing of a person's for a left-over", () => {
  for (const name of ["a", ".a", "a.tmp", ".a.yoi-tmp", ".a.0123.yoi-tmp", "thread.md"]) {
    assert(!isTemporarySibling(name), name);
  }
});
