import { assert, assertEquals } from "@std/assert";
import { findForWriting, findTicket, resolveId } from "../../lib/ticket/_lookup.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { lines, withRoot, writeTicket } from "./_ticket_root.ts";

Deno.test("findTicket() finds tickets of each generation by exactly their id", async () => {
  await withRoot((root) => {
    writeTicket(root, "00001KT07NV00");
    writeTicket(root, "20260608-015630-001");
    writeTicket(root, "closed/20260608-015629-cache");
    writeTicket(root, "open/20260608-015629-002");
    assertEquals(findTicket(root, "00001KT07NV00").generation, "v3");
    assertEquals(findTicket(root, "20260608-015630-001").generation, "v2");
    assertEquals(findTicket(root, "20260608-015629-cache").bucket, "closed");
    assertEquals(findTicket(root, "20260608-015629-002").generation, "v1");
    for (
      const other of [
        "00001KT07NV0",
        "00001kt07nv00",
        "cache",
        "closed",
        "item.md",
        "00001KT07NV01",
        "x".repeat(256), // longer than a name can be
      ]
    ) {
      assertTicketError(() => findTicket(root, other), "not_found", `ticket not found: ${other}`);
    }
  });
});

Deno.test("findTicket() refuses what can be no folder's name, before it looks at any file", () => {
  for (const name of ["", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\0b"]) {
    assertTicketError(() => findTicket("/nowhere", name), "invalid_component", "invalid ticket");
  }
});

Deno.test("findTicket() and resolveId() refuse a link in a ticket's place", async () => {
  await withRoot((root) => {
    writeTicket(root, "outside/real");
    Deno.symlinkSync(`${root}/outside/real`, `${root}/00001KT07NV00`);
    Deno.symlinkSync(`${root}/outside`, `${root}/open`);
    for (const name of ["00001KT07NV00", "real"]) {
      assertTicketError(() => findTicket(root, name), "escapes_root", "escapes configured root");
      assertTicketError(() => resolveId(root, name), "escapes_root", "escapes configured root");
    }
  });
});

Deno.test("findTicket() does not take a folder without item.md for a ticket", async () => {
  await withRoot((root) => {
    Deno.mkdirSync(`${root}/00001KT07NV00`);
    Deno.mkdirSync(`${root}/00001KT07NV01/item.md`, { recursive: true });
    assertTicketError(() => findTicket(root, "00001KT07NV00"), "not_found", "not found");
    assertTicketError(() => findTicket(root, "00001KT07NV01"), "not_found", "not found");
    assertTicketError(() => findTicket(`${root}/none`, "00001KT07NV01"), "not_found", "not found");
  });
});

Deno.test("resolveId() takes an unambiguous beginning, and names five candidates otherwise", async () => {
  await withRoot((root) => {
    for (const last of "0123456") writeTicket(root, `00001KT07NV0${last}`);
    writeTicket(root, "00001KT08NV00");
    assertEquals(resolveId(root, "00001KT08"), "00001KT08NV00");
    assertEquals(resolveId(root, "00001KT07NV03"), "00001KT07NV03");
    const { message } = assertTicketError(() => resolveId(root, "00001KT07"), "not_found", "");
    assertEquals(
      message,
      "ticket not found: 00001KT07 (it could be 00001KT07NV00, 00001KT07NV01, 00001KT07NV02, " +
        "00001KT07NV03, 00001KT07NV04 and 2 more)",
    );
    assertTicketError(() => resolveId(root, "00001kt08"), "not_found", "ticket not found");
    assertTicketError(() => resolveId(root, ""), "invalid_component", "");
  });
});

Deno.test("resolveId() knows slugs and the ids that old tickets will have", async () => {
  await withRoot((root) => {
    writeTicket(root, "closed/20260529-010200-a-first");
    writeTicket(root, "open/20260529-010200-b-second");
    writeTicket(root, "20260530-010200-001");
    assertEquals(resolveId(root, "b-second"), "20260529-010200-b-second");
    assertEquals(resolveId(root, "00001KSRM16T0"), "20260529-010200-a-first");
    assertEquals(resolveId(root, "00001KSRM16T1"), "20260529-010200-b-second");
    assertEquals(resolveId(root, "20260530"), "20260530-010200-001");
    writeTicket(root, "open/20260601-010200-b-second");
    assertTicketError(() => resolveId(root, "b-second"), "not_found", "it could be 20260529");
  });
});

Deno.test("resolveId() takes the slug that a v1 ticket's frontmatter has", async () => {
  const yaml = ["id: x", "slug: raw", "title: Log: write [once]", "status: closed"];
  const samples: readonly [slug: string, lines: readonly string[]][] = [
    ["quoted", lines({ slug: "quoted" })],
    ["plain", [...lines(), "slug: plain"]],
    ["double", [...lines(), 'slug: "double" # with a comment', "x: >", "  folded"]],
    ["raw", yaml],
  ];
  for (const [slug, lines] of samples) {
    await withRoot((root) => {
      const id = "20260601-000000-bar-99";
      writeTicket(root, `closed/${id}`, { lines });
      writeTicket(root, "open/20260601-000000-other", { lines: ["title: null", "slug: ~"] });
      assertEquals(resolveId(root, slug), id);
      assertEquals(resolveId(root, "other"), "20260601-000000-other");
      assertTicketError(() => resolveId(root, "bar-99"), "not_found", "not found: bar-99");
    });
  }
});

Deno.test("resolveId() does not choose between two tickets of one slug", async () => {
  await withRoot((root) => {
    const slug = lines({ slug: "foo" });
    writeTicket(root, "open/20260601-000000-foo", { lines: slug });
    writeTicket(root, "closed/20260601-000000-foo-4242", { lines: slug });
    const both = "it could be 20260601-000000-foo, 20260601-000000-foo-4242";
    assertTicketError(() => resolveId(root, "foo"), "not_found", both);
    assertEquals(resolveId(root, "20260601-000000-foo"), "20260601-000000-foo");
  });
});

Deno.test("resolveId() reads no ticket for a name that ids explain", async () => {
  await withRoot((root) => {
    writeTicket(root, "open/20260601-000000-foo");
    const read = Deno.readFileSync;
    Deno.readFileSync = () => {
      throw new Error("a file was read");
    };
    try {
      assertEquals(resolveId(root, "20260601-000000-foo"), "20260601-000000-foo");
      assertEquals(resolveId(root, "20260601"), "20260601-000000-foo");
      assertEquals(resolveId(root, "00001"), "20260601-000000-foo");
    } finally {
      Deno.readFileSync = read;
    }
  });
});

Deno.test("resolveId() knows old ids and slugs after a migration, from the map in the root", async () => {
  await withRoot((root) => {
    writeTicket(root, "00001KSRM16T0");
    writeTicket(root, "00001KSRM16T1");
    const map = {
      version: 1,
      ids: {
        "20260529-010200-a-first": "00001KSRM16T0",
        "20260529-010200-001": "00001KSRM16T0",
        "20260529-010200-b-second": "00001KSRM16T1",
        "20260529-010200-gone": "00001KSRM16T9",
      },
      slugs: { "a-first": ["00001KSRM16T0"], both: ["00001KSRM16T0", "00001KSRM16T1"] },
    };
    Deno.writeTextFileSync(`${root}/.ticket-ids.json`, JSON.stringify(map));
    assertEquals(resolveId(root, "20260529-010200-a-first"), "00001KSRM16T0");
    assertEquals(resolveId(root, "20260529-010200-001"), "00001KSRM16T0");
    assertEquals(resolveId(root, "20260529-010200-b"), "00001KSRM16T1");
    assertEquals(resolveId(root, "a-first"), "00001KSRM16T0");
    assertTicketError(() => resolveId(root, "both"), "not_found", "it could be");
    assertTicketError(() => resolveId(root, "20260529-010200-gone"), "not_found", "not found");
    const { message } = assertTicketError(() => resolveId(root, "toString"), "not_found", "");
    assert(!message.includes("could be"));
  });
});

Deno.test("resolveId() and findForWriting() do without a damaged map where they can, and say so where not", async () => {
  await withRoot((root) => {
    writeTicket(root, "00001KSRM16T0");
    Deno.writeTextFileSync(`${root}/.ticket-ids.json`, "{");
    assertEquals(resolveId(root, "00001KSRM16T0"), "00001KSRM16T0");
    assertEquals(resolveId(root, "00001K"), "00001KSRM16T0");
    assertTicketError(() => resolveId(root, "a-first"), "not_found", "map of old ids");
    const old = "20260529-010200-001";
    assertTicketError(() => findForWriting(root, old), "not_found", "map of old ids");
  });
});
