import { assertEquals } from "@std/assert";
import { ProgressLine } from "../../lib/cli/progress_line.ts";
import { Output } from "../../lib/cli/terminal.ts";
import { MemorySink } from "./_sinks.ts";

/** A progress line, what it wrote, and the clock it goes by. */
function progressOn({ isTerminal }: { isTerminal: boolean }) {
  const sink = new MemorySink({ isTerminal });
  const clock = { now: 0 };
  const progress = new ProgressLine(new Output(sink), "migrated", { now: () => clock.now });
  return { sink, clock, progress };
}

Deno.test("ProgressLine redraws one line of a terminal and takes it away", () => {
  const { sink, clock, progress } = progressOn({ isTerminal: true });
  for (let done = 1; done <= 25; done++) {
    clock.now += 10;
    progress.show(done, 1000);
  }
  progress[Symbol.dispose]();
  progress[Symbol.dispose]();
  assertEquals(
    sink.text,
    "\r\x1b[Kmigrated: 10 of 1000\r\x1b[Kmigrated: 20 of 1000\r\x1b[K",
  );
});

Deno.test("ProgressLine writes a line now and then where nothing can be redrawn", () => {
  const { sink, clock, progress } = progressOn({ isTerminal: false });
  for (let done = 1; done <= 12; done++) {
    clock.now += 1_000;
    progress.show(done, 12);
  }
  progress[Symbol.dispose]();
  assertEquals(sink.text, "migrated: 5 of 12\nmigrated: 10 of 12\n");
});

Deno.test("ProgressLine is silent about work that is done at once", () => {
  for (const isTerminal of [true, false]) {
    const { sink, progress } = progressOn({ isTerminal });
    progress.show(1, 1);
    progress[Symbol.dispose]();
    assertEquals(sink.text, "");
  }
});
