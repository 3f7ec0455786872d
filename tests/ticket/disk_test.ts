import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Disk, type DiskStep } from "../../lib/ticket/disk.ts";
import type { Write } from "../../lib/ticket/_write.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { stub } from "../file/_stub.ts";
import { filesIn, inRoot, rejection } from "./_written_root.ts";

/** Runs a test with a disk whose steps are noted. */
function onDisk(test: (disk: Disk, steps: string[]) => Promise<void>): Promise<void> {
  return inRoot(async (root) => {
    const steps: string[] = [];
    const onWrite = ({ action, path, phase }: DiskStep) => steps.push(`${phase} ${action} ${path}`);
    const disk = new Disk(root, { onWrite });
    await disk.makeRoot();
    await test(disk, steps);
  });
}

async function assertEscape(run: () => Promise<unknown>): Promise<void> {
  const error = await rejection(run);
  assertEquals(error.code, "escapes_root", error.message);
}

Deno.test("Disk: every kind of change happens and is told before and after", () =>
  onDisk(async (disk, steps) => {
    await disk.perform([
      { action: "make_folder", path: ".new" },
      { action: "create", path: ".new/item.md", text: "one\n" },
      { action: "append", path: ".new/item.md", text: "two\n" },
      { action: "rename", path: ".new", to: "a" },
      { action: "write", path: "a/item.md", text: "three\n" },
      { action: "write", path: "a/other.md", text: "四\n" },
      { action: "remove", path: "a/item.md" },
    ]);
    assertEquals(filesIn(disk.root), { "a/": "", "a/other.md": "四\n" });
    assertEquals(
      steps,
      [
        "make_folder .new",
        "create .new/item.md",
        "append .new/item.md",
        "rename .new",
        "write a/item.md",
        "write a/other.md",
        "remove a/item.md",
      ].flatMap((step) => [`before ${step}`, `after ${step}`]),
    );
  }));

Deno.test("Disk: what is there already needs no step", () =>
  onDisk(async (disk, steps) => {
    await disk.makeFolder("a");
    steps.length = 0;
    await disk.makeFolder("a");
    await disk.remove("a/missing");
    assertEquals(steps, []);
  }));

Deno.test("Disk: paths that leave the root are refused", () =>
  onDisk(async (disk, steps) => {
    for (const path of ["../a", "a/../../b", "/etc/a", "", "a//b", "./a", "a\\b", "a\0b"]) {
      await assertEscape(() => disk.makeFolder(path));
      await assertEscape(() => disk.writeWhole(path, "x"));
      await assertEscape(() => disk.append(path, "x"));
      await assertEscape(() => disk.remove(path));
      await assertEscape(() => disk.rename("a", path));
    }
    assertEquals(steps, []);
  }));

Deno.test("Disk: links are never written through", () =>
  onDisk(async (disk) => {
    const outside = `${disk.root}/../outside`;
    await Deno.mkdir(outside);
    await Deno.writeTextFile(`${outside}/item.md`, "safe\n");
    await Deno.symlink(outside, `${disk.root}/folder`);
    await Deno.symlink(`${outside}/item.md`, `${disk.root}/file`);
    for (const path of ["folder/item.md", "folder/new.md", "file", "folder"]) {
      await assertEscape(() => disk.writeWhole(path, "x"));
      await assertEscape(() => disk.append(path, "x"));
      await assertEscape(() => disk.createFile(path, "x"));
    }
    await assertEscape(() => disk.makeFolder("folder/deeper"));
    await assertEscape(() => disk.makeFolder("folder"));
    await assertEscape(() => disk.remove("folder/item.md"));
    assertEquals(filesIn(outside), { "item.md": "safe\n" });
    // A link itself can go; what it points to stays.
    await disk.remove("folder");
    await disk.remove("file");
    assertEquals(filesIn(outside), { "item.md": "safe\n" });
    assertEquals(filesIn(disk.root), {});
  }));

Deno.test("Disk.rename() never takes the place of something", () =>
  onDisk(async (disk, steps) => {
    await disk.makeFolder("a");
    await disk.makeFolder("b");
    steps.length = 0;
    const error = await rejection(() => disk.rename("a", "b"));
    assertEquals(error.code, "conflict");
    assertEquals(steps, []);
  }));

Deno.test("Disk.append() wants a file that is there", () =>
  onDisk(async (disk) => {
    const error = await rejection(() => disk.append("a.md", "x"));
    assertEquals(error.code, "io");
    assert(error.message.startsWith(`ticket backend I/O error at ${disk.root}/a.md: `));
    assertEquals(filesIn(disk.root), {});
  }));

Deno.test("Disk: what a listener throws ends the work right there", () =>
  inRoot(async (root) => {
    const crash = new Error("crash");
    const disk = new Disk(root, {
      onWrite: ({ phase, path }) => {
        if (phase === "before" && path === "b") throw crash;
      },
    });
    await disk.makeRoot();
    const writes = ["a", "b", "c"].map((path) => ({ action: "write", path, text: "x" } as const));
    assertEquals(await assertRejects(() => disk.perform(writes)), crash);
    assertEquals(filesIn(root), { a: "x" });
  }));

Deno.test("Disk.perform(): what the system refuses leaves nothing of the plan behind", () =>
  onDisk(async (disk) => {
    await disk.perform([
      { action: "make_folder", path: "a" },
      { action: "create", path: "a/thread.md", text: "one\n" },
      { action: "create", path: "a/item.md", text: "old\n" },
      { action: "create", path: "a/resolution.md", text: "done\n" },
      { action: "create", path: "taken", text: "" },
    ]);
    const before = filesIn(disk.root);
    const error = await rejection(() =>
      disk.perform([
        { action: "make_folder", path: "a/artifacts" },
        { action: "rename", path: "a/resolution.md", to: "a/artifacts/resolution.md" },
        { action: "write", path: "a/resolution.md", text: "again\n" },
        { action: "append", path: "a/thread.md", text: "two\n" },
        { action: "write", path: "a/item.md", text: "new\n" },
        { action: "make_folder", path: ".b.new" },
        { action: "create", path: ".b.new/item.md", text: "b\n" },
        { action: "rename", path: ".b.new", to: "taken" },
      ])
    );
    assertEquals(error.code, "conflict");
    assertEquals(filesIn(disk.root), before);
  }));

Deno.test("Disk.perform(): says what could not be taken back", () =>
  onDisk(async (disk) => {
    await disk.perform([{ action: "create", path: "taken", text: "" }]);
    const onWrite = ({ action, phase }: DiskStep) => {
      // Somebody removes the file under our hands.
      if (action === "append" && phase === "after") Deno.removeSync(disk.absolute("thread.md"));
    };
    const unlucky = new Disk(disk.root, { onWrite });
    await unlucky.createFile("thread.md", "one\n");
    await unlucky.createFile("item.md", "one\n");
    const error = await rejection(() =>
      unlucky.perform([
        { action: "append", path: "thread.md", text: "two\n" },
        { action: "rename", path: "item.md", to: "taken" },
      ])
    );
    assertMatch(error.message, /exists already; a part of the change stays/);
  }));

Deno.test("Disk.perform(): a step that fails after it has happened is taken back too", () =>
  onDisk(async (disk) => {
    await disk.perform([
      { action: "make_folder", path: "a" },
      { action: "create", path: "a/thread.md", text: "one\n" },
      { action: "create", path: "a/item.md", text: "old\n" },
    ]);
    const before = filesIn(disk.root);
    const plan: Write[] = [
      { action: "append", path: "a/thread.md", text: "two\n" },
      { action: "write", path: "a/item.md", text: "new\n" },
      { action: "write", path: "a/resolution.md", text: "done\n" },
      { action: "make_folder", path: "a/artifacts" },
      { action: "create", path: "a/artifacts/x", text: "x\n" },
      { action: "rename", path: "a/resolution.md", to: "a/artifacts/resolution.md" },
    ];
    for (const failing of plan) {
      // Like a sync that the disk refuses.
      const onWrite = ({ action, path, phase }: DiskStep) => {
        if (phase === "after" && action === failing.action && path === failing.path) {
          throw TicketError.io(path, new Error("refused"));
        }
      };
      const error = await rejection(() => new Disk(disk.root, { onWrite }).perform(plan));
      assertMatch(error.message, /refused$/);
      assertEquals(filesIn(disk.root), before, failing.action);
    }
  }));

Deno.test("Disk.perform(): what is taken back gets its times back", () =>
  onDisk(async (disk) => {
    await disk.perform([
      { action: "create", path: "thread.md", text: "one\n" },
      { action: "create", path: "item.md", text: "old\n" },
      { action: "create", path: "taken", text: "" },
    ]);
    const long = new Date("2026-06-01T00:00:00.250Z");
    for (const path of ["thread.md", "item.md"]) await Deno.utime(disk.absolute(path), long, long);
    await rejection(() =>
      disk.perform([
        { action: "append", path: "thread.md", text: "two\n" },
        { action: "write", path: "item.md", text: "new\n" },
        { action: "rename", path: "item.md", to: "taken" },
      ])
    );
    for (const path of ["thread.md", "item.md"]) {
      assertEquals((await Deno.lstat(disk.absolute(path))).mtime, long, path);
    }
  }));

Deno.test("Disk.perform(): what belongs to somebody else is taken back without its times", () =>
  onDisk(async (disk) => {
    await disk.createFile("thread.md", "one\n");
    await disk.createFile("taken", "");
    using _utime = stub(
      Deno.FsFile.prototype,
      "utime",
      () => Promise.reject(new Deno.errors.PermissionDenied("Operation not permitted")),
    );
    const plan: Write[] = [
      { action: "append", path: "thread.md", text: "two\n" },
      { action: "rename", path: "thread.md", to: "taken" },
    ];
    assertMatch((await rejection(() => disk.perform(plan))).message, /exists already$/);
    assertEquals(filesIn(disk.root), { "taken": "", "thread.md": "one\n" });
  }));

Deno.test("Disk.perform(): what may not be written to needs no way back", () =>
  onDisk(async (disk) => {
    await disk.createFile("thread.md", "one\n");
    using _open = stub(
      Deno,
      "open",
      () => Promise.reject(new Deno.errors.PermissionDenied("Permission denied (os error 13)")),
    );
    const plan: Write[] = [{ action: "append", path: "thread.md", text: "two\n" }];
    assertMatch((await rejection(() => disk.perform(plan))).message, /Permission denied .*13\)$/);
  }));

Deno.test("Disk.perform(): what was replaced is put back also where nobody may write to it", () =>
  onDisk(async (disk) => {
    await disk.createFile("item.md", "old\n");
    await disk.createFile("taken", "");
    await Deno.chmod(disk.absolute("item.md"), 0o444);
    const open = Deno.open;
    // As the system does for everybody but root.
    using _open = stub(Deno, "open", (path, options) => {
      return options?.write && !options.createNew
        ? Promise.reject(new Deno.errors.PermissionDenied("Permission denied (os error 13)"))
        : open(path, options);
    });
    const plan: Write[] = [
      { action: "write", path: "item.md", text: "new\n" },
      { action: "rename", path: "item.md", to: "taken" },
    ];
    assertMatch((await rejection(() => disk.perform(plan))).message, /exists already$/);
    assertEquals(filesIn(disk.root), { "item.md": "old\n", "taken": "" });
  }));

Deno.test("Disk.perform(): cuts nothing off a file that has come in the place of the thread", () =>
  onDisk(async (disk) => {
    await disk.createFile("thread.md", "one\n");
    const onWrite = ({ action, phase }: DiskStep) => {
      if (action !== "append" || phase !== "after") return;
      Deno.writeTextFileSync(disk.absolute("other.md"), "theirs\n");
      Deno.renameSync(disk.absolute("other.md"), disk.absolute("thread.md"));
      throw TicketError.io("thread.md", new Error("refused"));
    };
    const plan: Write[] = [{ action: "append", path: "thread.md", text: "two\n" }];
    const error = await rejection(() => new Disk(disk.root, { onWrite }).perform(plan));
    assertMatch(error.message, /refused; a part of the change stays/);
    assertEquals(filesIn(disk.root), { "thread.md": "theirs\n" });
  }));

Deno.test("Disk.perform(): takes back nothing that somebody else wrote in the meantime", () =>
  onDisk(async (disk) => {
    const foreign: Record<string, { plan: Write; write: () => void; left: [string, string] }> = {
      append: {
        plan: { action: "append", path: "a/thread.md", text: "two\n" },
        write: () =>
          Deno.writeTextFileSync(disk.absolute("a/thread.md"), "foreign\n", { append: true }),
        left: ["a/thread.md", "one\ntwo\nforeign\n"],
      },
      write: {
        plan: { action: "write", path: "a/item.md", text: "new\n" },
        write: () => Deno.writeTextFileSync(disk.absolute("a/item.md"), "foreign\n"),
        left: ["a/item.md", "foreign\n"],
      },
      make_folder: {
        plan: { action: "make_folder", path: "a/artifacts" },
        write: () => Deno.writeTextFileSync(disk.absolute("a/artifacts/notes.md"), "foreign\n"),
        left: ["a/artifacts/notes.md", "foreign\n"],
      },
    };
    await disk.makeFolder("a");
    for (const [name, { plan, write, left: [path, text] }] of Object.entries(foreign)) {
      await disk.writeWhole("a/thread.md", "one\n");
      await disk.writeWhole("a/item.md", "old\n");
      const onWrite = ({ action, phase }: DiskStep) => {
        if (action !== name || phase !== "after") return;
        write();
        throw TicketError.io("a", new Error("refused"));
      };
      const error = await rejection(() => new Disk(disk.root, { onWrite }).perform([plan]));
      assertMatch(error.message, /refused; a part of the change stays/, name);
      assertEquals(await Deno.readTextFile(disk.absolute(path)), text, name);
    }
  }));

Deno.test("Disk.perform(): no way back leads through a link", () =>
  onDisk(async (disk) => {
    await disk.makeFolder("a");
    const outside = `${disk.root}/../outside`;
    await Deno.mkdir(outside);
    await Deno.writeTextFile(`${outside}/relations.json`, "theirs\n");
    await Deno.symlink(outside, disk.absolute("a/artifacts"));
    const path = "a/artifacts/relations.json";
    const plans: Write[] = [
      { action: "write", path, text: "ours\n" },
      { action: "append", path, text: "ours\n" },
      { action: "create", path: "a/artifacts/new", text: "" },
      { action: "rename", path, to: "a/relations.json" },
    ];
    for (const plan of plans) await assertEscape(() => disk.perform([plan]));
    assertEquals(await Deno.readTextFile(`${outside}/relations.json`), "theirs\n");
  }));

Deno.test("Disk: what becomes a link between the look and the opening is not written through", () =>
  onDisk(async (disk) => {
    const outside = `${disk.root}/../outside`;
    const theirs = { "item.md": "theirs\n", "thread.md": "theirs\n" };
    await Deno.mkdir(outside);
    for (const [name, text] of Object.entries(theirs)) {
      await Deno.writeTextFile(`${outside}/${name}`, text);
    }
    const plans: Record<string, Write> = {
      append: { action: "append", path: "a/thread.md", text: "ours\n" },
      write: { action: "write", path: "a/item.md", text: "ours\n" },
      create: { action: "create", path: "a/new.md", text: "ours\n" },
      rename: { action: "rename", path: "a/item.md", to: "a/old.md" },
    };
    const swaps: Record<string, (path: string) => void> = {
      folder: () => {
        Deno.renameSync(disk.absolute("a"), disk.absolute("aside"));
        Deno.symlinkSync(outside, disk.absolute("a"));
      },
      file: (path) => {
        Deno.renameSync(disk.absolute(path), disk.absolute("aside"));
        Deno.symlinkSync(`${outside}/${path.slice(2)}`, disk.absolute(path));
      },
    };
    for (const [what, swap] of Object.entries(swaps)) {
      for (const [name, plan] of Object.entries(plans)) {
        if (what === "file" && name === "create") continue;
        await disk.remove("a");
        await disk.remove("aside");
        await disk.makeFolder("a");
        await disk.createFile("a/thread.md", "one\n");
        await disk.createFile("a/item.md", "one\n");
        const onWrite = ({ action, path, phase }: DiskStep) => {
          if (action === name && phase === "before") swap(path);
        };
        const writing = new Disk(disk.root, { onWrite }).perform([plan]);
        // A link in the place of a file that is replaced whole just goes.
        if (what === "file" && name === "write") await writing;
        else await assertEscape(() => writing);
        const { "new.md": made = "", ...left } = filesIn(outside);
        assertEquals([left, made], [theirs, ""], `${what} ${name}`);
      }
    }
  }));
