import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  emptyConfig,
  type Item,
  replaySegment,
  SessionError,
  SessionStore,
  textMessage,
} from "../../lib/session/mod.ts";
import { readVector, SESSION_ID, temporaryFolder } from "./_support.ts";

const OLD = "01970000-0000-7000-8000-000000000001";
const NEW = "01990000-0000-7000-8000-000000000001";

Deno.test("8: SessionStore lists newest first and ignores foreign files", async () => {
  await using folder = await temporaryFolder();
  const root = `${folder.path}/deep/sessions`;
  const store = new SessionStore(root);
  assertEquals(await store.listSessions(), []);
  assertEquals(await store.listSegments(OLD), []);

  for (const name of [OLD, NEW, "notes"]) await Deno.mkdir(`${root}/${name}`, { recursive: true });
  await Deno.writeTextFile(`${root}/${SESSION_ID}`, "a file, not a session");
  for (
    const name of [
      `${OLD}.jsonl`,
      `${NEW}.jsonl`,
      `${NEW}.trace.jsonl`,
      `${NEW}.jsonl.torn-17`,
      // What a process leaves that dies between writing a new segment and giving it its name.
      `.${SESSION_ID}.jsonl.0123456789abcdef.yoi-tmp`,
      "x.jsonl",
    ]
  ) {
    await Deno.writeTextFile(`${root}/${OLD}/${name}`, "");
  }
  assertEquals(await store.listSessions(), [NEW, OLD]);
  assertEquals(await store.listSegments(OLD), [NEW, OLD]);
  assertEquals(await store.findSession(NEW), OLD);
  assertEquals(await store.findSession(SESSION_ID), undefined);
});

Deno.test("SessionStore.path() refuses ids that could lead elsewhere", () => {
  const store = new SessionStore("/sessions");
  assertEquals(store.path(OLD, NEW), `/sessions/${OLD}/${NEW}.jsonl`);
  for (const id of ["../x", "", "a/b"]) {
    assertEquals(assertThrows(() => store.path(id, NEW), SessionError).code, "invalid");
    assertEquals(assertThrows(() => store.path(OLD, id), SessionError).code, "invalid");
  }
});

Deno.test("SessionStore.forkToNewSession() starts a session without an origin", async () => {
  await using folder = await temporaryFolder();
  const store = new SessionStore(folder.path, { now: () => 1_760_000_000_000 });
  const history: Item[] = [textMessage("user", "hi")];
  const seed = { systemPrompt: "P", config: emptyConfig(), history };
  const { sessionId, segmentId } = await store.forkToNewSession(seed);
  const text = await Deno.readTextFile(store.path(sessionId, segmentId));
  assertEquals(JSON.parse(text), {
    kind: "segment_start",
    ts: 1_760_000_000_000,
    session_id: sessionId,
    system_prompt: "P",
    config: emptyConfig(),
    history,
  });
  assertEquals(sessionId < segmentId, true);
});

Deno.test("13: SessionStore.forkAtTurn() gives empty, cut and full history", async () => {
  await using folder = await temporaryFolder();
  const { bytes, expected } = await readVector("fork-source");
  const target = await readVector("fork-at-turn-1");
  const ts = (target.expected.list_row as { updated_at: number }).updated_at;
  const store = new SessionStore(folder.path, { now: () => ts });
  const source = { sessionId: SESSION_ID, segmentId: expected.segment_id };
  const path = store.path(source.sessionId, source.segmentId);
  await Deno.mkdir(`${folder.path}/${SESSION_ID}`);
  await Deno.writeFile(path, bytes);

  const lengths = expected.fork_at_history_len as Record<string, number>;
  for (const [turn, length] of Object.entries(lengths)) {
    const fork = await store.forkAtTurn(source, Number(turn));
    const forked = store.path(fork.sessionId, fork.segmentId);
    assertEquals((await replaySegment(forked)).history.length, length, `turn ${turn}`);
    if (turn === "1") assertEquals(await Deno.readFile(forked), target.bytes);
  }
  assertEquals(await Deno.readFile(path), bytes, "the source stays as it is");
  assertEquals((await store.listSegments(SESSION_ID)).length, 1 + Object.keys(lengths).length);
});

Deno.test("SessionStore.forkAtTurn() of a missing segment is not_found", async () => {
  const store = new SessionStore("/nowhere");
  const error = await assertRejects(
    () => store.forkAtTurn({ sessionId: OLD, segmentId: NEW }, 1),
    SessionError,
  );
  assertEquals(error.code, "not_found");
});
