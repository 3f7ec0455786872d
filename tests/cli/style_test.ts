import { assertEquals } from "@std/assert";
import { printable } from "../../lib/cli/style.ts";

Deno.test("printable() keeps text and its line breaks, and nothing that commands a terminal", () => {
  assertEquals(printable("日本\tpod\n"), "日本\tpod\n");
  assertEquals(printable("\x1b[31mred\x1b[0m\x07\x00"), "red");
  assertEquals(printable("\x1b]0;title\x07text"), "text");
  assertEquals(printable("over\rwritten\r\n"), "over\nwritten\n");
  assertEquals(printable("\x9b31mred\x9f"), "red");
});
