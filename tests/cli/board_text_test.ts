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

Deno.test("boardText() fits every width, and stacks the columns where it is narrow", () => {
  for (let columns = 20; columns < 160; columns++) {
    const text = boardText(COLUMNS, { columns, style: PLAIN }, { limit: 9 });
    for (const line of text.split("\n")) assert(textWidth(line) <= columns, `${columns}: ${line}`);
  }
  assertEquals(
    boardText(COLUMNS, { columns: 30, style: PLAIN }, { limit: 1 }),
    "ready (3)\n  00001KT07NV00 P1 Cache the …\n  … 2 more\n\ndone (0)\n",
  );
});

Deno.test("boardText() cuts nothing where there is no terminal", () => {
  const text = boardText(COLUMNS, { columns: undefined, style: PLAIN }, { limit: 9 });
  assert(text.includes("  00001KT07NV00 P1 Cache the index of all the folders\n"));
});
