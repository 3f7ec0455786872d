import { assertEquals } from "@std/assert";
import { textWidth } from "../../lib/cli/text_width.ts";

Deno.test("textWidth() counts columns: two for East Asian letters and pictures, none for marks", () => {
  const widths = ["", "pod", "日本語", "ｆｕｌｌ", "한글", "e\u0301", "🚀", "→", "—"].map(
    textWidth,
  );
  assertEquals(widths, [0, 3, 6, 8, 4, 1, 2, 1, 1]);
});

Deno.test("textWidth() counts East Asian letters alike, however they are put together", () => {
  for (const text of ["プログラム ぱ", "한국어 제목"]) {
    assertEquals(textWidth(text.normalize("NFD")), textWidth(text), text);
  }
});
