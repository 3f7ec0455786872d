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

Deno.test("mergePlans: any text is an id, and the next free number is found at once", async () => {
  const at = "2026-06-01T00:00:00Z";
  for (const id of ["p-9007199254740992", `p-${"9".repeat(40)}`, "p", "p\n-1", "-", "p-01"]) {
    const [ours, theirs] = [record(id, at, "ours"), record(id, at, "theirs")];
    const { text } = await mergePlans({ base: "", ours, theirs }, refuse);
    const ids = text.trim().split("\n").map((line) => JSON.parse(line).id);
    assertEquals(new Set(ids).size, 2, id);
    assert(ids.includes(id), id);
  }
  // A search from the start for each line would look at 50,000,000 numbers.
  const many = Array.from({ length: 10_000 }, (_, index) => record("p-1", at, `${index}`)).join("");
  const { text } = await mergePlans({ base: "", ours: many, theirs: "" }, refuse);
  const ids = text.trim().split("\n").map((line) => JSON.parse(line).id);
  assertEquals(new Set(ids).size, 10_000);
});

Deno.test("mergePlans: clones that go on adding and pulling never conflict, equal ids or not", async () => {
  // One clone pulls again and again, the other only adds: its lines keep ids that the first changed.
  const at = "2026-06-01T00:00:00Z";
  let [ours, theirs, base] = ["", "", ""];
  for (let round = 0; round < 5; round++) {
    ours += record(`plan-${round + 1}`, at, `ours ${round}`);
    theirs += record(`plan-${round + 1}`, at, `theirs ${round}`);
    const merged = await mergePlans({ base, ours, theirs }, refuse);
    assert(!merged.conflict);
    ours = merged.text;
    base = theirs;
  }
  const records = ours.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(new Set(records.map(({ id }) => id)).size, 10);
  assertEquals(new Set(records.map(({ note }) => note)).size, 10);
  const pulled = await mergePlans({ base, ours: theirs, theirs: ours }, refuse);
  assertEquals(pulled.text.trim().split("\n").length, 10);
});

Deno.test("mergePlans: lines that a merge has put between old ones are no conflict", async () => {
  const [x, y, z] = [1, 2, 3].map((n) => record(`p-${n}`, `2026-06-01T00:00:0${n}Z`));
  const base = `${x}${z}`;
  const ours = `${x}${y}${z}`;
  const theirs = `${base}${record("p-4", "2026-06-01T00:00:04Z")}`;
  const { text, conflict } = await mergePlans({ base, ours, theirs }, refuse);
  assertEquals([text, conflict], [`${ours}${record("p-4", "2026-06-01T00:00:04Z")}`, false]);
});

Deno.test("mergePlans: a record that says the same as an old one at the same time is one more", async () => {
  const at = "2026-06-01T00:00:00Z";
  const base = record("p-1", at);
  const twice = base + record("p-2", at);
  const thrice = twice + record("p-3", at);
  const text = async (versions: { base: string; ours: string; theirs: string }) =>
    (await mergePlans(versions, refuse)).text;
  assertEquals(await text({ base, ours: base, theirs: twice }), twice);
  assertEquals(await text({ base: twice, ours: twice, theirs: thrice }), thrice);
  // An earlier merge has given the second record another number on one side.
  const renumbered = base + record("p-9", at);
  assertEquals(await text({ base: twice, ours: twice, theirs: renumbered }), twice);
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
