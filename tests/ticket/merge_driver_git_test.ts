/** Two clones of one repository that write to the same tickets, merged by git itself. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { PERMISSION_FLAGS } from "../../lib/process/mod.ts";
import { formatMergeDriver } from "../../lib/ticket/merge_driver_command.ts";
import { isTicketState, type TicketState, TRANSITIONS } from "../../lib/ticket/states.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import type { TicketDetail, TicketEvent } from "../../lib/ticket/ticket.ts";
import { git, tryGit } from "./_git.ts";

const DRIVER = fromFileUrl(new URL("../programs/ticket_merge_driver.ts", import.meta.url));
const MERGES = 200;
const TICKETS = 3;
const FIRST = 1_780_272_000_000;
/** What a merge may leave to a person. */
const OPEN_FIELDS = ["title", "state", "body"] as const;

Deno.test(`merge driver: ${MERGES} merges of two clones lose no event and hide no conflict`, async () => {
  await using repository = await Clones.create();
  const seed = Number(Deno.env.get("YOI_TEST_SEED") ?? Math.trunc(Math.random() * 2 ** 31));
  const random = randomOf(seed);
  let conflicts = 0;
  let silent = 0;
  try {
    for (let round = 0; round < MERGES; round++) {
      const base = await repository.read("one");
      // Chance alone hardly ever lets one side go a way and come back while the other goes on.
      if (round % 10 === 0) await repository.part();
      for (const side of SIDES) await repository.edit(side, random);
      const before = { one: await repository.read("one"), two: await repository.read("two") };
      const expected = expectedConflicts(base, before.one, before.two);
      const unmerged = await repository.merge();
      const resolutions = unmerged.filter((path) => path.includes("/resolution"));
      for (const path of resolutions) checkBothResolved(path, base, before.one, before.two);
      const items = unmerged.filter((path) => path.endsWith("/item.md"));
      assertEquals(items, expected, `conflicts of merge ${round}`);
      const threads = unmerged.filter((path) => path.endsWith("/thread.md"));
      const diverged = divergedThreads(base, before.one, before.two);
      checkThreads(threads, diverged, items, `threads of merge ${round}`);
      assertEquals(items.length + threads.length + resolutions.length, unmerged.length);
      conflicts += expected.length;
      silent += diverged.length;
      if (unmerged.length > 0) await repository.settle(items, threads, resolutions, before.one);
      const merged = await repository.read("one");
      for (const [id, ticket] of merged) {
        checkEvents(ticket, base.get(id), before.one.get(id), before.two.get(id));
      }
      const { diagnostics } = await repository.store("one").doctor();
      const errors = diagnostics.filter(({ severity, code }) =>
        severity === "error" || code === "event_unseparated" || code === "event_unterminated"
      );
      assertEquals(errors, [], `doctor after merge ${round}`);
      await repository.follow();
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  assert(conflicts > 0, "no merge was ever in conflict: the test proves too little");
  assert(silent > 0, "no state ever diverged unseen by an item: the test proves too little");
});

type Side = "one" | "two";
const SIDES: readonly Side[] = ["one", "two"];
type Tickets = ReadonlyMap<string, TicketDetail>;
type Random = (below: number) => number;

/** A bare repository with two clones that know the driver. */
class Clones implements AsyncDisposable {
  readonly #folder: string;
  #now = FIRST;
  #edits = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<Clones> {
    const clones = new Clones(await Deno.makeTempDir({ prefix: "yoi-merge" }));
    const hub = join(clones.#folder, "hub");
    await git(clones.#folder, "init", "--quiet", "--bare", "--initial-branch=main", hub);
    const driver = formatMergeDriver([Deno.execPath(), "run", ...PERMISSION_FLAGS, DRIVER]);
    for (const side of SIDES) {
      await git(clones.#folder, "clone", "--quiet", hub, side);
      const work = clones.#work(side);
      await git(work, "config", "merge.yoi-ticket.driver", driver);
    }
    const work = clones.#work("one");
    await Deno.writeTextFile(join(work, ".gitignore"), ".ticket-backend.*\n");
    const files = [
      "thread.md",
      "item.md",
      "resolution.md",
      "relations.json",
      "orchestration-plan.jsonl",
    ];
    const attributes = files.map((name) => `${name} merge=yoi-ticket\n`).join("");
    await Deno.writeTextFile(join(work, ".gitattributes"), attributes);
    for (let index = 0; index < TICKETS; index++) {
      await clones.store("one").create({ title: `Ticket ${index}` });
    }
    await clones.#commit("one");
    await git(work, "push", "--quiet", "origin", "HEAD:main");
    await clones.follow();
    return clones;
  }

  store(side: Side): TicketStore {
    return TicketStore.open(join(this.#work(side), "tickets"), {
      now: () => this.#now += 1000,
      author: side,
      durable: false,
    });
  }

  async read(side: Side): Promise<Map<string, TicketDetail>> {
    const store = this.store(side);
    const { tickets, problems } = await store.list({ limit: Infinity });
    assertEquals(problems, []);
    const details = await Promise.all(tickets.map(({ id }) => store.show(id)));
    return new Map(details.map((detail) => [detail.id, detail]));
  }

  /** Several changes of several kinds; both sides write equal bodies on purpose. */
  async edit(side: Side, random: Random): Promise<void> {
    const store = this.store(side);
    const { tickets } = await store.list({ limit: Infinity });
    const count = 1 + random(4);
    for (let step = 0; step < count; step++) {
      // The sides write at the same moments, so that times are equal now and then.
      this.#now = FIRST + 10_000 * (1 + random(1000));
      const { id, state } = tickets[random(tickets.length)]!;
      const other = tickets[random(tickets.length)]!.id;
      await this.#change(store, side, id, state, other, random);
    }
    await this.#commit(side);
  }

  /** Takes the tickets to different states, on one side mostly back to where they were. */
  async part(): Promise<void> {
    const store = { one: this.store("one"), two: this.store("two") };
    for (const { id, state } of (await store.one.list({ limit: Infinity })).tickets) {
      this.#now = FIRST + 10_000 * ++this.#edits;
      await take(store.one, id, "closed", ++this.#edits);
      if (state === "closed") await store.two.reopen(id, { reason: "not yet" });
      else {
        await store.one.reopen(id, { reason: "not yet" });
        await take(store.two, id, "closed", ++this.#edits);
      }
    }
    for (const side of SIDES) await this.#commit(side);
  }

  async #change(
    store: TicketStore,
    side: Side,
    id: string,
    listed: TicketState,
    other: string,
    random: Random,
  ): Promise<void> {
    const bodies = [
      "Same words.",
      "Same words.\n\n---\n\nAnd a rule.",
      `From ${side}`,
      "```\nopen",
    ];
    const body = bodies[random(bodies.length)]!;
    switch (random(8)) {
      case 0:
      case 1:
      case 2:
        await store.comment(id, { body });
        return;
      case 3:
        await store.review(id, { result: "approve", body });
        return;
      case 4: {
        const { state } = await store.show(id);
        if (state !== listed) return;
        const ways = TRANSITIONS.filter(({ from, to }) => from === state && to !== state);
        await take(store, id, ways[random(ways.length)]!.to, ++this.#edits);
        return;
      }
      case 5: {
        const kinds = ["related", "supersedes", "duplicate_of"] as const;
        const kind = kinds[random(kinds.length)]!;
        const { relations } = await store.show(id);
        const isKnown = relations.outgoing.some((one) => one.kind === kind && one.target === other);
        if (id !== other && !isKnown) await store.relate(id, { kind, target: other });
        return;
      }
      case 6:
        await store.plan(id, { kind: "waiting_capacity_note", note: `from ${side}` });
        return;
      case 7: {
        const text = `Words ${++this.#edits} of ${side}`;
        await store.editItem(id, random(2) === 0 ? { title: text } : { body: `${text}.\n` });
      }
    }
  }

  /** Merges what `two` did into `one` and gives the paths that git calls unmerged. */
  async merge(): Promise<string[]> {
    await git(this.#work("two"), "push", "--quiet", "origin", "HEAD:side", "--force");
    const work = this.#work("one");
    await git(work, "fetch", "--quiet", "origin", "side");
    const { status, stderr, stdout } = await tryGit(
      work,
      "merge",
      "--quiet",
      "-m",
      "merge",
      "FETCH_HEAD",
    );
    if (status.code === 0) return [];
    const unmerged = await git(work, "diff", "--name-only", "--diff-filter=U");
    assert(unmerged.trim() !== "", `git failed without a conflict: ${stdout}${stderr}`);
    return unmerged.trim().split("\n").sort();
  }

  /** Decides conflicts the way a person would: by taking one side. */
  async settle(
    items: readonly string[],
    threads: readonly string[],
    resolutions: readonly string[],
    ours: Tickets,
  ): Promise<void> {
    const work = this.#work("one");
    for (const path of items) {
      const text = await Deno.readTextFile(join(work, path));
      assert(/^<<<<<<< /m.test(text) && /^>>>>>>> /m.test(text), `${path} holds no markers`);
      const settled = text.replaceAll(
        /^<<<<<<< [^\n]*\n([\s\S]*?)^=======\n[\s\S]*?^>>>>>>> [^\n]*\n/gm,
        "$1",
      );
      await Deno.writeTextFile(join(work, path), settled);
    }
    for (const path of threads) {
      const text = await Deno.readTextFile(join(work, path));
      assert(!/^(?:<{7}|={7}|>{7})/m.test(text), `${path} holds markers`);
    }
    for (const path of resolutions) {
      const { status } = await tryGit(work, "checkout", "--quiet", "HEAD", "--", path);
      if (status.code !== 0) await git(work, "rm", "--quiet", "--force", "--", path);
    }
    await git(work, "add", "--all");
    await git(work, "commit", "--quiet", "-m", "settled");
    const settled = await this.read("one");
    for (const path of items) {
      const id = idIn(path);
      const isOurs = OPEN_FIELDS.some((field) => settled.get(id)![field] === ours.get(id)![field]);
      assert(isOurs, `${path}: nothing of our side is left`);
    }
  }

  /** Brings the second clone to where the first is. */
  async follow(): Promise<void> {
    await git(this.#work("one"), "push", "--quiet", "origin", "HEAD:main", "--force");
    const work = this.#work("two");
    await git(work, "fetch", "--quiet", "origin", "main");
    await git(work, "checkout", "--quiet", "-B", "main", "FETCH_HEAD");
  }

  async #commit(side: Side): Promise<void> {
    await git(this.#work(side), "add", "--all");
    await git(this.#work(side), "commit", "--quiet", "--allow-empty", "-m", "work");
  }

  #work(side: Side): string {
    return join(this.#folder, side);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function take(store: TicketStore, id: string, to: string, step: number): Promise<void> {
  assert(isTicketState(to));
  const { state } = await store.show(id);
  if (to === "closed") await store.close(id, { resolution: `Done at step ${step}.` });
  else if (state === "closed") await store.reopen(id, { reason: "not yet" });
  else await store.setState(id, to);
}

/** Items of which both sides changed the same field, each to something else. */
function expectedConflicts(base: Tickets, one: Tickets, two: Tickets): string[] {
  return [...base].filter(([id, was]) =>
    OPEN_FIELDS.some((field) => {
      const ours = one.get(id)![field];
      const theirs = two.get(id)![field];
      return ours !== was[field] && theirs !== was[field] && ours !== theirs;
    })
  ).map(([id]) => `tickets/${id}/item.md`).sort();
}

/**
 * Threads of tickets whose state both sides changed, to different ones, although an item shows no
 * conflict: one side is back where both began.
 */
function divergedThreads(base: Tickets, one: Tickets, two: Tickets): string[] {
  return [...base].filter(([id, was]) => {
    const [ours, theirs] = [one.get(id)!, two.get(id)!];
    return [ours, theirs].every((side) =>
      countOf(side, isStateChange) > countOf(was, isStateChange)
    ) &&
      ours.state !== theirs.state && [ours.state, theirs.state].includes(was.state);
  }).map(([id]) => `tickets/${id}/thread.md`).sort();
}

/** A thread may ask as well where its item does. */
function checkThreads(
  threads: readonly string[],
  diverged: readonly string[],
  items: readonly string[],
  message: string,
): void {
  const isTwice = (path: string) => items.includes(path.replace("/thread.md", "/item.md"));
  assertEquals(
    threads.filter((path) => diverged.includes(path) || !isTwice(path)),
    diverged,
    message,
  );
}

function isStateChange({ kind, attributes }: TicketEvent): boolean {
  return kind === "close" || kind === "state_changed" && attributes.field === "state";
}

function countOf({ events }: TicketDetail, isCounted: (event: TicketEvent) => boolean): number {
  return events.filter(isCounted).length;
}

/** Of a resolution only what both sides did something to may be left to a person. */
function checkBothResolved(path: string, base: Tickets, one: Tickets, two: Tickets): void {
  const id = idIn(path);
  const count = (tickets: Tickets) =>
    tickets.get(id)!.events.filter(({ kind, attributes }) =>
      kind === "close" || attributes.from === "closed"
    ).length;
  const was = count(base);
  assert(
    count(one) > was && count(two) > was,
    `${path} is in conflict, and one side left it alone`,
  );
}

function idIn(path: string): string {
  return path.split("/")[1]!;
}

/** Every event of both sides once, in an order that both sides would recognise. */
function checkEvents(
  merged: TicketDetail,
  base: TicketDetail | undefined,
  one: TicketDetail | undefined,
  two: TicketDetail | undefined,
): void {
  const names = (detail: TicketDetail | undefined) =>
    (detail?.events ?? []).map((event) => JSON.stringify(event));
  const common = names(base).length;
  const [all, ours, theirs] = [names(merged), names(one), names(two)];
  assertEquals(
    all.slice(common).toSorted(),
    withoutShared(ours.slice(common), theirs.slice(common)).toSorted(),
    `events of ${merged.id}`,
  );
  for (const side of [ours, theirs]) {
    let at = -1;
    for (const name of side) {
      at = all.indexOf(name, names(base).includes(name) ? 0 : at + 1);
      assert(at >= 0, `an event of ${merged.id} is out of order`);
    }
  }
}

/** Two events that are equal to the last letter cannot be told apart, and stand for one. */
function withoutShared(ours: readonly string[], theirs: readonly string[]): string[] {
  return [...ours, ...theirs.filter((event) => !ours.includes(event))];
}

/** Numbers that a seed repeats. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}
