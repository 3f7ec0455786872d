import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  decodeEntryText,
  replaySegment,
  retainedPrefixTexts,
  SegmentLog,
  SessionError,
  type SessionErrorCode,
} from "../../lib/session/mod.ts";
import {
  inputText,
  placeVector,
  readVector,
  SEGMENT_ID,
  SESSION_ID,
  START,
  START_TEXT,
  temporaryFolder,
  vectorNames,
} from "./_support.ts";

const TURN_END = { kind: "turn_end", turn_count: 1 } as const;

async function openRefusal(path: string, code: SessionErrorCode): Promise<SessionError> {
  const error = await assertRejects(() => SegmentLog.open(path), SessionError);
  assertEquals(error.code, code);
  return error;
}

/** Names in a folder beside the given one. */
function siblings(folder: string, path: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => `${folder}/${entry.name}`)
    .filter((name) => name !== path);
}

Deno.test("SegmentLog.append() writes one whole line and gives its text", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/${SEGMENT_ID}.jsonl`;
  await using log = await SegmentLog.create(path, [START], { now: () => 77 });
  const text = log.append(TURN_END);
  assertEquals(text, '{"kind":"turn_end","ts":77,"turn_count":1}');
  assertEquals(log.append({ ...TURN_END, ts: 5 }), '{"kind":"turn_end","ts":5,"turn_count":1}');
  const lines = (await Deno.readTextFile(path)).split("\n");
  assertEquals(lines.slice(1), [text, '{"kind":"turn_end","ts":5,"turn_count":1}', ""]);
  assertEquals([log.entryCount, log.segmentId, log.sessionId], [3, SEGMENT_ID, SESSION_ID]);
  await log.sync();
});

Deno.test("SegmentLog.open() goes on after what the log holds", async () => {
  await using folder = await temporaryFolder();
  const path = await placeVector(folder.path, await readVector("plain-run"));
  {
    await using log = await SegmentLog.open(path, { durability: "entry" });
    assertEquals([log.entryCount, log.replay.turnCount, log.durability], [8, 1, "entry"]);
    assertEquals(log.diagnostics, []);
    log.append({ kind: "turn_end", turn_count: 2 });
    await log.sync();
  }
  assertEquals((await replaySegment(path)).turnCount, 2);
});

Deno.test("SegmentLog.open() refuses a second writer until the first is gone", async () => {
  await using folder = await temporaryFolder();
  const path = await placeVector(folder.path, await readVector("plain-run"));
  {
    await using log = await SegmentLog.open(path);
    assertStringIncludes((await openRefusal(path, "locked")).message, path);
    log.append(TURN_END);
    assertEquals((await replaySegment(path)).entryCount, 9, "reading needs no lock");
  }
  await using again = await SegmentLog.open(path);
  assertEquals(again.entryCount, 9);
});

Deno.test("SegmentLog.open() refuses a missing log", async () => {
  await using folder = await temporaryFolder();
  await openRefusal(`${folder.path}/none.jsonl`, "not_found");
});

Deno.test("SegmentLog.open() refuses damage before the end and writes nothing", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  const torn = inputText("a").slice(0, 20);
  for (
    const [content, line] of [
      [`${START_TEXT}\n${torn}\n${inputText("b")}\n`, 2],
      [`${START_TEXT}\n\n{"kind":"turn_end","ts":1,"turn_count":"1"}\n`, 3],
      [`${START_TEXT}\nnonsense\n${torn}`, 2],
    ] as const
  ) {
    await Deno.writeTextFile(path, content);
    const error = await openRefusal(path, "corrupt");
    assertEquals(error.line, line);
    assertMatch(error.message, new RegExp(`log\\.jsonl": line ${line} is damaged: .+`));
    assertEquals(await Deno.readTextFile(path), content);
    assertEquals(siblings(folder.path, path), []);
  }
  await Deno.writeFile(path, new Uint8Array([0xff, 10]));
  await openRefusal(path, "not_utf8");
});

Deno.test("SegmentLog.open() moves a torn tail of any length and goes on", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  const whole = new TextEncoder().encode(`${START_TEXT}\n${inputText("日本 😀")}\n`);
  for (let size = 0; size <= whole.length; size++) {
    const bytes = whole.slice(0, size);
    await Deno.writeFile(path, bytes);
    const before = await replaySegment(path);
    {
      await using log = await SegmentLog.open(path, { now: () => 1234 });
      assertEquals(log.entryCount, before.entryCount);
      assertEquals(log.diagnostics.length > 0, size > 0 && bytes.at(-1) !== 10);
      log.append(TURN_END);
      assertEquals(log.hasForeignWrites(), false);
    }
    const after = await replaySegment(path);
    assertEquals(after.entryCount, before.entryCount + 1, `${size} bytes`);
    assertEquals(after.diagnostics, []);
    assertEquals(
      after.entries.slice(0, -1).map(({ text }) => text),
      before.entries.map(({ text }) => text),
    );
    const moved = siblings(folder.path, path);
    const saved = moved.length === 0 ? new Uint8Array() : await Deno.readFile(moved[0]!);
    const kept = before.entries.map(({ text }) => `${text}\n`).join("");
    const size2 = new TextEncoder().encode(kept).length;
    assertEquals(saved, bytes.slice(Math.min(size2, size)), "nothing is lost");
    for (const name of moved) {
      assertEquals(name, `${path}.torn-1234`);
      await Deno.remove(name);
    }
  }
});

Deno.test("SegmentLog.open() moves a tail that is JSON and no entry, with any number of bytes", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  for (const tail of ['{"kind":"turn_end","ts":1,"turn_count":"1"}', "7", "\0".repeat(4096)]) {
    await Deno.writeTextFile(path, `${START_TEXT}\n${tail}`);
    await using log = await SegmentLog.open(path, { now: () => 5 });
    assertEquals([log.entryCount, await Deno.readTextFile(path)], [1, `${START_TEXT}\n`]);
    assertEquals(await Deno.readTextFile(`${path}.torn-5`), tail);
    await Deno.remove(`${path}.torn-5`);
  }
});

Deno.test("SegmentLog.open() never overwrites an earlier torn tail", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  for (const tail of ["{1", "{2"]) {
    await Deno.writeTextFile(path, `${START_TEXT}\n${tail}`);
    await using log = await SegmentLog.open(path, { now: () => 5 });
    assertEquals(log.diagnostics.map(({ code }) => code), ["torn_tail", "tail_moved"]);
  }
  assertEquals(await Deno.readTextFile(`${path}.torn-5`), "{1");
  assertEquals(await Deno.readTextFile(`${path}.torn-6`), "{2");
});

Deno.test("SegmentLog.open() ends a whole last line that has no line feed", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  await Deno.writeTextFile(path, `${START_TEXT}\n${inputText("hi")}`);
  await using log = await SegmentLog.open(path);
  assertEquals(log.diagnostics.map(({ code, line }) => [code, line]), [["line_end_added", 2]]);
  log.append(TURN_END);
  assertEquals((await replaySegment(path)).entryCount, 3);
});

Deno.test("SegmentLog keeps keys and kinds that it does not know", async () => {
  await using folder = await temporaryFolder();
  for (const name of ["tolerant-fields", "unknown-entry-kind"]) {
    const vector = await readVector(name);
    const path = await placeVector(folder.path, vector);
    await using log = await SegmentLog.open(path);
    log.append(TURN_END);
    const after = await Deno.readFile(path);
    assertEquals(after.slice(0, vector.bytes.length), vector.bytes);
    assertEquals(log.entryCount, (await replaySegment(path)).entryCount);
  }
});

Deno.test("SegmentLog.create() writes texts as they are and refuses an existing file", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/${SESSION_ID}/${SEGMENT_ID}.jsonl`;
  {
    await using log = await SegmentLog.create(path, [START_TEXT, TURN_END], { now: () => 9 });
    assertEquals(log.entryCount, 2);
    await openRefusal(path, "locked");
  }
  const content = `${START_TEXT}\n{"kind":"turn_end","ts":9,"turn_count":1}\n`;
  assertEquals(await Deno.readTextFile(path), content);
  const error = await assertRejects(() => SegmentLog.create(path, []), SessionError);
  assertEquals(error.code, "invalid");
  assertEquals(await Deno.readTextFile(path), content);
});

Deno.test("SegmentLog.createSync() does what create() does", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/${SESSION_ID}/${SEGMENT_ID}.jsonl`;
  const twin = `${folder.path}/twin/${SEGMENT_ID}.jsonl`;
  const entries = [START_TEXT, inputText("hi"), TURN_END];
  await using log = SegmentLog.createSync(path, entries, { now: () => 9 });
  await using other = await SegmentLog.create(twin, entries, { now: () => 9 });
  assertEquals(await Deno.readFile(path), await Deno.readFile(twin));
  assertEquals(log.replay, other.replay);
  assertEquals(log.replay, await replaySegment(path));
  await openRefusal(path, "locked");
  log.append(TURN_END);
  assertEquals([log.entryCount, log.hasForeignWrites()], [4, false]);
  const error = assertThrows(() => SegmentLog.createSync(path, entries), SessionError);
  assertEquals(error.code, "invalid");
});

Deno.test("SegmentLog.create() and createSync() write nothing that is no log", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  for (const text of ["", "{}", "{", '{"kind":"turn_end",\n"ts":1,"turn_count":1}']) {
    const error = await assertRejects(
      () => SegmentLog.create(path, [START_TEXT, text]),
      SessionError,
    );
    assertEquals([error.code, error.line], ["invalid", 2]);
    const sync = assertThrows(() => SegmentLog.createSync(path, [START_TEXT, text]), SessionError);
    assertEquals([sync.code, sync.line], ["invalid", 2]);
    assertEquals(siblings(folder.path, ""), []);
  }
});

Deno.test("18, 22: a rewound segment is the vector's, and the old log stays", async () => {
  await using folder = await temporaryFolder();
  const vector = await readVector("rewind-before");
  const path = await placeVector(folder.path, vector);
  const entries = (await replaySegment(path)).entries.map(({ text }) => text);
  const origin = { segment_id: vector.expected.segment_id, at_turn_index: 2 };
  const next = `${folder.path}/${SEGMENT_ID}.jsonl`;
  await using log = await SegmentLog.create(next, retainedPrefixTexts(entries, 13, origin));
  const wanted = (await readVector("rewind-after")).expected;
  assertEquals(log.replay.history, wanted.history);
  assertEquals(log.entryCount, wanted.entry_count);
  assertEquals(await Deno.readFile(path), vector.bytes);
});

Deno.test("SegmentLog.hasForeignWrites() sees what other writers add and cut", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  await using log = await SegmentLog.create(path, [START_TEXT]);
  log.append(TURN_END);
  assertEquals(log.hasForeignWrites(), false);
  await Deno.writeTextFile(path, `${inputText("foreign")}\n`, { append: true });
  assertEquals(log.hasForeignWrites(), true);
  await Deno.truncate(path, 3);
  assertEquals(log.hasForeignWrites(), true);
});

Deno.test("SegmentLog.hasForeignWrites() sees a missing file and one in its place", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  await using log = await SegmentLog.create(path, [START_TEXT]);
  await Deno.rename(path, `${path}.away`);
  const error = assertThrows(() => log.hasForeignWrites(), SessionError);
  assertEquals(error.code, "not_found");
  await Deno.copyFile(`${path}.away`, path);
  assertEquals(log.hasForeignWrites(), true);
});

Deno.test("SegmentLog may be disposed twice and refuses appends afterwards", async () => {
  await using folder = await temporaryFolder();
  const log = await SegmentLog.create(`${folder.path}/log.jsonl`, [START_TEXT]);
  await log[Symbol.asyncDispose]();
  await log[Symbol.asyncDispose]();
  assertEquals(assertThrows(() => log.append(TURN_END), SessionError).code, "write_failed");
  assertEquals(log.entryCount, 1);
});

Deno.test("SegmentLog holds every vector: open, append, read again", async () => {
  for (const name of vectorNames()) {
    await using folder = await temporaryFolder();
    const vector = await readVector(name);
    const path = await placeVector(folder.path, vector);
    if (name === "wrong-field-type") {
      await openRefusal(path, "corrupt");
      continue;
    }
    const before = (await replaySegment(path)).entryCount;
    await using log = await SegmentLog.open(path);
    log.append(TURN_END);
    assertEquals((await replaySegment(path)).entryCount, before + 1, name);
  }
});

/** The child program, started so that it needs nothing but its own files. */
function writerChild(path: string, limitKiB?: number): Deno.Command {
  const script = new URL("_writer_child.ts", import.meta.url).pathname;
  const command = [Deno.execPath(), "run", "--no-config", "--no-check", "-A", script, path];
  const options = { stdin: "null", stdout: "piped", stderr: "inherit" } as const;
  if (limitKiB === undefined) {
    return new Deno.Command(command[0]!, { args: command.slice(1), ...options });
  }
  // A write over the limit then fails like one on a full disk, instead of killing the program.
  const shell = `trap '' XFSZ; ulimit -f ${limitKiB * 2}; exec "$@"`;
  return new Deno.Command("/bin/sh", { args: ["-c", shell, "sh", ...command], ...options });
}

Deno.test("SegmentLog.append() survives kill -9 of the writer with every entry it told of", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  await Deno.writeTextFile(path, `${START_TEXT}\n`);
  const child = writerChild(path).spawn();
  let told = "";
  for await (const chunk of child.stdout) {
    const enough = told.length > 2000;
    told += new TextDecoder().decode(chunk);
    if (!enough && told.length > 2000) child.kill("SIGKILL");
  }
  await child.status;
  const count = Number(told.slice(0, told.lastIndexOf("\n")).split("\n").at(-1));
  const replay = await replaySegment(path);
  assert(count > 100 && replay.entryCount >= count, `${replay.entryCount} of ${count}`);
  await using log = await SegmentLog.open(path);
  log.append(TURN_END);
});

Deno.test("SegmentLog.append() on a full disk fails whole: nothing is torn or counted", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  await Deno.writeTextFile(path, `${START_TEXT}\n`);
  const { stdout } = await writerChild(path, 64).output();
  const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!;
  const replay = await replaySegment(path);
  assertEquals(last, `write_failed ${replay.entryCount} true`);
  assertEquals(replay.diagnostics, []);
  assert(replay.entryCount > 50);
  assertEquals(decodeEntryText(replay.entries.at(-1)!.text).kind, "run_errored");
});

Deno.test("SegmentLog.forgetReplay() lets go of what was read, and the log goes on", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using log = await SegmentLog.create(`${folder}/log.jsonl`, [
      { kind: "turn_end", turn_count: 1 },
    ]);
    assertEquals(log.replay.turnCount, 1);
    log.forgetReplay();
    assertThrows(() => log.replay, TypeError, "let go of");
    log.append({ kind: "turn_end", turn_count: 2 });
    assertEquals(log.entryCount, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("SegmentLog durability entry: an append returns when its entry is on the disk", async () => {
  const folder = await Deno.makeTempDir();
  const sync = Deno.FsFile.prototype.syncDataSync;
  let syncs = 0;
  Deno.FsFile.prototype.syncDataSync = function () {
    syncs++;
    return sync.call(this);
  };
  try {
    await using log = await SegmentLog.create(`${folder}/log.jsonl`, [], { durability: "entry" });
    const before = syncs;
    log.append({ kind: "turn_end", turn_count: 1 });
    assertEquals(syncs - before, 1);
  } finally {
    Deno.FsFile.prototype.syncDataSync = sync;
    await Deno.remove(folder, { recursive: true });
  }
});
