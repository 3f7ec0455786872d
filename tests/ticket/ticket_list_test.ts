import { assert, assertEquals, assertRejects } from "@std/assert";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { takeItems } from "../../lib/ticket/_all_items.ts";
import type { TicketState } from "../../lib/ticket/states.ts";
import { type ListOptions, listTickets, type TicketSort } from "../../lib/ticket/ticket_list.ts";
import { searchTickets } from "../../lib/ticket/ticket_search.ts";
import { lines, makeFifo, withRoot, writeTicket } from "./_ticket_root.ts";

const IDS = ["00001KT07NV00", "00001KT07NV01", "00001KT07NV02", "00001KT07NV03", "00001KT07NV04"];

/** Five tickets: their numbers are the last letters of their ids. */
function writeFive(root: string): void {
  const fields: Record<string, string>[] = [
    { title: "Zebra", state: "closed", updated_at: "2026-06-05T00:00:00Z" },
    { title: "apple", state: "ready", priority: "P1", assignee: "mallory" },
    { title: "Märchen", state: "planning", priority: "P0", created_at: "2026-05-01T00:00:00Z" },
    { title: "Apple pie", state: "ready", kind: "bug" },
    { title: "last", state: "done", updated_at: "2026-06-01T00:00:00Z", priority: "P1" },
  ];
  for (const [index, id] of IDS.entries()) {
    writeTicket(root, id, { lines: lines(fields[index]) });
  }
}

/** Numbers of the tickets that a list shows. */
async function numbers(root: string, options: ListOptions): Promise<string> {
  const { tickets } = await listTickets(root, options);
  return tickets.map((ticket) => ticket.id.at(-1)).join("");
}

Deno.test("listTickets() gives rows in the order of ids", async () => {
  await withRoot(async (root) => {
    writeTicket(root, IDS[1]!, { lines: [...lines(), "priority: 'P2'", "readiness: 'draft'"] });
    writeTicket(root, IDS[0]!, { lines: ["state: 'closed'"] });
    assertEquals(await listTickets(root), {
      tickets: [
        {
          id: IDS[0]!,
          generation: "v3",
          title: "",
          state: "closed",
          priority: null,
          updatedAt: null,
          hints: [],
        },
        {
          id: IDS[1]!,
          generation: "v3",
          title: "Cache the index",
          state: "planning",
          priority: "P2",
          updatedAt: "2026-06-02T00:00:00Z",
          hints: ["readiness:draft"],
        },
      ],
      problems: [],
      total: 2,
      truncated: false,
    });
  });
});

Deno.test("takeItems() finds tickets again that a migration moves meanwhile", async () => {
  await withRoot(async (root) => {
    // More than are read at once, so that the last one moves between its listing and its reading.
    for (let index = 1; index <= 300; index++) {
      writeTicket(root, `20260601-000000-${String(index).padStart(3, "0")}`, { lines: lines() });
    }
    let isFirst = true;
    const { taken, entries, problems } = await takeItems(root, ({ entry }) => {
      if (isFirst) Deno.renameSync(`${root}/20260601-000000-300`, `${root}/${IDS[0]}`);
      isFirst = false;
      return entry.id;
    });
    assertEquals([taken.length, entries.length, problems], [300, 301, []]);
    assertEquals([taken[0], taken.at(-1)], [IDS[0], "20260601-000000-299"]);
  });
});

Deno.test("listTickets() hints at the bucket that no state stands for", async () => {
  await withRoot(async (root) => {
    for (const bucket of ["open", "pending", "closed"]) {
      await Deno.mkdir(`${root}/${bucket}`);
      writeTicket(root, `${bucket}/20260601-000000-${bucket}`, { lines: lines() });
    }
    const { tickets } = await listTickets(root);
    assertEquals(tickets.map(({ hints }) => hints), [[], [], ["bucket:pending"]]);
  });
});

Deno.test("listTickets() gives nothing for a missing root", async () => {
  await withRoot(async (root) => {
    const empty = { tickets: [], problems: [], total: 0, truncated: false };
    assertEquals(await listTickets(`${root}/none`), empty);
  });
});

Deno.test("listTickets() filters, and all filters have to hold", async () => {
  await withRoot(async (root) => {
    writeFive(root);
    const cases: [ListOptions, string][] = [
      [{}, "01234"],
      [{ states: "all" }, "01234"],
      [{ states: "active" }, "1234"],
      [{ states: ["ready", "done"] }, "134"],
      [{ states: [] }, ""],
      [{ priorities: ["P1"] }, "14"],
      [{ priorities: ["P0", null] }, "023"],
      [{ assignee: "mallory" }, "1"],
      [{ assignee: null }, "0234"],
      [{ kinds: ["bug", "task"] }, "3"],
      [{ text: "APPLE" }, "13"],
      [{ text: "nv02" }, "2"],
      [{ text: "mÄr" }, "2"],
      [{ text: "ma\u0308r" }, "2"],
      [{ states: ["ready"], text: "pie" }, "3"],
    ];
    for (const [options, expected] of cases) {
      assertEquals(await numbers(root, options), expected, JSON.stringify(options));
    }
  });
});

Deno.test("listTickets() sorts, what has nothing to sort by last", async () => {
  await withRoot(async (root) => {
    writeFive(root);
    const cases: [ListOptions, string][] = [
      [{ sort: "id", reverse: true }, "43210"],
      [{ sort: "updated" }, "41230"],
      [{ sort: "created" }, "20134"],
      [{ sort: "priority" }, "21403"],
      [{ sort: "state" }, "21340"],
      [{ sort: "title" }, "32014"],
    ];
    for (const [options, expected] of cases) {
      assertEquals(await numbers(root, options), expected, JSON.stringify(options));
    }
  });
});

Deno.test("listTickets() pages: limit, offset and after, in the order of the list", async () => {
  await withRoot(async (root) => {
    writeFive(root);
    const cases: [ListOptions, string, boolean][] = [
      [{ limit: 2 }, "01", true],
      [{ limit: 0 }, "", true],
      [{ limit: 5 }, "01234", false],
      [{ limit: Infinity }, "01234", false],
      [{ limit: 2, offset: 3 }, "34", false],
      [{ limit: 1, offset: 9 }, "", false],
      [{ after: IDS[1]!, limit: 2 }, "23", true],
      [{ after: IDS[4]! }, "", false],
      [{ after: IDS[1]!, reverse: true }, "0", false],
      [{ after: IDS[0]!, states: ["done"] }, "4", false],
      [{ after: "00001KT07NV02x" }, "34", false],
      [{ after: "00001KT07NV02x", reverse: true }, "210", false],
      [{ after: IDS[1]!, sort: "priority" }, "403", false],
      [{ after: IDS[1]!, offset: 1, limit: 1, sort: "priority" }, "0", true],
      [{ after: IDS[1]!, states: ["done"], sort: "priority" }, "4", false],
    ];
    for (const [options, expected, truncated] of cases) {
      const list = await listTickets(root, options);
      const shown = list.tickets.map((ticket) => ticket.id.at(-1)).join("");
      assertEquals([shown, list.truncated], [expected, truncated], JSON.stringify(options));
      assertEquals(list.total, options.states ? 1 : 5);
    }
    const options = { after: "00001KT07NV0Z", sort: "title" } as const;
    const error = await assertRejects(() => listTickets(root, options));
    assert(error instanceof TicketError && error.code === "not_found");
  });
});

Deno.test("listTickets() shows 50 rows unless it is asked for another number", async () => {
  await withRoot(async (root) => {
    for (let number = 100; number < 160; number++) writeTicket(root, `00001KT07N${number}`);
    const list = await listTickets(root);
    assertEquals([list.tickets.length, list.total, list.truncated], [50, 60, true]);
    assertEquals((await listTickets(root, { limit: Infinity })).tickets.length, 60);
  });
});

Deno.test("listTickets() refuses a limit that is no number of rows", async () => {
  for (const limit of [-1, 1.5, NaN]) {
    await assertRejects(() => listTickets("/nowhere", { limit }), RangeError, "limit");
    await assertRejects(() => listTickets("/nowhere", { offset: limit }), RangeError, "offset");
  }
});

Deno.test("listTickets() tells what cannot be read beside the rest, whatever is asked for", async () => {
  await withRoot(async (root) => {
    const secret = "hunter2";
    const bad = (name: string, text: string) => {
      writeTicket(root, name);
      Deno.writeTextFileSync(`${root}/${name}/item.md`, text);
    };
    writeTicket(root, IDS[0]!);
    bad("00001KT07NV10", "");
    bad("00001KT07NV11", `${secret}\n---\n`);
    bad("00001KT07NV12", `---\ntitle: ${secret}\n`);
    bad("00001KT07NV13", `---\nstate: '${secret}'\n---\n`);
    bad("00001KT07NV14", `---\n${secret}: {a: 1}\n---\n`);
    bad("00001KT07NV15", `---\ntitle: "${secret}\n---\n`);
    bad("00001KT07NV16", `---\ntitle: [${secret}]\n---\n`);
    bad("00001KT07NV17", `---\ntitle: *${secret}\n---\n`);
    bad("00001KT07NV18", `---\ntitle: !<${secret}> a\n---\n`);
    bad("lower", "---\n---\n");
    writeTicket(root, "00001KT07NV20");
    await Deno.truncate(`${root}/00001KT07NV20/item.md`, 16 * 1024 * 1024 + 1);
    writeTicket(root, "00001KT07NV21");
    await Deno.writeFile(
      `${root}/00001KT07NV21/item.md`,
      new Uint8Array([
        ...new TextEncoder().encode("---\ntitle: '"),
        0xff,
        0x27,
        10,
        45,
        45,
        45,
        10,
      ]),
    );
    await Deno.mkdir(`${root}/00001KT07NV22`);
    await makeFifo(`${root}/00001KT07NV22/item.md`);
    await Deno.mkdir(`${root}/00001KT07NV23`);
    await Deno.symlink(`${root}/${IDS[0]}/item.md`, `${root}/00001KT07NV23/item.md`);
    await Deno.symlink(`${root}/${IDS[0]}`, `${root}/00001KT07NV24`);
    await Deno.mkdir(`${root}/00001KT07NV25`);

    const { tickets, problems } = await listTickets(root);
    assertEquals(tickets.map((ticket) => ticket.id), [IDS[0]]);
    const reasons = new Map(problems.map(({ path, reason }) => [path, reason]));
    assertEquals([...reasons.keys()], [
      ...["00001KT07NV10/item.md", "00001KT07NV11/item.md", "00001KT07NV12/item.md"],
      ...["00001KT07NV13/item.md", "00001KT07NV14/item.md", "00001KT07NV15/item.md"],
      ...["00001KT07NV16/item.md", "00001KT07NV17/item.md", "00001KT07NV18/item.md"],
      ...["00001KT07NV20/item.md", "00001KT07NV21/item.md", "00001KT07NV22/item.md"],
      ...["00001KT07NV23/item.md", "00001KT07NV24", "lower"],
    ]);
    for (const [path, reason] of reasons) {
      assert(!reason.includes(secret) && !reason.includes(root), `${path}: ${reason}`);
    }
    assertEquals(reasons.get("00001KT07NV10/item.md"), "the file is empty");
    assert(reasons.get("00001KT07NV13/item.md")?.startsWith('field "state" holds no known state'));
    const quotes = `line 2: write the text of "title" as '...', with '' for every ' in it`;
    assert(reasons.get("00001KT07NV15/item.md")?.endsWith(quotes));
    assert(reasons.get("00001KT07NV20/item.md")?.includes("larger than 16 MiB"));
    assert(reasons.get("00001KT07NV21/item.md")?.includes("offset 12"));
    assertEquals(reasons.get("00001KT07NV22/item.md"), "not a regular file");
    assertEquals(
      (await listTickets(root, { limit: 0, states: ["done"], text: "none" })).problems,
      problems,
    );
  });
});

Deno.test("listTickets() cuts a hint between graphemes and keeps titles whole", async () => {
  await withRoot(async (root) => {
    const family = "\u{1F468}\u200d\u{1F469}\u200d\u{1F467}";
    const title = "long ".repeat(100);
    writeTicket(root, IDS[0]!, { lines: lines({ title, readiness: family.repeat(20) }) });
    writeTicket(root, IDS[1]!, { lines: lines({ readiness: "x".repeat(80) }) });
    const [first, second] = (await listTickets(root)).tickets;
    assertEquals(first?.title, title);
    // 15 families of 5 characters, and three points.
    assertEquals(first?.hints, [`readiness:${family.repeat(15)}...`]);
    assertEquals(second?.hints, [`readiness:${"x".repeat(80)}`]);
  });
});

Deno.test("listTickets() reads frontmatter that only the general parser understands", async () => {
  await withRoot(async (root) => {
    writeTicket(root, IDS[0]!, { lines: ["title: |", "  Two", "  lines", "state: ready"] });
    writeTicket(root, IDS[1]!, { lines: [`title: '${"x".repeat(5000)}'`, "state: ready"] });
    writeTicket(root, "open/20260608-015630-raw", { lines: ["title: TUI: pick", "status: open"] });
    const { tickets, problems } = await listTickets(root);
    assertEquals(problems, []);
    assertEquals(tickets.map(({ title, state }) => [title.slice(0, 9), state]), [
      ["Two\nlines", "ready"],
      ["xxxxxxxxx", "ready"],
      ["TUI: pick", "planning"],
    ]);
  });
});

Deno.test("listTickets() ends with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => listTickets("/nowhere", { signal }), Error, "enough");
});

Deno.test("listTickets() and searchTickets() say which word is no state, and which no order", async () => {
  // Callers without types.
  const states = ["ready", "in_progress"] as unknown as TicketState[];
  const message = 'state is "in_progress", not one of planning, ready,';
  await assertRejects(() => listTickets("/nowhere", { states }), RangeError, message);
  await assertRejects(() => searchTickets("/nowhere", ["x"], { states }), RangeError, message);
  for (const sort of ["age", "constructor"] as unknown as TicketSort[]) {
    const words = `sort is "${sort}", not one of id, updated,`;
    await assertRejects(() => listTickets("/nowhere", { sort }), RangeError, words);
  }
});
