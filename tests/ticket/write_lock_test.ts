import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { LockFile } from "../../lib/file/lock_file.ts";
import { HOLDER_FILE, LOCK_FILE, WriteLock } from "../../lib/ticket/_write_lock.ts";
import { spawnChild } from "../../lib/process/child.ts";
import { lifeOf } from "../../lib/process/identity.ts";
import { until } from "../process/_system.ts";
import { stub } from "../file/_stub.ts";
import { collectWaits } from "../file/_lock_waits.ts";
import { filesIn, inRoot, rejection } from "./_written_root.ts";

/** Runs a test in a root that exists. */
function inFolder(test: (root: string) => Promise<void>): Promise<void> {
  return inRoot(async (root) => {
    await Deno.mkdir(root);
    await test(root);
  });
}

Deno.test("WriteLock: the reference's lock file stays empty, the sidecar says who holds it", () =>
  inFolder(async (root) => {
    const lock = new WriteLock(root, { now: () => 1780272000000 });
    {
      using held = await lock.acquire();
      assertEquals(held.isInherited, false);
      assertEquals(filesIn(root), {
        [HOLDER_FILE]: `{"pid":${Deno.pid},"since":"2026-06-01T00:00:00.000Z"}\n`,
      });
      assertEquals(LockFile.tryAcquire(`${root}/${LOCK_FILE}`), undefined);
    }
    assertEquals(filesIn(root), {});
    assertEquals(await Deno.readTextFile(`${root}/${LOCK_FILE}`), "");
    using free = LockFile.tryAcquire(`${root}/${LOCK_FILE}`);
    assert(free);
  }));

Deno.test("WriteLock: a lock file that somebody has put something into keeps it", () =>
  inFolder(async (root) => {
    await Deno.writeTextFile(`${root}/${LOCK_FILE}`, "theirs");
    {
      using _held = await new WriteLock(root).acquire();
    }
    assertEquals(await Deno.readTextFile(`${root}/${LOCK_FILE}`), "theirs");
  }));

Deno.test("WriteLock: calls of one process take turns in their order, whatever the bound is", () =>
  inFolder(async (root) => {
    const lock = new WriteLock(root, { timeoutMs: 0 });
    const order: number[] = [];
    await Promise.all(Array.from({ length: 1000 }, async (_, index) => {
      using _held = await lock.acquire();
      order.push(index);
    }));
    assertEquals(order, Array.from({ length: 1000 }, (_, index) => index));
  }));

Deno.test("WriteLock: a failed call lets the next one go", () =>
  inFolder(async (root) => {
    const lock = new WriteLock(root);
    await Deno.symlink("/nowhere", `${root}/${LOCK_FILE}`);
    const failed = lock.acquire();
    const next = lock.acquire();
    const error = await rejection(() => failed);
    assertEquals(error.code, "escapes_root");
    await rejection(() => next);
    await Deno.remove(`${root}/${LOCK_FILE}`);
    using _held = await lock.acquire();
  }));

Deno.test("WriteLock: a release that cannot tidy up lets go, and hides nothing of the work", () =>
  inFolder(async (root) => {
    const lock = new WriteLock(root);
    const failure = new Error("the work failed");
    const error = await assertRejects(async () => {
      using _held = await lock.acquire();
      // What keeps the file from being removed: a root that has become read-only, or a file.
      await Deno.remove(`${root}/${HOLDER_FILE}`);
      await Deno.mkdir(`${root}/${HOLDER_FILE}/x`, { recursive: true });
      throw failure;
    });
    assertStrictEquals(error, failure);
    await Deno.remove(`${root}/${HOLDER_FILE}`, { recursive: true });
    using held = await lock.acquire();
    assertEquals(held.isInherited, false);
  }));

Deno.test("WriteLock: another writer is waited for up to the bound, then named", () =>
  inFolder(async (root) => {
    using system = collectWaits();
    const others = new WriteLock(root);
    const lock = new WriteLock(root, { timeoutMs: 5 });
    const held = await others.acquire();
    const error = await rejection(() => lock.acquire());
    assertEquals([error.code, error.path], ["locked", `${root}/${LOCK_FILE}`]);
    assertMatch(
      error.message,
      new RegExp(
        `^ticket backend is locked: .* \\(held by process ${Deno.pid} since 20.*Z, ` +
          "which is running\\)$",
      ),
    );
    held[Symbol.dispose]();
    await Promise.all(system.waits);
    using _mine = await lock.acquire();
  }));

Deno.test("WriteLock: a long wait is told of while it lasts, a short one is not", () =>
  inFolder(async (root) => {
    const told = Promise.withResolvers<string | undefined>();
    const lock = new WriteLock(root, { timeoutMs: Infinity, longWaitMs: 1, onWait: told.resolve });
    const held = await new WriteLock(root).acquire();
    const waiting = lock.acquire();
    assertMatch(String(await told.promise), new RegExp(`^process ${Deno.pid} since 20`));
    held[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();

    const unexpected = () => told.reject(new Error("nobody was waited for"));
    using _free = await new WriteLock(root, { longWaitMs: 60_000, onWait: unexpected }).acquire();
  }));

Deno.test("WriteLock: what the one throws who is told of a long wait ends the wait", () =>
  inFolder(async (root) => {
    using system = collectWaits();
    const failure = new Error("nobody to tell");
    const onWait = () => {
      throw failure;
    };
    const lock = new WriteLock(root, { timeoutMs: Infinity, longWaitMs: 1, onWait });
    const held = await new WriteLock(root).acquire();
    assertStrictEquals(await assertRejects(() => lock.acquire()), failure);
    held[Symbol.dispose]();
    await Promise.all(system.waits);
    using _mine = await lock.acquire();
  }));

Deno.test("WriteLock: calls behind the same foreign writer have one bound together", () =>
  inFolder(async (root) => {
    using system = collectWaits();
    const held = await new WriteLock(root).acquire();
    const lock = new WriteLock(root, { timeoutMs: 100 });
    const start = performance.now();
    const codes = await Promise.all(
      Array.from({ length: 5 }, async () => (await rejection(() => lock.acquire())).code),
    );
    assertEquals(new Set(codes), new Set(["locked"]));
    // One after the other would take five times the bound.
    assert(performance.now() - start < 400);
    held[Symbol.dispose]();
    await Promise.all(system.waits);
    using _mine = await lock.acquire();
  }));

Deno.test("WriteLock: a holder that wrote no sidecar is not named", () =>
  inFolder(async (root) => {
    using system = collectWaits();
    const reference = LockFile.tryAcquire(`${root}/${LOCK_FILE}`);
    const error = await assertRejects(() => new WriteLock(root, { timeoutMs: 5 }).acquire());
    assertEquals((error as Error).message, `ticket backend is locked: ${root}/${LOCK_FILE}`);
    reference?.[Symbol.dispose]();
    await Promise.all(system.waits);
  }));

Deno.test("WriteLock: the end of a wait reads no large file in the place of the sidecar", () =>
  inFolder(async (root) => {
    using system = collectWaits();
    const reference = LockFile.tryAcquire(`${root}/${LOCK_FILE}`);
    const holder = { pid: Deno.pid, since: "2026-06-01T00:00:00.000Z" };
    await Deno.writeTextFile(`${root}/${HOLDER_FILE}`, JSON.stringify(holder).padEnd(2_000));
    const error = await assertRejects(() => new WriteLock(root, { timeoutMs: 5 }).acquire());
    assertEquals((error as Error).message, `ticket backend is locked: ${root}/${LOCK_FILE}`);
    reference?.[Symbol.dispose]();
    await Promise.all(system.waits);
  }));

Deno.test("WriteLock: of a holder that is stopped it is told how it goes on", () =>
  inFolder(async (root) => {
    await using child = spawnChild({ command: ["sleep", "600"] });
    const { pid } = child;
    Deno.kill(pid, "SIGSTOP");
    await until(() => lifeOf({ pid, startTime: undefined }) === "stopped");
    using _theirs = LockFile.tryAcquire(`${root}/${LOCK_FILE}`);
    const holder = { pid, since: "2026-06-01T00:00:00.000Z" };
    await Deno.writeTextFile(`${root}/${HOLDER_FILE}`, JSON.stringify(holder));
    const error = await rejection(() => new WriteLock(root, { timeoutMs: 0 }).acquire());
    assertEquals(
      error.message,
      `ticket backend is locked: ${root}/${LOCK_FILE} (held by process ${pid} since ` +
        `${holder.since}, which is stopped: \`kill -CONT ${pid}\` resumes it)`,
    );
    await child.stop({ signal: "SIGKILL" });
  }));

Deno.test("WriteLock: who follows a dead writer is told so", () =>
  inFolder(async (root) => {
    const lock = new WriteLock(root);
    await Deno.writeTextFile(`${root}/${HOLDER_FILE}`, '{"pid":1,"si');
    {
      using held = await lock.acquire();
      assertEquals(held.isInherited, true);
    }
    using held = await lock.acquire();
    assertEquals(held.isInherited, false);
  }));

Deno.test("WriteLock: a signal ends the wait in the queue and the wait for the system", () =>
  inFolder(async (root) => {
    using system = collectWaits();
    const lock = new WriteLock(root, { timeoutMs: Infinity });
    const others = new WriteLock(root);
    const reason = new Error("not needed any more");
    await assertRejects(() => lock.acquire({ signal: AbortSignal.abort(reason) }));
    const held = await others.acquire();
    const controller = new AbortController();
    const first = lock.acquire({ signal: controller.signal });
    const second = lock.acquire({ signal: controller.signal });
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => first), reason);
    assertStrictEquals(await assertRejects(() => second), reason);
    held[Symbol.dispose]();
    await Promise.all(system.waits);
    using _mine = await lock.acquire();
  }));

Deno.test("WriteLock: releasing twice frees nobody else's lock", () =>
  inFolder(async (root) => {
    const lock = new WriteLock(root);
    const first = await lock.acquire();
    first[Symbol.dispose]();
    using _second = await lock.acquire();
    first[Symbol.dispose]();
    assertEquals(LockFile.tryAcquire(`${root}/${LOCK_FILE}`), undefined);
  }));

/** A root in a work tree, and the lock that git takes there. */
function inWorkTree(test: (root: string, indexLock: string) => Promise<void>): Promise<void> {
  return inFolder(async (top) => {
    await Deno.mkdir(`${top}/.git`);
    await Deno.mkdir(`${top}/root`);
    await test(`${top}/root`, `${top}/.git/index.lock`);
  });
}

Deno.test("WriteLock: nobody writes while git is merging in the work tree", () =>
  inWorkTree(async (root, indexLock) => {
    await Deno.writeTextFile(indexLock, "");
    const error = await rejection(() => new WriteLock(root, { timeoutMs: 0 }).acquire());
    assertEquals([error.code, error.path], ["locked", indexLock]);
    const told = Promise.withResolvers<string | undefined>();
    const waiting = new WriteLock(root, { longWaitMs: 1, onWait: told.resolve }).acquire();
    assertEquals(await told.promise, "git");
    await Deno.remove(indexLock);
    using _held = await waiting;
  }));

Deno.test("WriteLock: git is waited for where a link leads into its work tree", () =>
  inWorkTree(async (root, indexLock) => {
    await inFolder(async (elsewhere) => {
      await Deno.symlink(root, `${elsewhere}/tickets`);
      await Deno.writeTextFile(indexLock, "");
      const lock = new WriteLock(`${elsewhere}/tickets`, { timeoutMs: 0 });
      const error = await rejection(() => lock.acquire());
      assertEquals([error.code, error.path], ["locked", indexLock]);
    });
  }));

Deno.test("WriteLock: git is not waited for when it has written, or left its lock long ago", () =>
  inWorkTree(async (root, indexLock) => {
    const lock = new WriteLock(root, { timeoutMs: 0 });
    await Deno.writeTextFile(indexLock, "DIRC");
    (await lock.acquire())[Symbol.dispose]();
    await Deno.writeTextFile(indexLock, "");
    const old = new Date(Date.now() - 120_000);
    await Deno.utime(indexLock, old, old);
    (await lock.acquire())[Symbol.dispose]();
  }));

Deno.test("WriteLock: git's lock is looked for where a work tree beside another one has it", () =>
  inFolder(async (top) => {
    await Deno.mkdir(`${top}/main/.git/worktrees/side`, { recursive: true });
    await Deno.mkdir(`${top}/side/root`, { recursive: true });
    const place = `${top}/main/.git/worktrees/side`;
    const lock = new WriteLock(`${top}/side/root`, { timeoutMs: 0 });
    for (const text of [`gitdir: ${place}\n`, "gitdir: ../main/.git/worktrees/side\n"]) {
      await Deno.writeTextFile(`${top}/side/.git`, text);
      await Deno.writeTextFile(`${place}/index.lock`, "");
      const error = await rejection(() => lock.acquire());
      assertEquals([error.code, error.path], ["locked", `${place}/index.lock`]);
      await Deno.remove(`${place}/index.lock`);
      (await lock.acquire())[Symbol.dispose]();
    }
    await Deno.writeTextFile(`${top}/side/.git`, "nonsense");
    (await lock.acquire())[Symbol.dispose]();
  }));

Deno.test("WriteLock: nobody is asked to let git's lock be looked at that lies elsewhere", () =>
  inFolder(async (top) => {
    const place = `${top}/main/.git/worktrees/side`;
    await Deno.mkdir(place, { recursive: true });
    await Deno.writeTextFile(`${place}/index.lock`, "");
    await Deno.mkdir(`${top}/side/root`, { recursive: true });
    await Deno.writeTextFile(`${top}/side/.git`, `gitdir: ${place}\n`);
    const isOurs = (path: unknown) => String(path).startsWith(`${top}/side`);
    using _query = stub(
      Deno.permissions,
      "querySync",
      (wanted) =>
        ({
          state: wanted.name === "read" && isOurs(wanted.path) ? "granted" : "prompt",
        }) as Deno.PermissionStatus,
    );
    const { lstatSync: look } = Deno;
    const looks: string[] = [];
    using _look = stub(Deno, "lstatSync", (path) => {
      looks.push(String(path));
      return look(path);
    });
    (await new WriteLock(`${top}/side/root`, { timeoutMs: 0 }).acquire())[Symbol.dispose]();
    assertEquals(looks.filter((path) => !isOurs(path)), []);
  }));

Deno.test("WriteLock: a signal ends the wait for git", () =>
  inWorkTree(async (root, indexLock) => {
    await Deno.writeTextFile(indexLock, "");
    const controller = new AbortController();
    const waiting = new WriteLock(root).acquire({ signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => waiting), reason);
  }));
