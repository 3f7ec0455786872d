import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RootEntry } from "../../lib/ticket/root_scan.ts";
import { TicketFolder } from "../../lib/ticket/_ticket_files.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { makeFifo, withRoot, writeTicket } from "./_ticket_root.ts";

const ID = "00001KT07NV00";
const ENTRY: RootEntry = { id: ID, generation: "v3", folder: ID };

Deno.test("TicketFolder reads the files of a ticket, byte order mark and line ends included", async () => {
  await withRoot((root) => {
    writeTicket(root, ID, {
      body: "\r\nBöse\r\n",
      thread: "\ufeffpreamble\n",
      files: { "resolution.md": "Done.\n", "artifacts/a/b.md": "B" },
    });
    const folder = TicketFolder.of(root, ENTRY);
    assertStringIncludes(folder.readItemText(), "\r\nBöse\r\n");
    assertEquals(folder.readThreadText(), "\ufeffpreamble\n");
    assertEquals(folder.readResolution(), "Done.\n");
    assertEquals(folder.readArtifact("a/b.md"), "B");
    assertEquals(folder.readArtifact("a/c.md"), undefined);
    assertEquals(folder.readArtifact("none/c.md"), undefined);
  });
});

Deno.test("TicketFolder gives nothing where there is nothing, but for item.md", async () => {
  await withRoot((root) => {
    Deno.mkdirSync(`${root}/${ID}`);
    const folder = TicketFolder.of(root, ENTRY);
    assertEquals(folder.readThreadText(), undefined);
    assertEquals(folder.readResolution(), null);
    assertEquals(folder.scanArtifacts().paths, []);
    assertEquals(folder.itemStamp(), undefined);
    assertTicketError(() => folder.readItemText(), "not_found", ID);
  });
});

Deno.test("TicketFolder refuses a link anywhere on the way", async () => {
  await withRoot((root) => {
    writeTicket(root, "outside/real", { files: { "artifacts/secret.md": "secret" } });
    const link = (target: string, path: string) =>
      Deno.symlinkSync(`${root}/outside/real${target}`, `${root}/${path}`);
    writeTicket(root, ID);
    link("/item.md", `${ID}/resolution.md`);
    link("/artifacts", `${ID}/artifacts/inner`);
    link("", "00001KT07NV01");
    const folder = TicketFolder.of(root, ENTRY);
    const linked = TicketFolder.of(root, { ...ENTRY, folder: "00001KT07NV01" });
    for (
      const run of [
        () => folder.readResolution(),
        () => folder.readArtifact("inner/secret.md"),
        () => linked.readItemText(),
        () => linked.readThreadText(),
      ]
    ) assertTicketError(run, "escapes_root", root);
    assertEquals(linked.scanArtifacts().paths, []);
    assertEquals(linked.scanArtifacts().problems.length, 1);
  });
});

Deno.test("TicketFolder refuses paths that leave the ticket", async () => {
  await withRoot((root) => {
    writeTicket(root, ID);
    Deno.writeTextFileSync(`${root}/secret`, "secret");
    const folder = TicketFolder.of(root, ENTRY);
    for (const path of ["../../secret", "/etc/passwd", "", ".", "a//b", "a\0b"]) {
      assertTicketError(() => folder.readArtifact(path), "escapes_root", path);
    }
  });
});

Deno.test("TicketFolder never opens a FIFO or a folder", async () => {
  await withRoot(async (root) => {
    writeTicket(root, ID, { thread: null });
    await makeFifo(`${root}/${ID}/thread.md`);
    await Deno.mkdir(`${root}/${ID}/resolution.md`);
    const folder = TicketFolder.of(root, ENTRY);
    assertTicketError(() => folder.readThreadText(), "io", "not a regular file");
    assertTicketError(() => folder.readResolution(), "io", "not a regular file");
  });
});

Deno.test("TicketFolder tells the offset of the first byte that is no UTF-8", async () => {
  await withRoot((root) => {
    writeTicket(root, ID);
    const good = new TextEncoder().encode("ä\ufffd 日本");
    Deno.writeFileSync(`${root}/${ID}/thread.md`, new Uint8Array([...good, 0xff, 0x41]));
    const folder = TicketFolder.of(root, ENTRY);
    assertTicketError(() => folder.readThreadText(), "parse", `offset ${good.length} `);
    // Only a thread can end inside a letter: other files are written whole.
    Deno.writeFileSync(`${root}/${ID}/thread.md`, good.slice(0, -1));
    assertEquals(folder.readThread(), { text: "ä\ufffd 日", isCut: true });
    Deno.writeFileSync(`${root}/${ID}/resolution.md`, good.slice(0, -1));
    assertTicketError(() => folder.readResolution(), "parse", "not UTF-8");
  });
});

Deno.test("TicketFolder reads no file of more than 16 MiB", async () => {
  await withRoot((root) => {
    writeTicket(root, ID);
    Deno.truncateSync(`${root}/${ID}/thread.md`, 16 * 1024 * 1024 + 1);
    const folder = TicketFolder.of(root, ENTRY);
    assertTicketError(() => folder.readThreadText(), "parse", "16 MiB (16777217 bytes)");
  });
});

Deno.test("TicketFolder.scanArtifacts() lists files sorted, and refuses what is none", async () => {
  await withRoot(async (root) => {
    writeTicket(root, ID, {
      files: {
        "artifacts/b.md": "",
        "artifacts/a/z.txt": "",
        "artifacts/a/.gitkeep": "",
        "artifacts/.b.md.0123456789abcdef.yoi-tmp": "",
        "artifacts/.note.tmp.12": "",
      },
    });
    await Deno.symlink("..", `${root}/${ID}/artifacts/a/loop`);
    await makeFifo(`${root}/${ID}/artifacts/pipe`);
    const { paths, problems } = TicketFolder.of(root, ENTRY).scanArtifacts();
    assertEquals(paths, [".note.tmp.12", "a/z.txt", "b.md"]);
    assertEquals(problems.map((problem) => problem.path).sort(), [
      `${ID}/artifacts/a/loop`,
      `${ID}/artifacts/pipe`,
    ]);
  });
});

Deno.test("TicketFolder.scanArtifacts() lists folders that lie very deep within each other at once", async () => {
  await withRoot(async (root) => {
    writeTicket(root, ID);
    const deepest = `${root}/${ID}/artifacts/${"d/".repeat(1_000)}`;
    await Deno.mkdir(deepest, { recursive: true });
    await Deno.writeTextFile(`${deepest}note.md`, "");
    const begin = performance.now();
    const { paths, problems } = TicketFolder.of(root, ENTRY).scanArtifacts();
    assertEquals([paths.length, problems], [1, []]);
    assert(performance.now() - begin < 2_000);
  });
});

Deno.test({
  name:
    "TicketFolder.scanArtifacts() names a folder that may not be looked into as others do (needs a user who is not root)",
  // Nothing is closed to root.
  ignore: Deno.uid() === 0,
  fn: () =>
    withRoot(async (root) => {
      writeTicket(root, ID, { files: { "artifacts/a/note.md": "" } });
      await Deno.chmod(`${root}/${ID}/artifacts`, 0);
      const { problems } = TicketFolder.of(root, ENTRY).scanArtifacts();
      await Deno.chmod(`${root}/${ID}/artifacts`, 0o700);
      assertEquals(problems.map(({ path }) => path), [`${ID}/artifacts`]);
    }),
});

Deno.test("TicketFolder.itemStamp() changes with item.md", async () => {
  await withRoot((root) => {
    writeTicket(root, ID);
    const folder = TicketFolder.of(root, ENTRY);
    const before = folder.itemStamp();
    assertEquals(folder.itemStamp(), before);
    Deno.writeTextFileSync(`${root}/${ID}/item.md`, "x", { append: true });
    assert(folder.itemStamp() !== before);
  });
});
