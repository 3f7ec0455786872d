import { assert, assertEquals } from "@std/assert";
import { benchJsonLines, formatJsonLinesBench } from "../../tools/bench_json_lines.ts";

Deno.test("benchJsonLines() lets every contender read every line of both texts", async () => {
  const result = await benchJsonLines({ lines: 1000, rounds: 2 });
  assertEquals([result.lines, result.rounds], [1000, 2]);
  assertEquals(result.texts.map(({ text }) => text), ["ascii", "japanese"]);
  for (const text of result.texts) {
    assert(text.bytesPerLine > 180 && text.bytesPerLine < 220, `${text.bytesPerLine} bytes a line`);
    assertEquals(text.timings.length, 6);
    assert(text.itemToTextLineStream > 0 && text.itemToReadline > 0);
  }
  assertEquals(formatJsonLinesBench(result).match(/by batch:/g)?.length, 2);
});
