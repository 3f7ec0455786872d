import { assert, assertEquals, assertRejects } from "@std/assert";
import { runDoctor } from "../../lib/ticket/_doctor.ts";
import { readTicketFacts } from "../../lib/ticket/_doctor_reading.ts";
import { encodeRecordId } from "../../lib/ticket/record_id.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import type { Diagnostic } from "../../lib/ticket/ticket.ts";
import { stub } from "../file/_stub.ts";
import { corpusRoot, hasCorpus } from "./_corpus.ts";
import {
  changed,
  closed,
  created,
  event,
  ID,
  item,
  OTHER,
  plan,
  relations,
  SampleRoot,
  thread,
  ticket,
  withoutMessage,
} from "./_doctor_samples.ts";

Deno.test("runDoctor() says nothing about a sound store, a missing root, and a ticket reopened", async () => {
  using root = SampleRoot.of({
    ...ticket(),
    ...ticket(OTHER, {
      "item.md": item({ state: "'planning'" }),
      "thread.md": thread(created(), closed(), changed("closed", "planning")),
      "artifacts/relations.json": relations([["depends_on", ID]], OTHER),
      "artifacts/deep/notes.md": "",
    }),
    ".ticket-backend.lock": "",
    ".gitattributes": "",
  });
  assertEquals(await runDoctor(root.path), { ok: true, diagnostics: [] });
  assertEquals(await runDoctor(`${root.path}/none`), { ok: true, diagnostics: [] });
});

Deno.test("runDoctor() says nothing about what TicketStore writes", async () => {
  using root = SampleRoot.of({});
  let now = 1780272000000;
  const store = TicketStore.open(root.path, {
    author: "kim",
    durable: false,
    now: () => now += 1000,
  });
  const first = await store.create({ title: "Cache: the 'index'", riskFlags: ["io"] });
  const second = await store.create({ title: "Measure it", body: "---\n\n<!-- event: x\n" });
  await store.relate(second, { kind: "depends_on", target: first, note: "first things first" });
  await store.plan(second, { kind: "after", relatedTicket: first });
  await store.comment(first, { body: "---\n<!-- event: close -->\n```\nopen" });
  await store.review(first, { result: "approve", body: "" });
  await store.intakeReady(first, { summary: "Read too often." });
  await store.queue(first);
  await store.setState(first, "inprogress");
  await store.setState(first, "done");
  await store.close(first, { resolution: "Cached." });
  await store.reopen(first, { reason: "Not quite." });
  await store.close(first, { resolution: "Cached now." });
  await store.setPriority(second, "P1");
  await store.assign(second, "kim");
  await store.editItem(second, { title: "Measure again", body: "Now." });
  assertEquals(await runDoctor(root.path), { ok: true, diagnostics: [] });
});

Deno.test("runDoctor(): closing before June 2026 left a close event and no change of state", async () => {
  using root = SampleRoot.of(ticket(ID, {
    "item.md": item({ state: "'closed'" }),
    "thread.md": thread(created(), changed("inprogress", "done"), closed()),
    "resolution.md": "Done.\n",
  }));
  assertEquals((await runDoctor(root.path)).diagnostics, []);
});

Deno.test("runDoctor() leaves out what an unreadable item would only repeat", async () => {
  using root = SampleRoot.of(ticket(ID, {
    "item.md": "",
    "thread.md": event("review", "author: kim"),
    "artifacts/relations.json": "",
  }));
  assertEquals(codesOf((await runDoctor(root.path)).diagnostics), ["item_unreadable"]);
});

Deno.test("runDoctor() names findings in the order of the rules: root, tickets by id, links, root", async () => {
  using root = SampleRoot.of({
    "stray.txt": "",
    "closed/.gitkeep": "",
    "open/.gitkeep": "",
    "../TODO.md": "tickets/a.md",
    "nonsense/item.md": item(),
    ...ticket(OTHER, { "thread.md": undefined }),
    ...ticket(ID, {
      "item.md": item({ title: "null", kind: "task" }),
      "artifacts/relations.json": relations([["related", "00001KT07NV02"]]),
      "artifacts/orchestration-plan.jsonl": plan("00001KT07NV03"),
    }),
  });
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(diagnostics.map(({ code, ticket }) => [code, ticket]), [
    ["legacy_bucket", null],
    ["legacy_bucket", null],
    ["obsolete_key", ID],
    ["required_key_null", ID],
    ["thread_missing", OTHER],
    ["invalid_record_id", "nonsense"],
    ["relation_target_missing", ID],
    ["legacy_todo", null],
    ["plan_unknown_ticket", ID],
    ["stray_file", null],
  ]);
  assertEquals(diagnostics[0]!.path, `${root.path}/open`);
});

Deno.test("runDoctor(): a v1 root has one error a bucket, a v2 ticket one error; the rest are warnings", async () => {
  const old = (state: string) => item({ state, status: "open", kind: "task" });
  using root = SampleRoot.of({
    "open/20260529-010200-cache/item.md": old("ready"),
    "open/20260529-010200-cache/thread.md": thread(created()),
    "open/20260529-010200-cache/artifacts/.gitkeep": "",
    "closed/20260529-010200-cache/item.md": old("ready"),
    "closed/20260529-010300-index/item.md": old("done"),
    "20260529-010200-001/item.md": old("ready"),
    "20260529-010200-001/thread.md": thread(event("comment", "author: kim")),
    "20260529-010200-001/artifacts/relations.json": "",
  });
  const { ok, diagnostics } = await runDoctor(root.path);
  assertEquals(ok, false);
  assertEquals(diagnostics.map(({ code, severity, ticket }) => [code, severity, ticket]), [
    ["legacy_bucket", "error", null],
    ["legacy_bucket", "error", null],
    ["invalid_record_id", "error", "20260529-010200-001"],
    ["event_malformed", "warning", "20260529-010200-001"],
    ["relations_unreadable", "warning", "20260529-010200-001"],
    ["thread_missing", "warning", "20260529-010300-index"],
    ["artifacts_missing", "warning", "20260529-010300-index"],
    ["bucket_differs", "warning", "20260529-010300-index"],
    ["duplicate_id", "warning", null],
  ]);
  assertEquals(diagnostics.at(-1)!.path, `${root.path}/closed/20260529-010200-cache`);
});

Deno.test("runDoctor() lists 32 circles, counts the rest, and shortens a long one", async () => {
  const ids = Array.from({ length: 170 }, (_, index) => encodeRecordId(1780272000000 + index));
  const pairs = ids.slice(0, 70);
  const ring = ids.slice(70);
  const depends = (id: string, on: string) =>
    ticket(id, { "artifacts/relations.json": relations([["depends_on", on]], id) });
  using root = SampleRoot.of({
    ...Object.assign({}, ...pairs.map((id, index) => depends(id, pairs[index ^ 1]!))),
    ...Object.assign({}, ...ring.map((id, index) => depends(id, ring[(index + 1) % 100]!))),
  });
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(diagnostics.length, 33);
  assertEquals(codesOf(diagnostics.slice(0, 32)), Array(32).fill("dependency_cycle"));
  assertEquals(withoutMessage(diagnostics[32]!), {
    code: "more_dependency_cycles",
    severity: "warning",
    path: root.path,
    line: null,
    ticket: null,
  });
  assert(diagnostics[32]!.message.startsWith("4 further circles"), diagnostics[32]!.message);
});

Deno.test("runDoctor() finds nothing lost behind a doubled separator", async () => {
  using root = SampleRoot.of(ticket(ID, { "thread.md": `${thread(created())}\n---\n` }));
  assertEquals((await runDoctor(root.path)).diagnostics, []);
});

Deno.test("runDoctor(): a circle of 100 tickets is told in few words", async () => {
  const ring = Array.from({ length: 100 }, (_, index) => encodeRecordId(1780272000000 + index));
  using root = SampleRoot.of(Object.assign(
    {},
    ...ring.map((id, index) =>
      ticket(id, {
        "artifacts/relations.json": relations([["blocks", ring[(index + 1) % 100]!]], id),
      })
    ),
  ));
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(codesOf(diagnostics), ["dependency_cycle"]);
  assertEquals(diagnostics[0]!.ticket, ring[0]!);
  assert(diagnostics[0]!.message.includes(`… (36 more) -> ${ring[0]};`), diagnostics[0]!.message);
});

Deno.test("runDoctor() does not read a file of a huge size", async () => {
  using root = SampleRoot.of(ticket());
  const path = `${root.path}/${ID}/thread.md`;
  await Deno.truncate(path, 64 * 2 ** 30);
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(codesOf(diagnostics), ["thread_unreadable"]);
});

Deno.test("runDoctor() comes through files with very many findings", async () => {
  const count = 20_000;
  const targets = Array.from({ length: count }, (_, index) => `unknown ${index}`);
  const sample = `\`\`\`\n${"<!-- event: intake_summary -->\n".repeat(count)}\`\`\``;
  using root = SampleRoot.of(ticket(ID, {
    "thread.md": event("create", "author: kim at: 2026-06-01T10:00:00Z", sample),
    "artifacts/relations.json": relations(targets.map((target) => ["related", target])),
    "artifacts/orchestration-plan.jsonl": targets.map((_, index) => plan("x", index)).join("\n"),
  }));
  const { diagnostics } = await runDoctor(root.path);
  const last = (code: string) =>
    diagnostics.findLast((diagnostic) => diagnostic.code === code)?.line;
  assertEquals(diagnostics.length, 3 * count);
  assertEquals(last("event_malformed"), 5 + count);
  assertEquals(last("relation_target_missing"), 7 * count);
  assertEquals(last("plan_unknown_ticket"), 2 * count - 1);
});

Deno.test("runDoctor() reads frontmatter that only the general parser understands", async () => {
  using root = SampleRoot.of(ticket(ID, {
    "item.md": item({ title: ">-\n  Cache\n  the index", labels: undefined }),
  }));
  assertEquals((await runDoctor(root.path)).diagnostics, []);
});

Deno.test("readTicketFacts() of a ticket that has moved since it was listed are none", () => {
  using root = SampleRoot.of(ticket());
  const entry = { id: OTHER, generation: "v3", folder: OTHER } as const;
  assertEquals(readTicketFacts(root.path, entry, undefined), undefined);
  // One that nobody may look into is there.
  assert(readTicketFacts(root.path, { ...entry, folder: `${ID}/item.md` }, undefined));
});

Deno.test("runDoctor() tells of a ticket that the program has no permission to look at", async () => {
  using root = SampleRoot.of({ ...ticket(), ...ticket(OTHER) });
  const { lstatSync: look, readDirSync: list } = Deno;
  const refuse = (path: string | URL) => {
    if (`${path}/`.startsWith(`${root.path}/${ID}/`)) throw new Deno.errors.NotCapable("denied");
    return path;
  };
  using _look = stub(Deno, "lstatSync", (path) => look(refuse(path)));
  using _list = stub(Deno, "readDirSync", (path) => list(refuse(path)));
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(diagnostics.map(({ code, ticket }) => [code, ticket]), [
    ["item_unreadable", ID],
    ["folder_unreadable", ID],
  ]);
});

Deno.test("runDoctor() ends with the reason of its signal", async () => {
  using root = SampleRoot.of(ticket());
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    runDoctor(root.path, { signal: AbortSignal.abort(reason) })
  );
  assertEquals(error, reason);
  const controller = new AbortController();
  const running = runDoctor(root.path, { signal: controller.signal });
  controller.abort(reason);
  assertEquals(await assertRejects(() => running), reason);
});

Deno.test("runDoctor() says of every older name without a time what has to be done", async () => {
  using root = SampleRoot.of({
    "open/cache/item.md": item({ status: "open" }),
    "open/cache/thread.md": thread(created()),
    "open/cache/artifacts/.gitkeep": "",
    ...ticket("20260601-093000-001"),
  });
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(diagnostics.map(({ code, severity, path }) => [code, severity, path]), [
    ["legacy_bucket", "error", `${root.path}/open`],
    ["invalid_record_id", "error", `${root.path}/20260601-093000-001`],
    ["id_without_time", "warning", `${root.path}/open/cache`],
  ]);
  assert(diagnostics[1]!.message.endsWith("`yoi ticket migrate` renames it"));
  assert(diagnostics[2]!.message.includes("rename the folder"));
});

Deno.test("runDoctor() passes over what a writer at work leaves for a moment", async () => {
  const lagging = thread(created(), changed("planning", "ready"));
  using root = SampleRoot.of({
    ...ticket(ID, { "thread.md": lagging, ".item.md.tmp.77": "", "notes.md": "" }),
    ...ticket(OTHER, { "thread.md": lagging }),
    ".00001KT07NV02.new": "FOLDER",
    ".00001KT07NV03.new": "FOLDER",
    "00001KT07NV04/artifacts/.gitkeep": "",
    "00001KT07NV05": "FOLDER",
    ...ticket("00001KT07NV06", { "thread.md": undefined }),
  });
  let looks = 0;
  const letWritersEnd = async () => {
    looks++;
    await Deno.writeTextFile(`${root.path}/${ID}/item.md`, item({ state: "'ready'" }));
    await Deno.remove(`${root.path}/${ID}/.item.md.tmp.77`);
    await Deno.rename(`${root.path}/.00001KT07NV02.new`, `${root.path}/.gone`);
    await Deno.writeTextFile(`${root.path}/00001KT07NV04/item.md`, item());
    await Deno.writeTextFile(`${root.path}/00001KT07NV06/thread.md`, thread(created()));
  };
  const { diagnostics } = await runDoctor(root.path, { letWritersEnd });
  assertEquals(diagnostics.map(({ code, ticket }) => [code, ticket]), [
    ["stray_file", ID],
    ["state_differs_from_thread", OTHER],
    ["staging_left", null],
    ["stray_folder", null],
  ]);
  // What is left does not pass; whoever holds the lock knows that at once.
  await runDoctor(root.path, { letWritersEnd, isAlone: true });
  assertEquals(looks, 1);
});

Deno.test("runDoctor() knows a ticket that was made, and related to, while it looked", async () => {
  const lagging = thread(created(), changed("planning", "ready"));
  using root = SampleRoot.of(ticket(ID, { "thread.md": lagging }));
  const store = TicketStore.open(root.path, { author: "kim", durable: false });
  const letWritersEnd = async () => {
    await Deno.writeTextFile(`${root.path}/${ID}/item.md`, item({ state: "'ready'" }));
    const [first, second, third] = [
      await store.create({ title: "a" }),
      await store.create({ title: "b" }),
      await store.create({ title: "c" }),
    ];
    await store.relate(first, { kind: "depends_on", target: second });
    await store.plan(second, { kind: "after", relatedTicket: third });
    await Deno.writeTextFile(`${root.path}/${second}/.item.md.tmp.77`, ""); // of a writer at work
    await store.relate(ID, { kind: "depends_on", target: first });
  };
  assertEquals((await runDoctor(root.path, { letWritersEnd })).diagnostics, []);
});

Deno.test("runDoctor() looks again at a ticket with more findings than a call takes arguments", async () => {
  const headers = "<!-- event: comment -->\n".repeat(80_000);
  const lagging = thread(created(), changed("planning", "ready"));
  using root = SampleRoot.of(ticket(ID, { "thread.md": `${headers}\n${lagging}` }));
  const letWritersEnd = () => Promise.resolve();
  const { diagnostics } = await runDoctor(root.path, { letWritersEnd });
  assert(diagnostics.length >= 160_000);
});

Deno.test("runDoctor() passes over what a writer leaves among the artifacts of an old ticket", async () => {
  const temporary = "artifacts/.relations.json.0123456789abcdef.yoi-tmp";
  using root = SampleRoot.of(ticket(ID, { [temporary]: "" }));
  const old = new Date(Date.now() - 3_600_000);
  for (const path of ["", "thread.md"]) await Deno.utime(`${root.path}/${ID}/${path}`, old, old);
  const letWritersEnd = () => Deno.remove(`${root.path}/${ID}/${temporary}`);
  assertEquals((await runDoctor(root.path, { letWritersEnd })).diagnostics, []);
});

Deno.test("runDoctor() needs no second look at what has been so for long", async () => {
  using root = SampleRoot.of({
    ...ticket(ID, { "thread.md": thread(created(), changed("planning", "ready")) }),
    ".00001KT07NV02.new": "FOLDER",
  });
  for (const name of [ID, `${ID}/thread.md`, `${ID}/artifacts`, ".00001KT07NV02.new"]) {
    await Deno.utime(`${root.path}/${name}`, 1_000, 1_000);
  }
  const letWritersEnd = () => Promise.reject(new Error("a second look"));
  const { diagnostics } = await runDoctor(root.path, { letWritersEnd });
  assertEquals(codesOf(diagnostics), ["state_differs_from_thread", "staging_left"]);
});

Deno.test("runDoctor() passes over a finding that another one of its kind has followed", async () => {
  const lagging = [thread(created(), changed("planning", "ready"))];
  lagging.push(lagging[0]! + changed("ready", "queued"));
  using root = SampleRoot.of(ticket(ID, { "thread.md": lagging[0]! }));
  const letWritersEnd = () => Deno.writeTextFile(`${root.path}/${ID}/thread.md`, lagging[1]!);
  assertEquals((await runDoctor(root.path, { letWritersEnd })).diagnostics, []);
  const { diagnostics } = await runDoctor(root.path, { letWritersEnd });
  assertEquals(codesOf(diagnostics), ["state_differs_from_thread"]);
});

Deno.test("runDoctor() needs no second look at more tickets than writers can be at", async () => {
  const ids = Array.from({ length: 101 }, (_, index) => encodeRecordId(index));
  const lagging = { "thread.md": thread(created(), changed("planning", "ready")) };
  using root = SampleRoot.of(Object.assign({}, ...ids.map((id) => ticket(id, lagging))));
  const letWritersEnd = () => Promise.reject(new Error("a second look"));
  assertEquals((await runDoctor(root.path, { letWritersEnd })).diagnostics.length, ids.length);
});

Deno.test("runDoctor() hears its signal while it lets writers end", async () => {
  using root = SampleRoot.of({ ".00001KT07NV02.new": "FOLDER" });
  const abort = new AbortController();
  const running = runDoctor(root.path, { signal: abort.signal });
  abort.abort();
  await assertRejects(() => running, DOMException);
});

Deno.test("runDoctor() says on which line a file is no UTF-8", async () => {
  const file = (name: string) => `${ID}/${name}`;
  const names = ["item.md", "resolution.md", "thread.md", "artifacts/relations.json"];
  for (const name of names) {
    using root = SampleRoot.of(ticket());
    const bytes = new TextEncoder().encode("---\n\nx?\n");
    await Deno.writeFile(`${root.path}/${file(name)}`, bytes.fill(0xff, 6, 7));
    const { diagnostics } = await runDoctor(root.path);
    const found = diagnostics.filter(({ message }) => message.includes("not UTF-8"));
    assertEquals(found.map(({ path, line }) => [path, line]), [[`${root.path}/${file(name)}`, 3]]);
  }
});

Deno.test("runDoctor() tells of each relation without a ticket on its own line", async () => {
  using root = SampleRoot.of(
    ticket(ID, {
      "artifacts/relations.json": relations([["depends_on", OTHER], ["related", OTHER]]),
    }),
  );
  const { diagnostics } = await runDoctor(root.path);
  assertEquals(diagnostics.map(({ line }) => line), [7, 14]);
});

Deno.test("runDoctor() names what no program can reach because its name is not UTF-8", async () => {
  using root = SampleRoot.of({
    ...ticket("20260601-093000-001"),
    ...ticket(ID, { "thread.md": thread(created()) }),
    "open/.gitkeep": "",
  });
  for (const folder of [`20260601-093000-001/artifacts`, ID, `${ID}/artifacts`, "open", "."]) {
    const script = 'cd "$1" && d=$(printf "f\\351") && mkdir "$d" && touch "$d/x" &&' +
      ' touch "$(printf "t\\351")"';
    const args = ["-c", script, "sh", `${root.path}/${folder}`];
    const { success } = await new Deno.Command("sh", { args }).output();
    assert(success);
  }
  const { diagnostics } = await runDoctor(root.path);
  const found = diagnostics.filter(({ severity }) => severity === "warning");
  assertEquals(new Set(codesOf(found)), new Set(["name_not_utf8"]));
  assertEquals(
    found.map(({ path }) => path!.slice(root.path.length + 1)).sort(),
    ["20260601-093000-001/artifacts", ID, `${ID}/artifacts`, "open"]
      .flatMap((folder) => [`${folder}/f\ufffd`, `${folder}/t\ufffd`])
      .concat("f\ufffd", "t\ufffd").sort(),
  );
  assert(found.every(({ message }) => message.includes("not UTF-8")));
});

Deno.test({
  name: "runDoctor() finds in real v3 records what the reference finds (needs ../shared/corpus)",
  ignore: !hasCorpus,
  async fn() {
    const { ok, diagnostics } = await runDoctor(corpusRoot("v3"), { checkMergeDriver: false });
    assertEquals(ok, false);
    const numbered = ["artifacts_missing", "review_status"];
    assertEquals(
      diagnostics.filter(({ code, severity }) => severity === "error" || numbered.includes(code))
        .map(({ code, ticket, line }) => [code, ticket, line]),
      [
        ["review_status", "00001KSTRGFX0", 9],
        ["review_status", "00001KTTW04W2", 680],
        ["artifacts_missing", "00001KY1ZKCPC", null],
      ],
    );
    const found = (code: string) =>
      diagnostics.filter((diagnostic) => diagnostic.code === code).map(({ ticket }) => ticket);
    assertEquals(found("event_unseparated"), ["00001KSTXNF6G", "00001KV10SN02", "00001KV10SN02"]);
    assertEquals(found("event_unterminated"), ["00001KTTW04W2"]);
  },
});

Deno.test({
  name: "runDoctor() asks to migrate real v1 and v2 records, no more (needs ../shared/corpus)",
  ignore: !hasCorpus,
  async fn() {
    const options = { checkMergeDriver: false };
    const v1 = await runDoctor(corpusRoot("v1"), options);
    assertEquals(v1.diagnostics.map(({ code, severity }) => `${severity} ${code}`), [
      "error legacy_bucket",
      "error legacy_bucket",
      "error legacy_bucket",
    ]);
    const v2 = await runDoctor(corpusRoot("v2"), options);
    assertEquals(codesOf(v2.diagnostics), Array(45).fill("invalid_record_id"));
    assertEquals(new Set(v2.diagnostics.map(({ ticket }) => ticket)).size, 45);
  },
});

function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code);
}
