/** Threads that a power failure has cut off, at every byte. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parseThread } from "../../lib/ticket/thread.ts";
import { TicketFolder } from "../../lib/ticket/_ticket_files.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { changed, created, event, ID, SampleRoot, thread, ticket } from "./_doctor_samples.ts";

const LATER = "at: 2026-06-02T00:00:00Z";

/** An event that a reader has been told of, and the one whose append was cut off. */
const ACKNOWLEDGED = thread(created(), changed("planning", "ready", LATER));
const CUT_OFF = `\n${event("comment", `author: 木村 ${LATER}`, "é, 索引, 🗂 — fin.", "メモ")}`;

/** Every number of bytes that can have reached the disk. */
function* cutThreads(): Generator<Uint8Array> {
  const whole = new TextEncoder().encode(ACKNOWLEDGED + CUT_OFF);
  const kept = new TextEncoder().encode(ACKNOWLEDGED).length;
  for (let length = kept; length <= whole.length; length++) yield whole.subarray(0, length);
}

function cutRoot(bytes: Uint8Array): SampleRoot {
  const root = SampleRoot.of(ticket());
  Deno.writeFileSync(`${root.path}/${ID}/thread.md`, bytes);
  return root;
}

async function kindsOf(store: TicketStore): Promise<string[]> {
  const { events, problems } = await store.show(ID);
  assertEquals(problems, []);
  return events.map(({ kind }) => kind);
}

Deno.test("TicketStore.show() reads a thread that ends anywhere, letters cut in two included", async () => {
  for (const bytes of cutThreads()) {
    using root = cutRoot(bytes);
    const kinds = await kindsOf(TicketStore.open(root.path));
    assertEquals(kinds.slice(0, 2), ["create", "state_changed"], `${bytes.length} bytes`);
  }
});

Deno.test("TicketStore.comment() goes on behind a thread that ends anywhere", async () => {
  for (const bytes of cutThreads()) {
    using root = cutRoot(bytes);
    const store = TicketStore.open(root.path, { durable: false, author: "kim" });
    const before = await kindsOf(store);
    await store.comment(ID, { body: "After the failure." });
    assertEquals(await kindsOf(store), [...before, "comment"], `${bytes.length} bytes`);
    const { events } = await store.show(ID);
    assertEquals(events.at(-1)?.body, "After the failure.");
    assertEquals(
      (await store.doctor()).diagnostics.some(({ code }) => code === "thread_cut"),
      false,
    );
  }
});

Deno.test("TicketStore.doctor() tells of a letter cut in two, and repairs it", async () => {
  let told = 0;
  for (const bytes of cutThreads()) {
    using root = cutRoot(bytes);
    const store = TicketStore.open(root.path, { durable: false });
    const isCut = new TextDecoder().decode(bytes).endsWith("\ufffd");
    const codes = (await store.doctor()).diagnostics.map(({ code }) => code);
    assertEquals(codes.includes("thread_cut"), isCut, `${bytes.length} bytes`);
    if (!isCut) continue;
    told++;
    const before = await kindsOf(store);
    const { diagnostics, fixed } = await store.doctor({ fix: true });
    assertEquals(fixed?.some(({ code }) => code === "thread_cut"), true);
    assertEquals(diagnostics.some(({ code }) => code === "thread_cut"), false);
    assertEquals(await kindsOf(store), before);
    // What older programs need: nothing but whole letters.
    new TextDecoder("utf-8", { fatal: true }).decode(
      await Deno.readFile(`${root.path}/${ID}/thread.md`),
    );
  }
  // One for é, two for each of the six others, three for the folder.
  assertEquals(told, 18);
});

Deno.test("TicketStore.show() still refuses a thread with bytes that begin no letter", async () => {
  for (const tail of [[0xff], [0x80], [0xc3, 0x41], [0xf0, 0x9f, 0x41]]) {
    using root = cutRoot(new Uint8Array([...new TextEncoder().encode(ACKNOWLEDGED), ...tail]));
    const { problems } = await TicketStore.open(root.path).show(ID);
    assertEquals(problems.map(({ path }) => path), [`${ID}/thread.md`]);
  }
});

Deno.test("TicketFolder.readThread() never shows a part of an append that is going on", async () => {
  using root = SampleRoot.of(ticket());
  const path = `${root.path}/${ID}/thread.md`;
  const program = fromFileUrl(new URL("../programs/append_events.ts", import.meta.url));
  const body = "x".repeat(60_000);
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-write", program, path, "150", body],
    stdin: "null",
  }).spawn();
  let isOver = false;
  const over = writer.status.then(({ success }) => (isOver = true, success));
  const folder = TicketFolder.of(root.path, { id: ID, generation: "v3", folder: ID });
  let seen = 1;
  while (!isOver) {
    const { events, diagnostics } = parseThread(folder.readThread()!.text);
    assertEquals(diagnostics, []);
    assert(events.length >= seen);
    seen = events.length;
    await new Promise((resolve) => setTimeout(resolve));
  }
  assertEquals(await over, true);
  assertEquals(parseThread(folder.readThread()!.text).events.length, 151);
});
