import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type MergeOutcome,
  mergeTicketFile,
  runMergeDriver,
} from "../../lib/ticket/merge_driver.ts";
import { parseThread } from "../../lib/ticket/thread.ts";

Deno.test("runMergeDriver: the result lies where our version lay", async () => {
  const folder = await Deno.makeTempDir();
  const files = { base: `${folder}/o`, ours: `${folder}/a`, theirs: `${folder}/b` };
  await Deno.writeTextFile(files.base, "");
  await Deno.writeTextFile(files.ours, '{"at":"2026-06-02T00:00:00Z"}\n');
  await Deno.writeTextFile(files.theirs, '{"at":"2026-06-01T00:00:00Z"}\n');
  const path = "tickets/00001KT07NV00/artifacts/orchestration-plan.jsonl";
  assertEquals(await runMergeDriver({ ...files, path }), { conflict: false });
  assertEquals(
    await Deno.readTextFile(files.ours),
    '{"at":"2026-06-01T00:00:00Z"}\n{"at":"2026-06-02T00:00:00Z"}\n',
  );
  await Deno.remove(folder, { recursive: true });
});

/** Merges bytes; gives the outcome and what then lies where our version lay, one unit a byte. */
async function mergeBytes(
  path: string,
  base: Uint8Array,
  ours: Uint8Array,
  theirs: Uint8Array,
): Promise<MergeOutcome & { merged: string }> {
  const folder = await Deno.makeTempDir();
  try {
    const files = { base: `${folder}/o`, ours: `${folder}/a`, theirs: `${folder}/b` };
    await Deno.writeFile(files.base, base);
    await Deno.writeFile(files.ours, ours);
    await Deno.writeFile(files.theirs, theirs);
    const outcome = await runMergeDriver({ ...files, path });
    const merged = String.fromCharCode(...await Deno.readFile(files.ours));
    return { ...outcome, merged };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runMergeDriver: what cannot be merged is a conflict of both versions, to the byte", async () => {
  const bytes = (text: string) => Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  for (
    const name of [
      "thread.md",
      "item.md",
      "resolution.md",
      "relations.json",
      "orchestration-plan.jsonl",
    ]
  ) {
    const { conflict, failure, merged } = await mergeBytes(
      `.yoi/tickets/00001KT07NV00/${name}`,
      bytes("base\n"),
      bytes("ours \xff\n"),
      bytes("theirs\r\nwithout line end"),
    );
    assertEquals([conflict, failure?.code], [true, "parse"], name);
    assertEquals(
      merged,
      "<<<<<<< ours\nours \xff\n=======\ntheirs\r\nwithout line end\n>>>>>>> theirs\n",
    );
  }
});

Deno.test("runMergeDriver: a thread that ends in the middle of a character is merged event by event", async () => {
  const encoder = new TextEncoder();
  const event = (author: string, body: string) =>
    `<!-- event: comment author: ${author} at: 2026-06-01T00:00:00Z -->\n\n## C\n\n${body}\n\n---\n`;
  const base = encoder.encode(event("alice", "first"));
  const cut = encoder.encode(`${event("alice", "first")}\n${event("bob", "木")}`);
  const { conflict, merged } = await mergeBytes(
    "thread.md",
    base,
    cut.subarray(0, cut.indexOf("木".codePointAt(0)! >> 12 | 0xe0) + 2),
    encoder.encode(`${event("alice", "first")}\n${event("carol", "third")}`),
  );
  assertEquals(conflict, false);
  assertEquals(parseThread(merged).events.map(({ author }) => author), ["alice", "bob", "carol"]);
});

Deno.test("runMergeDriver: a file that nobody could read is a conflict, not a result", async () => {
  const event = (author: string) =>
    `<!-- event: comment author: ${author} at: 2026-06-01T00:00:00Z -->\n\n## C\n\n` +
    `${"x".repeat(9 * 1024 * 1024)}\n\n---\n`;
  const folder = await Deno.makeTempDir();
  const files = { base: `${folder}/o`, ours: `${folder}/a`, theirs: `${folder}/b` };
  await Deno.writeTextFile(files.base, "");
  await Deno.writeTextFile(files.ours, event("alice"));
  await Deno.writeTextFile(files.theirs, event("bob"));
  const { conflict, failure } = await runMergeDriver({ ...files, path: "thread.md" });
  assertEquals([conflict, failure?.code], [true, "conflict"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("mergeTicketFile: of two resolutions none is made that nobody wrote", async () => {
  const path = "tickets/00001KT07NV00/resolution.md";
  const lines = (first: string, last: string) => `${first}\n\n1\n2\n3\n4\n\n${last}\n`;
  const base = lines("Done.", "By hand.");
  const [ours, theirs] = [lines("Dropped.", "By hand."), lines("Done.", "By a script.")];
  assertEquals(await mergeTicketFile(path, { base, ours, theirs }), {
    text: `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`,
    conflict: true,
  });
  const untouched = await mergeTicketFile(path, { base, ours: base, theirs });
  assertEquals(untouched, { text: theirs, conflict: false });
});

Deno.test("mergeTicketFile: another file is merged by lines", async () => {
  const { text, conflict } = await mergeTicketFile("tickets/00001KT07NV00/artifacts/review.md", {
    base: "a\n",
    ours: "b\n",
    theirs: "c\n",
  });
  assert(conflict);
  assertEquals(text, "<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n");
});

Deno.test("runMergeDriver: what git took of a deleted ticket for a new one stays apart, to the byte", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const item = (title: string, state: string, time: string) =>
    `---\ntitle: '${title}'\nstate: '${state}'\ncreated_at: '${time}'\nupdated_at: '${time}'\n---\n`;
  const created = (time: string) => `<!-- event: create author: a at: ${time} -->\n\n---\n`;
  const comment = "\n<!-- event: comment author: a at: 2026-06-03T00:00:00Z -->\n\nMore.\n\n---\n";
  const [first, second] = ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"];
  const versions = {
    "item.md": [
      item("Cache", "planning", first),
      item("Cache", "ready", first),
      item("Index", "planning", second),
    ],
    "thread.md": [created(first), created(first) + comment, created(second)],
  };
  for (const [name, [base = "", ours = "", theirs = ""]] of Object.entries(versions)) {
    for (const [one, other] of [[ours, theirs], [theirs, ours]] as const) {
      const { conflict, failure, merged } = await mergeBytes(
        `.yoi/tickets/00001KT2K3800/${name}`,
        bytes(base),
        bytes(one),
        bytes(other),
      );
      assertEquals([conflict, failure?.code], [true, "conflict"], name);
      assertStringIncludes(failure!.message, `created at ${first} and at ${second}`);
      assertEquals(merged, `<<<<<<< ours\n${one}=======\n${other}>>>>>>> theirs\n`);
    }
  }
});
