import { assert, assertEquals } from "@std/assert";
import { PLAIN } from "../../lib/cli/style.ts";
import { table } from "../../lib/cli/table.ts";
import { textWidth } from "../../lib/cli/text_width.ts";

const HEAD = ["NAME", "LAST"];
const rows = (...texts: string[][]) => texts.map((row) => row.map((text) => ({ text })));

Deno.test("table() makes columns as wide as their widest cell and cuts nothing in a file", () => {
  assertEquals(
    table(HEAD, rows(["a", "x".repeat(100)], ["日本", ""]), { columns: undefined, style: PLAIN }),
    `NAME  LAST\na     ${"x".repeat(100)}\n日本\n`,
  );
});

Deno.test("table() fits every line into a terminal", () => {
  for (const columns of [80, 20, 10, 3, 1]) {
    const cells = rows(["a long name", "another one", "日本語のとても長い行です"]);
    for (const style of [PLAIN, { ...PLAIN, dim: (text: string) => `${text}\u200b` }]) {
      const text = table(["NAME", "STATE", "LAST"], cells, { columns, style });
      for (const line of text.trimEnd().split("\n")) assert(textWidth(line) <= columns, line);
    }
  }
});

Deno.test("table() paints a cell with its width, so that colour moves nothing", () => {
  const paint = (text: string) => `<${text}>`;
  const painted = table(["N", "L"], [[{ text: "a", paint }, { text: "b", paint }]], {
    columns: undefined,
    style: PLAIN,
  });
  assertEquals(painted, "N  L\n<a>  <b>\n");
});

Deno.test("table() gives up optional columns for the last one, and nothing else of a row", () => {
  const head = ["ID", "BY", "AT", "NOTE"];
  const cells = rows([
    "1".repeat(10),
    "2".repeat(10),
    "3".repeat(10),
    "a note that says something",
  ]);
  const headAt = (columns: number) =>
    table(head, cells, { columns, style: PLAIN }, { optional: [2, 1] }).split("\n")[0]!
      .split(/ +/);
  assertEquals(headAt(80), head);
  assertEquals(headAt(50), ["ID", "BY", "NOTE"]);
  assertEquals(headAt(40), ["ID", "NOTE"]);
  const narrow = table(head, cells, { columns: 15, style: PLAIN }, { optional: [2, 1] });
  assert(narrow.includes("1111111111  a note that says something\n"), narrow);
});

Deno.test("table() gives up the last column where it is told to, and takes another gap", () => {
  const cells = rows(["1".repeat(10), "2".repeat(10), "a note that says something"]);
  const at = (columns: number) =>
    table(["ID", "BY", "NOTE"], cells, { columns, style: PLAIN }, {
      optional: [],
      isLastOptional: true,
      gap: 1,
    }).split("\n")[1];
  assertEquals(at(40), "1111111111 2222222222 a note that says …");
  assertEquals(at(21), "1111111111 2222222222");
});
