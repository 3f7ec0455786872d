import { assertEquals, assertThrows } from "@std/assert";
import { rootPath } from "../../lib/ticket/_root_path.ts";
import { ObjectiveStore } from "../../lib/ticket/objective_store.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { stub } from "../file/_stub.ts";
import { inRoot } from "./_written_root.ts";

Deno.test("rootPath() takes paths however they are written, and file: URLs", () => {
  using _cwd = stub(Deno, "cwd", () => "/work");
  const paths: [string | URL, string][] = [
    ["/a/b", "/a/b"],
    ["/a/b//", "/a/b"],
    ["/a/link/../b", "/a/link/../b"],
    ["/", "/"],
    ["///", "/"],
    ["a", "/work/a"],
    ["./a/", "/work/a"],
    [".//./a", "/work/a"],
    [".a", "/work/.a"],
    ["../a", "/work/../a"],
    [".", "/work"],
    ["./", "/work"],
    ["..", "/work/.."],
    [" a", "/work/ a"],
    [new URL("file:///a/b%20c/"), "/a/b c"],
    ["file:///a/%E6%97%A5", "/a/日"],
    [new URL("50% done/%zz/%41", "file:///a/"), "/a/50% done/%zz/A"],
    ["FILE:///a", "/a"],
    ["file://localhost/a", "/a"],
    ["file:a", "/work/file:a"],
  ];
  for (const [given, path] of paths) assertEquals(rootPath(given), path, String(given));
});

Deno.test("rootPath(): a working directory at the top", () => {
  using _cwd = stub(Deno, "cwd", () => "/");
  assertEquals([rootPath("a"), rootPath(".")], ["/a", "/"]);
});

Deno.test("rootPath() refuses what is no place", () => {
  for (const path of ["", " ", "a\0b"]) {
    assertEquals(assertThrows(() => rootPath(path), TicketError).code, "escapes_root");
  }
  assertThrows(() => rootPath(new URL("https://example.org/a")), TypeError, "not a file: URL");
  for (const url of ["file://tickets", "file://tickets/a"]) {
    assertThrows(() => rootPath(url), TypeError, 'names the computer "tickets"');
  }
  using _cwd = stub(Deno, "cwd", () => {
    throw new Deno.errors.NotFound("No such file or directory (os error 2)");
  });
  assertEquals(assertThrows(() => rootPath("a"), TicketError).code, "io");
});

Deno.test("TicketStore and ObjectiveStore go on meaning the folder that they were opened for", () =>
  inRoot(async (root) => {
    let folder = root;
    using _cwd = stub(Deno, "cwd", () => folder);
    const tickets = TicketStore.open("tickets", { author: "alice", durable: false });
    const objectives = ObjectiveStore.open("./objectives/", { durable: false });
    folder = "/nowhere";
    await tickets.create({ title: "x" });
    await objectives.create({ title: "y" });
    assertEquals([tickets.root, objectives.root], [`${root}/tickets`, `${root}/objectives`]);
    const again = TicketStore.open(new URL(`file://${root}/tickets`));
    assertEquals((await again.list()).total, 1);
  }));
