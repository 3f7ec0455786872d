import { assert, assertEquals } from "@std/assert";
import { type BoardColumn, boardText } from "../../lib/cli/board_text.ts";
import { PLAIN } from "../../lib/cli/style.ts";
import { textWidth } from "../../lib/cli/text_width.ts";

const COLUMNS: BoardColumn[] = [
  {
    state: "ready",
    tickets: [
      { id: "00001KT07NV00", title: "Cache the index of all the folders", priority: "P1" },
      { id: "00001KT07NV01", title: "索引をキャッシュする仕組みを作る", priority: null },
      { id: "00001KT07NV02", title: "Third", priority: null },
    ],
  },
  { state: "done", tickets: [] },
];

Deno.test("boardText() puts states side by side on a terminal", () => {
  const text = boardText(COLUMNS, { columns: 50, style: PLAIN }, { limit: 2 });
  assertEquals(
    text,
    `ready (3)                 done (0)
────────────────────────  ────────────────────────
00001KT07NV00 P1
Cache the index of all
the folders

00001KT07NV01
索引をキャッシュする仕組
みを作る

… 1 more
`,
  );
});

Deno.test("boardText() ends with its last ticket, without a blank line", () => {
  const [{ tickets }] = COLUMNS as [BoardColumn];
  const columns: BoardColumn[] = [{ state: "ready", tickets: tickets.slice(2) }];
  const text = boardText(columns, { columns: 13, style: PLAIN }, { limit: 2 });
  assertEquals(text, `ready (1)\n${"─".repeat(13)}\n00001KT07NV02\nThird\n`);
});

Deno.test("boardText() fits every width, and stacks the columns where it is narrow", () => {
  for (let columns = 20; columns < 160; columns++) {
    const text = boardText(COLUMNS, { columns, style: PLAIN }, { limit: 9 });
    for (const line of text.split("\n")) assert(textWidth(line) <= columns, `${columns}: ${line}`);
  }
  const both: BoardColumn[] = [COLUMNS[0]!, { ...COLUMNS[0]!, state: "done" }];
  assertEquals(
    boardText(both, { columns: 27, style: PLAIN }, { limit: 1 }),
    ["ready", "done"].map((state) => `${state} (3)\n  00001KT07NV00 P1 Cache t…\n  … 2 more\n`)
      .join("\n"),
  );
});

Deno.test("boardText() cuts nothing where there is no terminal", () => {
  const text = boardText(COLUMNS, { columns: undefined, style: PLAIN }, { limit: 9 });
  assert(text.includes("  00001KT07NV00 P1 Cache the index of all the folders\n"));
});

Deno.test("boardText() has room for five states in 80 columns, and drops empty ones before it stacks", () => {
  const tickets = [{ id: "00001KT07NV00", title: "Cache the index", priority: "P1" }];
  const states = ["planning", "ready", "queued", "inprogress", "done"] as const;
  const headOf = (columns: BoardColumn[], width: number) =>
    boardText(columns, { columns: width, style: PLAIN }, { limit: 9 }).split("\n")[0]!;
  const all = states.map((state): BoardColumn => ({ state, tickets }));
  assertEquals(headOf(all, 80).split(/ {2,}/).length, 5);
  const few = all.map((column) => column.state === "ready" ? column : { ...column, tickets: [] });
  assertEquals(headOf(few, 60), "ready (1)");
});

Deno.test("boardText() cuts no id", () => {
  const id = "20260527-000006-001";
  const columns: BoardColumn[] = ["ready", "done"].map((state) => ({
    state: state as "ready" | "done",
    tickets: [{ id, title: "x", priority: "P1" }],
  }));
  for (let width = 24; width < 60; width++) {
    const text = boardText(columns, { columns: width, style: PLAIN }, { limit: 9 });
    assertEquals(text.split(id).length, 3, `${width} columns:\n${text}`);
  }
});

Deno.test("boardText() W11: obeys nothing that a priority holds", () => {
  const tickets = [{ id: "00001KT07NV00", title: "x", priority: "P1\x1b[2J\ty" }];
  for (const columns of [undefined, 20, 80]) {
    const text = boardText([{ state: "ready", tickets }], { columns, style: PLAIN }, { limit: 9 });
    assert(text.includes("P1\\x1b"), text);
    // deno-lint-ignore no-control-regex
    assert(!/[\x1b\t]/.test(text), text);
  }
});

Deno.test("boardText() obeys nothing that the id of an old folder holds", () => {
  const tickets = [{ id: "20260527-000006-\x1b[2J\u202ea", title: "x", priority: null }];
  for (const columns of [undefined, 20, 80]) {
    const text = boardText([{ state: "ready", tickets }], { columns, style: PLAIN }, { limit: 9 });
    assert(text.includes("20260527-000006-\\x1b[2J\\u202ea"), text);
    // deno-lint-ignore no-control-regex
    assert(!/[\x1b\u202e]/.test(text), text);
  }
});
