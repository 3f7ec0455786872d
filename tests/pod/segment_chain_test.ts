import { assert, assertEquals, assertThrows } from "@std/assert";
import { Journal } from "../../lib/pod/journal.ts";
import { PodError } from "../../lib/pod/mod.ts";
import { SegmentChain } from "../../lib/pod/segment_chain.ts";
import {
  emptyConfig,
  isUuid,
  replaySegment,
  textMessage,
  UuidSource,
} from "../../lib/session/mod.ts";
import { appendText, readText } from "./_files.ts";

const SESSION = "01980000-0000-7000-8000-000000000001";

/** A chain in a folder of its own. */
class TestChain implements AsyncDisposable {
  readonly kept: string[] = [];
  readonly switches: string[] = [];
  readonly journal: Journal;
  readonly chain: SegmentChain;

  constructor(readonly folder: string, save?: (segmentId: string) => Promise<void>) {
    const uuids = new UuidSource();
    this.journal = new Journal({
      greeting: () => {
        throw new Error("nobody is attached");
      },
      status: () => "idle",
    });
    this.chain = new SegmentChain({
      journal: this.journal,
      sessionsRoot: folder,
      sessionId: SESSION,
      newId: () => uuids.next(),
      onSwitch: () => this.switches.push(this.chain.segmentId),
      savePointer: async ({ segmentId }) => {
        await save?.(segmentId);
        this.kept.push(segmentId);
      },
    });
  }

  static async open(save?: (segmentId: string) => Promise<void>): Promise<TestChain> {
    return new TestChain(await Deno.makeTempDir({ prefix: "yoi-" }), save);
  }

  /** One finished run. */
  run(text: string): void {
    const { journal } = this;
    journal.commit({ kind: "invoke", trigger: "user_send" });
    journal.commit({ kind: "user_input", segments: [{ kind: "text", content: text }] });
    journal.commit({ kind: "assistant_item", item: textMessage("assistant", `re: ${text}`) });
    journal.commit({ kind: "turn_end", turn_count: journal.state.turnCount + 1 });
    journal.commit({ kind: "run_completed", interrupted: false, result: "finished" });
  }

  path(segmentId: string): string {
    return `${this.folder}/${SESSION}/${segmentId}.jsonl`;
  }

  /** The texts of all segment files, by id. */
  files(): Map<string, string> {
    const folder = `${this.folder}/${SESSION}`;
    return new Map([...Deno.readDirSync(folder)].map(({ name }) => [
      name.replace(".jsonl", ""),
      readText(`${folder}/${name}`),
    ]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chain[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("SegmentChain is pending until its first segment", async () => {
  await using test = await TestChain.open();
  const { chain, journal } = test;
  assertEquals([chain.isPending, chain.segmentId, chain.targets()], [true, "", []]);
  chain.begin({ systemPrompt: "Be kind", config: emptyConfig() });
  assert(isUuid(chain.segmentId));
  assertEquals(chain.isPending, false);
  assertEquals(journal.state.systemPrompt, "Be kind");
  await chain.pointerSaved();
  assertEquals([test.kept, test.switches], [[chain.segmentId], [chain.segmentId]]);
});

Deno.test("SegmentChain: old files stay byte for byte, every file replays, every switch is kept", async () => {
  await using test = await TestChain.open();
  const { chain, journal } = test;
  chain.begin({ systemPrompt: "Be kind", config: emptyConfig() });
  const ids = [chain.segmentId];
  const seen = new Map<string, string>();
  const remember = () => {
    for (const [id, text] of test.files()) {
      if (seen.has(id)) assertEquals(text, seen.get(id), `segment ${id} was changed`);
      else if (id !== chain.segmentId) seen.set(id, text);
    }
    if (chain.segmentId !== ids.at(-1)) ids.push(chain.segmentId);
  };
  test.run("one");
  test.run("two");
  chain.rollBack(journal.texts.length - 2);
  remember();
  test.run("three");
  const target = chain.targets()[0]!;
  chain.rewind(target.id, target.expected_head_entries);
  remember();
  chain.compact([textMessage("system", "summary")]);
  remember();
  test.run("four");
  appendText(test.path(chain.segmentId), "\n");
  await chain.checkHead();
  remember();
  test.run("five");
  await chain.pointerSaved();
  remember();
  assertEquals(ids.length, 5);
  assertEquals(test.kept, ids);
  assertEquals(test.switches, ids);
  for (const id of ids) {
    const replay = await replaySegment(test.path(id));
    assertEquals([replay.sessionId, replay.systemPrompt], [SESSION, "Be kind"]);
  }
  const last = await replaySegment(test.path(ids.at(-1)!));
  assertEquals(last.history, [...journal.history]);
  assertEquals(last.turnCount, journal.state.turnCount);
});

Deno.test("SegmentChain.rewind(): origins are of one kind, and the retained lines are the old ones", async () => {
  await using test = await TestChain.open();
  const { chain } = test;
  chain.begin({ systemPrompt: null, config: emptyConfig() });
  chain.compact([textMessage("system", "summary")]);
  const compacted = chain.segmentId;
  test.run("one");
  test.run("two");
  const target = chain.targets()[0]!;
  const result = chain.rewind(target.id, target.expected_head_entries);
  assertEquals(result.input, [{ kind: "text", content: "two" }]);
  const files = test.files();
  const [start, ...rest] = files.get(chain.segmentId)!.trim().split("\n");
  const origin = JSON.parse(start!);
  assertEquals(origin.forked_from, { segment_id: compacted, at_turn_index: 1 });
  assertEquals(origin.compacted_from, undefined);
  assertEquals(rest, files.get(compacted)!.trim().split("\n").slice(1, target.truncate_entries));
});

Deno.test("SegmentChain.rewind(): a target of an ancestor is valid inside the common part", async () => {
  await using test = await TestChain.open();
  const { chain, journal } = test;
  chain.begin({ systemPrompt: null, config: emptyConfig() });
  for (const text of ["one", "two", "three"]) test.run(text);
  const [three, two, one] = chain.targets();
  chain.rewind(three!.id, three!.expected_head_entries);
  const head = () => journal.texts.length;
  assertThrows(() => chain.rewind(three!.id, head()), PodError, "not the current one");
  chain.rewind(two!.id, head());
  const { input } = chain.rewind(one!.id, head());
  assertEquals(input, [{ kind: "text", content: "one" }]);
  assertEquals(journal.history, []);
  chain.compact([]);
  assertThrows(() => chain.rewind(one!.id, head()), PodError, "not the current one");
});

Deno.test("SegmentChain: a segment that cannot be made changes nothing", async () => {
  await using test = await TestChain.open();
  const { chain, journal } = test;
  chain.begin({ systemPrompt: null, config: emptyConfig() });
  test.run("one");
  const [segmentId, texts] = [chain.segmentId, [...journal.texts]];
  const [target] = chain.targets();
  assertThrows(() => chain.compact([{ kind: "message" } as never]));
  const folder = `${test.folder}/${SESSION}`;
  await Deno.rename(folder, `${folder}.away`);
  await Deno.writeTextFile(folder, "");
  assertThrows(() => chain.compact([]));
  assertThrows(() => chain.rollBack(1));
  assertThrows(() => chain.rewind(target!.id, texts.length));
  await Deno.remove(folder);
  await Deno.rename(`${folder}.away`, folder);
  assertEquals([chain.segmentId, [...journal.texts]], [segmentId, texts]);
  test.run("two");
  assertEquals((await replaySegment(test.path(segmentId))).history.length, 4);
});

Deno.test("SegmentChain keeps one pointer after the other, however long one takes", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const asked: string[] = [];
  await using test = await TestChain.open(async (segmentId) => {
    await gates[asked.push(segmentId) - 1]?.promise;
  });
  const { chain } = test;
  chain.begin({ systemPrompt: null, config: emptyConfig() });
  const first = chain.segmentId;
  chain.compact([]);
  gates[1]!.resolve();
  await Promise.resolve();
  assertEquals(asked.length <= 1, true);
  gates[0]!.resolve();
  await chain.pointerSaved();
  assertEquals(test.kept, [first, chain.segmentId]);
});
