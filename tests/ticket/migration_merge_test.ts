/** What comes of branches that were migrated apart from each other. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { PERMISSION_FLAGS } from "../../lib/process/self_command.ts";
import { runDoctor } from "../../lib/ticket/_doctor.ts";
import { parseIdMap, renderIdMap } from "../../lib/ticket/_id_map.ts";
import { mergeTicketFile } from "../../lib/ticket/merge_driver.ts";
import { formatMergeDriver, MERGED_FILES } from "../../lib/ticket/merge_driver_command.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import {
  AT,
  created,
  event,
  ID,
  item,
  OTHER,
  relations,
  SampleRoot,
  thread,
  ticket,
  topOf,
} from "./_doctor_samples.ts";
import { git, tryGit } from "./_git.ts";

const MAP = "tickets/.ticket-ids.json";
const LEGACY = "tickets/00001KSRM16T0/artifacts/legacy-frontmatter.json";

Deno.test("mergeTicketFile: of two maps of old ids every name stays, and one with two tickets means both", async () => {
  const [one, two] = [
    renderIdMap({
      ids: new Map([["20260529-010200-a", "00001KSRM16T0"], ["shared", "00001KSRM16T2"]]),
      slugs: new Map([["a", ["00001KSRM16T0"]]]),
    }),
    renderIdMap({
      ids: new Map([["20260529-010200-b", "00001KSRM16T1"], ["shared", "00001KSRM16T1"]]),
      slugs: new Map([["a", ["00001KSRM16T1"]]]),
    }),
  ];
  const merged = await mergeTicketFile(MAP, { base: "", ours: one, theirs: two });
  assertEquals(merged.conflict, false);
  assertEquals(parseIdMap(merged.text, MAP), {
    ids: new Map([
      ["20260529-010200-a", "00001KSRM16T0"],
      ["20260529-010200-b", "00001KSRM16T1"],
      ["shared", "00001KSRM16T1"],
    ]),
    shared: new Map([["shared", ["00001KSRM16T1", "00001KSRM16T2"]]]),
    slugs: new Map([["a", ["00001KSRM16T0", "00001KSRM16T1"]]]),
  });
  assertEquals(await mergeTicketFile(MAP, { base: "", ours: two, theirs: one }), merged);
  const damaged = await mergeTicketFile(MAP, { base: "", ours: one, theirs: "{\n" });
  assertEquals(damaged.conflict, true);
});

Deno.test("mergeTicketFile: what was made of two states of one old folder differs in its digest alone", async () => {
  const legacy = (digest: string, kind: string) =>
    `{\n  "id": "20260529-010200-001",\n  "digest": "${digest}",\n  "kind": "${kind}"\n}\n`;
  const [one, two] = [legacy("aa", "task"), legacy("bb", "task")];
  const expected = { text: one, conflict: false };
  assertEquals(await mergeTicketFile(LEGACY, { base: "", ours: one, theirs: two }), expected);
  assertEquals(await mergeTicketFile(LEGACY, { base: "", ours: two, theirs: one }), expected);
  const versions = { base: "", ours: one, theirs: legacy("bb", "bug") };
  assertEquals((await mergeTicketFile(LEGACY, versions)).conflict, true);
});

Deno.test("two branches that migrate each for itself merge without a conflict when git renames nothing", async () => {
  using root = await clone();
  const top = topOf(root);
  await git(top, "checkout", "--quiet", "-b", "side");
  await storeOf(root, "side").comment(FIRST, { body: "From the side." });
  await storeOf(root, "side").migrate();
  await commit(top);
  await git(top, "checkout", "--quiet", "main");
  await git(top, "clean", "--quiet", "-fd");
  await storeOf(root, "main").comment(FIRST, { body: "From main." });
  await storeOf(root, "main").comment(SECOND, { body: "From main, too." });
  await storeOf(root, "main").migrate();
  await commit(top);

  const merge = ["merge", "--quiet", "-s", "recursive", "-X", "no-renames", "-m", "m", "side"];
  assertEquals((await tryGit(top, ...merge)).status.code, 0);
  assertEquals((await runDoctor(root.path)).diagnostics, []);
  const store = storeOf(root, "main");
  assertEquals(await bodiesOf(store, FIRST), ["Made.", "From the side.", "From main."]);
  assertEquals(await bodiesOf(store, SECOND), ["Made.", "From main, too."]);
});

Deno.test("runDoctor() takes no event for one of a ticket that got a relation or a plan at its time", async () => {
  using root = await clone();
  await storeOf(root, "main").migrate();
  const now = () => Date.UTC(2026, 6, 1);
  const store = TicketStore.open(root.path, { author: "kim", durable: false, now });
  const [first, second] = (await store.list()).tickets.map(({ id }) => id);
  await store.comment(second!, { body: "More." });
  await store.relate(first!, { kind: "related", target: second! });
  assertEquals((await runDoctor(root.path, { checkMergeDriver: false })).diagnostics, []);
  await store.unrelate(first!, { kind: "related", target: second! });
  await store.plan(first!, { kind: "after", relatedTicket: second! });
  assertEquals((await runDoctor(root.path, { checkMergeDriver: false })).diagnostics, []);
});

Deno.test("runDoctor() names an event that git moved to a ticket with an equal thread", async () => {
  using root = await clone();
  const top = topOf(root);
  await git(top, "checkout", "--quiet", "-b", "side");
  await storeOf(root, "side").migrate();
  await commit(top);
  await git(top, "checkout", "--quiet", "main");
  await git(top, "clean", "--quiet", "-fd");
  await storeOf(root, "main").setState(FIRST, "ready", { summary: "Understood." });
  await commit(top);
  await git(top, "merge", "--quiet", "-m", "m", "side");

  const store = storeOf(root, "main");
  const [first, second] = (await store.list()).tickets;
  // So does git 2.39. One that pairs them in their order has nothing to tell of.
  const isMixed = (await store.show(first!.id)).events.length === 1;
  const found = (await runDoctor(root.path)).diagnostics
    .filter(({ code }) => code === "event_of_another_ticket");
  const expected = isMixed ? [[second!.id, `This event looks like one of ${first!.id},`]] : [];
  assertEquals(found.map(({ ticket, message }) => [ticket, message.slice(0, 43)]), expected);

  if (isMixed) {
    const [one, two] = [first, second].map((row) => `${root.path}/${row!.id}/thread.md`);
    const text = await Deno.readTextFile(two!);
    await Deno.copyFile(two!, one!);
    await Deno.writeTextFile(two!, text.slice(0, text.indexOf("\n<!-- event: intake_summary")));
  }
  assertEquals((await runDoctor(root.path)).diagnostics, []);
});

Deno.test("runDoctor() names an event that belongs to an equal thread where nothing was migrated, too", async () => {
  const later = "2026-06-03T00:00:00Z";
  const own = { "thread.md": thread(created(), event("comment", `author: kim at: ${later}`)) };
  using root = SampleRoot.of({
    ...ticket(ID, { "item.md": item({ updated_at: `'${later}'` }) }),
    ...ticket(OTHER, own),
  });
  const found = (await runDoctor(root.path)).diagnostics
    .filter(({ code }) => code === "event_of_another_ticket");
  assertEquals(found.map(({ ticket, line }) => [ticket, line]), [[OTHER, 9]]);
  assertStringIncludes(found[0]!.message, `This event looks like one of ${ID},`);

  // Its own item tells of the event.
  await Deno.writeTextFile(`${root.path}/${OTHER}/item.md`, item({ updated_at: `'${later}'` }));
  assertEquals((await runDoctor(root.path)).diagnostics, []);
});

Deno.test("runDoctor() says how branches merge that went on with one ticket under two ids", async () => {
  using root = await clone({ author: "lee" });
  const top = topOf(root);
  await git(top, "checkout", "--quiet", "-b", "side");
  await storeOf(root, "side").migrate();
  // What was renamed has to be half alike, for git to find it.
  await storeOf(root, "side").comment(FIRST_NOW, { body: "From the side.\n".repeat(100) });
  await commit(top);
  await git(top, "checkout", "--quiet", "main");
  await git(top, "clean", "--quiet", "-fd");
  await storeOf(root, "main").comment(FIRST, { body: "From main." });
  await commit(top);
  await git(top, "checkout", "--quiet", "side");
  await git(top, "clean", "--quiet", "-fd");
  assert((await tryGit(top, "merge", "--quiet", "main")).status.code !== 0);
  const found = (await runDoctor(root.path)).diagnostics
    .filter(({ code }) => code === "merge_unfinished");
  assertEquals(found.map(({ path }) => path), [`${root.path}/${FIRST}/thread.md`]);
  assertStringIncludes(found[0]!.message, "run `yoi ticket migrate` on the branch that has old");

  await git(top, "merge", "--abort");
  await git(top, "checkout", "--quiet", "main");
  await git(top, "clean", "--quiet", "-fd");
  await storeOf(root, "main").migrate();
  await commit(top);
  await git(top, "checkout", "--quiet", "side");
  await git(top, "merge", "--quiet", "-s", "recursive", "-X", "no-renames", "-m", "m", "main");
  assertEquals((await runDoctor(root.path)).diagnostics, []);
  const bodies = await bodiesOf(storeOf(root, "main"), FIRST);
  assertEquals(bodies.map((body) => body.slice(0, 9)), ["Made.", "From the ", "From main"]);
});

Deno.test("runDoctor() says where files belong that a merge left under the old name of a ticket", async () => {
  for (const place of [FIRST, "open/20260601-100000-cache"]) {
    const old = place.split("/").at(-1)!;
    const legacy = { id: old, generation: place === FIRST ? "v2" : "v1", bucket: "open" };
    using root = SampleRoot.of({
      ...ticket(FIRST_NOW, {
        "artifacts/legacy-frontmatter.json": JSON.stringify(
          place === FIRST ? { ...legacy, bucket: null } : legacy,
        ),
      }),
      ...ticket(OTHER),
      ".ticket-ids.json": renderIdMap({ ids: new Map([[old, FIRST_NOW]]), slugs: new Map() }),
      [`${place}/artifacts/relations.json`]: relations([["related", OTHER]], old),
    });
    const { diagnostics } = await runDoctor(root.path);
    const found = diagnostics.filter(({ code }) => code !== "legacy_bucket");
    assertEquals(found.map(({ code, path }) => [code, path]), [
      ["stray_folder", `${root.path}/${place}`],
    ]);
    assertStringIncludes(found[0]!.message, `A migration has made ${FIRST_NOW}`);

    const file = "artifacts/relations.json";
    await Deno.rename(`${root.path}/${place}/${file}`, `${root.path}/${FIRST_NOW}/${file}`);
    await Deno.remove(`${root.path}/${place}`, { recursive: true });
    await storeOf(root, "main").migrate();
    assertEquals((await runDoctor(root.path)).diagnostics, []);
    const { outgoing } = (await storeOf(root, "main").show(FIRST_NOW)).relations;
    assertEquals(outgoing.map(({ target }) => target), [OTHER]);
  }
});

const FIRST_NOW = "00001KT1A0F80";
const [FIRST, SECOND] = ["20260601-100000-001", "20260601-100000-002"] as const;
const DRIVER = fromFileUrl(new URL("../programs/ticket_merge_driver.ts", import.meta.url));

const MADE_AT = "'2026-06-01T10:00:00Z'";

/**
 * A clone with two tickets of the second generation that were made in one second.
 *
 * @param author Who made the second one; by default both threads are equal.
 */
async function clone({ author = "kim" } = {}): Promise<SampleRoot> {
  const files = (title: string, author: string) => ({
    "item.md": item({ title, created_at: MADE_AT, updated_at: MADE_AT }),
    "thread.md": thread(event("create", `author: ${author} ${AT}`, "Made.", "Created")),
  });
  const root = SampleRoot.of({
    ".gitattributes": MERGED_FILES.map((file) => `**/${file} merge=yoi-ticket\n`).join(""),
    ".gitignore": ".ticket-backend.*\n",
    ...ticket(FIRST, files("Cache", "kim")),
    ...ticket(SECOND, files("Index", author)),
  });
  const top = topOf(root);
  const driver = formatMergeDriver([Deno.execPath(), "run", ...PERMISSION_FLAGS, DRIVER]);
  await git(top, "init", "--quiet", "--initial-branch=main");
  await git(top, "config", "merge.yoi-ticket.driver", driver);
  await commit(top);
  return root;
}

/** Who writes first is `side`. */
function storeOf(root: SampleRoot, author: "side" | "main"): TicketStore {
  const start = Date.parse(author === "side" ? "2026-06-03T00:00:00Z" : "2026-06-04T00:00:00Z");
  return TicketStore.open(root.path, { author, now: () => start, durable: false });
}

async function bodiesOf(store: TicketStore, id: string): Promise<string[]> {
  return (await store.show(id)).events.map(({ body }) => body);
}

async function commit(top: string): Promise<void> {
  await git(top, "add", "--all");
  await git(top, "commit", "--quiet", "-m", "x");
}
