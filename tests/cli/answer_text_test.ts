import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { AnswerText } from "../../lib/cli/answer_text.ts";

Deno.test("AnswerText shows deltas as they come and ends blocks with a line break", () => {
  const answer = new AnswerText();
  assertEquals([answer.delta("a"), answer.delta("b"), answer.done("ab")], ["a", "b", "\n"]);
  assertEquals([answer.delta("c\n"), answer.done("c\n")], ["\nc\n", ""]);
  assertEquals(answer.isInLine, false);
});

Deno.test("AnswerText shows what a block holds beyond its deltas", () => {
  const answer = new AnswerText();
  assertEquals(answer.delta("one ") + answer.done("one two"), "one two\n");
});

Deno.test("AnswerText.breakLine() ends a line once, and the block goes on", () => {
  const answer = new AnswerText("");
  assertEquals(answer.breakLine(), "");
  const shown = [answer.delta("half"), answer.breakLine(), answer.breakLine(), answer.delta(" a")];
  assertEquals(shown, ["half", "\n", "", " a"]);
  assertEquals(answer.done("half a"), "\n");
});

Deno.test("AnswerText.restart() shows every character once, wherever the stream was cut", () => {
  const blocks = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(blocks, fc.nat(), fc.nat(), (texts, cutSeed, committedSeed) => {
    const whole = new AnswerText();
    const expected = texts.map((text) => whole.delta(text) + whole.done(text)).join("");

    // The stream breaks off inside one block; the new snapshot holds that many blocks or more.
    const cut = cutSeed % texts.length;
    const committed = cut + committedSeed % (texts.length - cut + 1);
    const answer = new AnswerText();
    let shown = texts.slice(0, cut).map((text) => answer.delta(text) + answer.done(text)).join("");
    const letters = cutSeed % (texts[cut]!.length + 1);
    if (letters > 0) shown += answer.delta(texts[cut]!.slice(0, letters));
    shown += answer.restart(texts.slice(0, committed));
    shown += texts.slice(committed).map((text) => answer.delta(text) + answer.done(text)).join("");
    assertEquals(shown, expected);
  }));
});
