import { assertEquals } from "@std/assert";
import { scanRoot } from "../../lib/ticket/root_scan.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { makeFifo, withRoot, writeTicket } from "./_ticket_root.ts";

Deno.test("scanRoot() tells the generations apart entry by entry, sorted by id", async () => {
  await withRoot((root) => {
    writeTicket(root, "00001KT07NV01");
    writeTicket(root, "00001KT07NV00");
    writeTicket(root, "20260608-015630-001");
    writeTicket(root, "closed/20260608-015629-cache-the-index");
    writeTicket(root, "open/20260608-015631-002");
    writeTicket(root, "pending/without-a-stamp");
    assertEquals(scanRoot(root).entries, [
      { id: "00001KT07NV00", generation: "v3", folder: "00001KT07NV00" },
      { id: "00001KT07NV01", generation: "v3", folder: "00001KT07NV01" },
      {
        id: "20260608-015629-cache-the-index",
        generation: "v1",
        bucket: "closed",
        folder: "closed/20260608-015629-cache-the-index",
      },
      { id: "20260608-015630-001", generation: "v2", folder: "20260608-015630-001" },
      {
        id: "20260608-015631-002",
        generation: "v1",
        bucket: "open",
        folder: "open/20260608-015631-002",
      },
      {
        id: "without-a-stamp",
        generation: "v1",
        bucket: "pending",
        folder: "pending/without-a-stamp",
      },
    ]);
  });
});

Deno.test("scanRoot() tells what is no ticket, and follows no link", async () => {
  await withRoot(async (root) => {
    writeTicket(root, "00001KT07NV00");
    writeTicket(root, "00001kt07nv00");
    writeTicket(root, "20260608-015630-outside-a-bucket");
    await Deno.mkdir(`${root}/00001KT07NV01`);
    await Deno.mkdir(`${root}/drafts`);
    await Deno.mkdir(`${root}/.00001KT07NV02.new`);
    await Deno.mkdir(`${root}/open`);
    await Deno.writeTextFile(`${root}/.ticket-backend.lock`, "");
    await Deno.writeTextFile(`${root}/.x.tmp.123`, "");
    await Deno.writeTextFile(`${root}/README.md`, "");
    await Deno.symlink(`${root}/00001KT07NV00`, `${root}/00001KT07NV03`);
    await Deno.symlink(root, `${root}/closed`);
    await makeFifo(`${root}/pipe`);
    const { entries, problems, oddities } = scanRoot(root);
    assertEquals(entries.map((entry) => entry.id), ["00001KT07NV00"]);
    assertEquals(problems.map((problem) => problem.path), [
      "00001KT07NV03",
      "00001kt07nv00",
      "20260608-015630-outside-a-bucket",
      "closed",
    ]);
    assertEquals(oddities.map(({ path, kind }) => [path, kind]), [
      [".00001KT07NV02.new", "staging"],
      [".x.tmp.123", "temporary"],
      ["00001KT07NV01", "stray_folder"],
      ["00001KT07NV03", "link"],
      ["00001kt07nv00", "invalid_record"],
      ["20260608-015630-outside-a-bucket", "invalid_record"],
      ["README.md", "stray_file"],
      ["closed", "link"],
      ["drafts", "stray_folder"],
      ["open", "legacy_bucket"],
      ["pipe", "stray_file"],
    ]);
  });
});

Deno.test("scanRoot() keeps one of two tickets with the same id", async () => {
  await withRoot((root) => {
    writeTicket(root, "open/20260608-015630-cache");
    writeTicket(root, "closed/20260608-015630-cache");
    const { entries, problems, oddities } = scanRoot(root);
    assertEquals(entries.map((entry) => entry.folder), ["open/20260608-015630-cache"]);
    assertEquals(problems.map((it) => it.path), ["closed/20260608-015630-cache"]);
    assertEquals(oddities.map((it) => it.kind), ["legacy_bucket", "duplicate_id", "legacy_bucket"]);
  });
});

Deno.test("scanRoot() finds nothing in a missing root, and refuses a file", async () => {
  await withRoot((root) => {
    assertEquals(scanRoot(`${root}/none`), { entries: [], problems: [], oddities: [] });
    Deno.writeTextFileSync(`${root}/file`, "");
    assertTicketError(() => scanRoot(`${root}/file`), "io", "not a folder");
  });
});

Deno.test("scanRoot() tells of a bucket that is a record itself", async () => {
  await withRoot((root) => {
    writeTicket(root, "open");
    writeTicket(root, "open/20260608-015630-inside");
    const { entries, problems } = scanRoot(root);
    assertEquals(entries.map(({ id }) => id), ["20260608-015630-inside"]);
    assertEquals(problems.map(({ path }) => path), ["open"]);
  });
});
