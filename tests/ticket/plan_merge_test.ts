import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mergePlans } from "../../lib/ticket/_plan_merge.ts";

const refuse = () => Promise.reject(new Error("git is not needed"));

Deno.test("mergePlans: both tails follow the common lines, by time, ours first", async () => {
  const base = record("a-1", "2026-06-01T00:00:00Z");
  const ours = base + record("b-2", "2026-06-03T00:00:00Z");
  const theirs = base + record("c-2", "2026-06-02T00:00:00Z") +
    record("d-3", "2026-06-03T00:00:00Z");
  assertEquals(await mergePlans({ base, ours, theirs }, refuse), {
    text: base + record("c-2", "2026-06-02T00:00:00Z") + record("b-2", "2026-06-03T00:00:00Z") +
      record("d-3", "2026-06-03T00:00:00Z"),
    conflict: false,
  });
});

Deno.test("mergePlans: of two records with one id the later gets the next free number", async () => {
  const ours = record("plan-1", "2026-06-01T00:00:00Z", "ours");
  const theirs = record("plan-1", "2026-06-01T00:00:00Z", "theirs") +
    record("plan-2", "2026-06-01T00:00:00Z");
  const { text } = await mergePlans({ base: "", ours, theirs }, refuse);
  const ids = text.trim().split("\n").map((line) => JSON.parse(line).id);
  assertEquals(new Set(ids).size, 3);
  assertEquals(ids[0], "plan-1");
});

Deno.test("mergePlans: a changed old line is left to a merge by lines", async () => {
  const base = record("a-1", "2026-06-01T00:00:00Z");
  const asked: string[] = [];
  await mergePlans({ base, ours: base, theirs: "{}\n" }, ({ theirs }) => {
    asked.push(theirs);
    return Promise.resolve({ text: theirs, conflict: false });
  });
  assertEquals(asked, ["{}\n"]);
});

Deno.test("mergePlans: every line of both sides is there once, whatever they hold", async () => {
  const line = fc.oneof(
    fc.record({
      note: fc.string(),
      at: fc.constantFrom("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"),
    })
      .map((value) => JSON.stringify(value)),
    fc.constantFrom("no json", "[]", "null"),
  );
  const lines = fc.uniqueArray(line, { maxLength: 5 });
  await fc.assert(fc.asyncProperty(lines, lines, lines, async (base, one, two) => {
    const text = (parts: string[]) => parts.map((part) => `${part}\n`).join("");
    const tail = (added: string[]) => added.filter((part) => !base.includes(part));
    const { text: merged, conflict } = await mergePlans({
      base: text(base),
      ours: text([...base, ...tail(one)]),
      theirs: text([...base, ...tail(two)]),
    }, refuse);
    assert(!conflict);
    assertEquals(
      merged.split("\n").slice(0, -1).toSorted(),
      [...new Set([...base, ...one, ...two])].toSorted(),
    );
  }));
});

function record(id: string, at: string, note = "note"): string {
  return `${JSON.stringify({ id, note, at })}\n`;
}
