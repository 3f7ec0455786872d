import { assertEquals } from "@std/assert";
import { nearest } from "../../lib/cli/nearest.ts";

const WORDS = ["list", "stop", "pause", "resume", "completions"];

Deno.test("nearest() finds a misspelt or unfinished word, and nothing for another one", () => {
  assertEquals(
    ["lsit", "pauze", "comp", "completion", "Resume"].map((word) => nearest(word, WORDS)),
    [
      "list",
      "pause",
      "completions",
      "completions",
      "resume",
    ],
  );
  assertEquals(["", "frobnicate", "xx"].map((word) => nearest(word, WORDS)), [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(nearest("list", []), undefined);
});
