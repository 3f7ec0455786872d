import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { LockFile } from "../../lib/file/lock_file.ts";
import { ObjectiveStore } from "../../lib/ticket/objective_store.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { HOLDER_FILE, LOCK_FILE } from "../../lib/ticket/_write_lock.ts";
import { stub } from "../file/_stub.ts";
import {
  assertRefused,
  filesIn,
  FIRST_ID,
  inStore,
  readFile,
  START,
  writeFile,
} from "./_written_root.ts";

Deno.test("TicketStore: an author is the request's, else the store's, else $USER, else unknown", () =>
  inStore(async ({ root }) => {
    const authorOf = async (author: string | undefined, user: string | undefined) => {
      using _env = stub(Deno.env, "get", (key) => key === "USER" ? user : undefined);
      const store = TicketStore.open(root, { durable: false, author });
      const id = await store.create({ title: "x" });
      return (await store.show(id)).events[0]?.author;
    };
    assertEquals(await authorOf("alice", "bob"), "alice");
    assertEquals(await authorOf(undefined, "bob"), "bob");
    assertEquals(await authorOf(undefined, " "), "unknown");
    assertEquals(await authorOf(undefined, undefined), "unknown");
  }));

Deno.test("TicketStore: without the permission to look, nobody is named", () =>
  inStore(async ({ root }) => {
    using _env = stub(Deno.env, "get", () => {
      throw new Deno.errors.NotCapable("env");
    });
    const store = TicketStore.open(root, { durable: false });
    const id = await store.create({ title: "x" });
    assertEquals((await store.show(id)).events[0]?.author, "unknown");
  }));

Deno.test("TicketStore: a held store is waited for up to the bound; reading waits for nothing", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const waits: Promise<void>[] = [];
    const real = Deno.FsFile.prototype.lock;
    using _lock = stub(Deno.FsFile.prototype, "lock", function (this: Deno.FsFile, exclusive) {
      const wait = real.call(this, exclusive);
      waits.push(wait);
      return wait;
    });
    const held = LockFile.tryAcquire(`${store.root}/${LOCK_FILE}`)!;
    await assertRefused(store, () => store.comment(FIRST_ID, { body: "" }), "locked", LOCK_FILE);
    await assertRefused(store, () => store.create({ title: "y" }), "locked", LOCK_FILE);
    assertEquals((await store.show(FIRST_ID)).title, "x");
    assertEquals((await store.list()).total, 1);
    held[Symbol.dispose]();
    await Promise.all(waits);
    await store.comment(FIRST_ID, { body: "" });
  }, { lockTimeoutMs: 5 }));

Deno.test("TicketStore asks nobody for a permission that it can do without", () =>
  inStore(async ({ root }) => {
    const asked: unknown[] = [];
    const granted = (wanted: Deno.PermissionDescriptor) =>
      wanted.name === "read" && String(wanted.path).startsWith(root);
    using _query = stub(
      Deno.permissions,
      "querySync",
      (wanted) => ({ state: granted(wanted) ? "granted" : "prompt" }) as Deno.PermissionStatus,
    );
    using _env = stub(Deno.env, "get", (name) => void asked.push(name));
    const store = TicketStore.open(root, { durable: false, lockTimeoutMs: 0 });
    const id = await store.create({ title: "x" });
    assertEquals((await store.show(id)).events[0]?.author, "unknown");
    const holder = { pid: 1, since: "2026-06-01T00:00:00.000Z" };
    writeFile(root, HOLDER_FILE, JSON.stringify(holder));
    using _held = LockFile.tryAcquire(`${root}/${LOCK_FILE}`, { text: null });
    using _command = stub(
      Deno,
      "Command",
      function (this: unknown, ...call: unknown[]) {
        asked.push(call);
        throw new Error("not to be started");
      } as unknown as typeof Deno.Command,
    );
    await assertRefused(store, () => store.comment(id, { body: "" }), "locked", "may be running");
    const { lstatSync: look } = Deno;
    using _look = stub(Deno, "lstatSync", (path) => {
      if (!String(path).startsWith(root)) asked.push(path);
      return look(path);
    });
    assert((await store.doctor()).ok);
    assertEquals(asked, []);
  }));

Deno.test("TicketStore: a request that is none ends its promise, and throws nothing before that", () =>
  inStore(async (store) => {
    const id = await store.create({ title: "x" });
    // What a program without types may give.
    const none = null as unknown as undefined;
    const calls: Record<string, () => Promise<unknown>> = {
      create: () => store.create(none!),
      comment: () => store.comment(id, none!),
      queue: () => store.queue(id, none),
      list: () => store.list(none),
      show: () => store.show(id, none),
      search: () => store.search(["x"], none),
      log: () => store.log(none),
      ready: () => store.ready(none),
      relations: () => store.relations(id, none),
      plans: () => store.plans(id, none),
      dependencyCheck: () => store.dependencyCheck(id, none),
      doctor: () => store.doctor(none),
      migrate: () => store.migrate(none),
    };
    for (const [name, call] of Object.entries(calls)) {
      const end = await call().catch((error) => error);
      assert(end instanceof TypeError, name);
    }
  }));

Deno.test("TicketStore: options that are undefined are none", () =>
  inStore(async (store) => {
    const id = await store.create({ title: "x", body: undefined, signal: undefined });
    await store.comment(id, { body: "", kind: undefined, author: undefined });
    assertEquals((await store.doctor({ fix: undefined, signal: undefined })).fixed, undefined);
    assertEquals((await store.list({ limit: undefined, states: undefined })).total, 1);
    const objectives = ObjectiveStore.open(`${store.root}/../objectives`, { durable: undefined });
    await objectives.create({ title: "x", tickets: undefined });
    assertEquals((await objectives.list({ state: undefined })).objectives.length, 1);
  }));

Deno.test("TicketStore: signals of the store and of a request end the wait", () =>
  inStore(async ({ root }) => {
    const reason = new Error("not needed any more");
    const open = new AbortController();
    const store = TicketStore.open(root, { durable: false, signal: open.signal });
    const id = await store.create({ title: "x" });
    const signal = AbortSignal.abort(reason);
    assertStrictEquals(
      await assertRejects(() => store.comment(id, { body: "", signal })),
      reason,
    );
    const readings: Record<string, (options: { signal?: AbortSignal }) => Promise<unknown>> = {
      list: (options) => store.list(options),
      show: (options) => store.show(id, options),
      search: (options) => store.search(["x"], options),
      log: (options) => store.log(options),
      ready: (options) => store.ready(options),
      relations: (options) => store.relations(id, options),
      plans: (options) => store.plans(undefined, options),
      dependencyCheck: (options) => store.dependencyCheck(id, options),
      doctor: (options) => store.doctor(options),
      migrate: (options) => store.migrate({ ...options, dryRun: true }),
    };
    for (const [name, read] of Object.entries(readings)) {
      await read({});
      assertStrictEquals(await assertRejects(() => read({ signal })), reason, name);
    }
    open.abort(reason);
    assertStrictEquals(await assertRejects(() => store.create({ title: "y" })), reason);
    for (const [name, read] of Object.entries(readings)) {
      assertStrictEquals(await assertRejects(() => read({})), reason, name);
    }
  }));

Deno.test("TicketStore: a signal that fires under the lock ends a change before its first write", () =>
  inStore(async ({ root }) => {
    const reason = new Error("not needed any more");
    const calm = TicketStore.open(root, { durable: false });
    const id = await calm.create({ title: "x", state: "ready", summary: "Worth it." });
    // A gate that gets so far tells what it could not read.
    writeFile(root, "00001KT07NV09/item.md", "---\n---\n");
    writeFile(root, "00001KT07NV09/artifacts/relations.json", "{");
    const before = filesIn(root);
    const told: unknown[] = [];
    const onUnread = (problems: unknown) => told.push(problems);
    const changes: ((store: TicketStore, signal: AbortSignal) => Promise<unknown>)[] = [
      (store, signal) => store.queue(id, { signal, onUnread }),
      (store, signal) => store.comment(id, { body: "", signal }),
      (store, signal) => store.create({ title: "y", signal }),
    ];
    for (const change of changes) {
      const controller = new AbortController();
      // The clock is asked for the first time when the lock has been taken.
      const now = () => {
        controller.abort(reason);
        return START;
      };
      const store = TicketStore.open(root, { durable: false, now });
      assertStrictEquals(await assertRejects(() => change(store, controller.signal)), reason);
      assertEquals(filesIn(root), before);
    }
    assertEquals(told, []);
    await calm.queue(id, { onUnread });
    assertEquals(told.length, 1);
  }));

Deno.test("TicketStore.open() takes a path however it ends", () =>
  inStore(async (store) => {
    await TicketStore.open(`${store.root}//`, { durable: false }).create({ title: "x" });
    assertEquals((await store.list()).total, 1);
    assertEquals(TicketStore.open("/").root, "/");
  }));

Deno.test("TicketStore: a root behind a link is a root like any other", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    await Deno.symlink(store.root, `${store.root}/../link`);
    const linked = TicketStore.open(`${store.root}/../link`, { durable: false });
    await linked.comment(FIRST_ID, { body: "through the link" });
    assertEquals((await store.show(FIRST_ID)).events.length, 2);
  }));

Deno.test("TicketStore.doctor() repairs under the lock when asked, and makes no root", () =>
  inStore(async (store) => {
    assertEquals((await store.doctor({ fix: true })).ok, true);
    assertEquals((await store.doctor()).ok, true);
    await store.create({ title: "x" });
    await Deno.remove(`${store.root}/${FIRST_ID}/artifacts`, { recursive: true });
    assertEquals((await store.doctor()).ok, false);
    const { ok, fixed } = await store.doctor({ fix: true });
    assertEquals([ok, fixed?.map(({ code }) => code)], [true, ["artifacts_missing"]]);
  }));

Deno.test("TicketStore.migrate() turns older tickets into new ones, or only says so", () =>
  inStore(async (store) => {
    const id = "20260529-010200-001";
    writeFile(store.root, `${id}/item.md`, "---\ntitle: x\nstate: ready\n---\n");
    writeFile(store.root, `${id}/thread.md`, "");
    const { dryRun, tickets } = await store.migrate({ dryRun: true });
    assertEquals([dryRun, tickets.map(({ to }) => to)], [true, ["00001KSRM16T0"]]);
    assertEquals((await store.list()).tickets.map((row) => row.id), [id]);
    await store.migrate();
    assertEquals((await store.list()).tickets.map((row) => row.id), ["00001KSRM16T0"]);
    assertEquals(await store.resolveId(id), "00001KSRM16T0");
    assert(readFile(store, "00001KSRM16T0/item.md").includes("title: x"));
  }));

Deno.test("TicketStore: a full disk takes back what it took", () =>
  inStore(async (store) => {
    await store.create({ title: "x" });
    const real = Deno.FsFile.prototype.writeSync;
    using _full = stub(Deno.FsFile.prototype, "writeSync", function (this: Deno.FsFile, bytes) {
      return real.call(this, bytes.subarray(0, 20));
    });
    await assertRefused(store, () => store.comment(FIRST_ID, { body: "b" }), "io", "thread.md");
  }));
