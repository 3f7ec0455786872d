import { assert, assertEquals, assertRejects } from "@std/assert";
import { Disk, type DiskStep } from "../../lib/ticket/disk.ts";
import { fixStore } from "../../lib/ticket/_doctor_fix.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { collectWaits } from "../file/_lock_waits.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { HOLDER_FILE, WriteLock } from "../../lib/ticket/_write_lock.ts";
import { stub } from "../file/_stub.ts";
import {
  AT,
  changed,
  created,
  event,
  ID,
  item,
  OTHER,
  relations,
  SampleRoot,
  thread,
  ticket,
  type Tree,
} from "./_doctor_samples.ts";

const LATER = "at: 2026-06-09T00:00:00Z";
const CRLF_END = created().replaceAll("\n", "\r\n").replace(/---\r\n$/, "");

/** A store with one thing to repair, and the files that are different afterwards. */
const REPAIRS: readonly {
  name: string;
  tree: Tree;
  codes: string[];
  /** New texts by path; `undefined` for files that are gone. */
  changes: Record<string, string | undefined>;
}[] = [
  {
    name: "makes artifacts/ with its .gitkeep",
    tree: ticket(ID, { "artifacts/.gitkeep": undefined }),
    codes: ["artifacts_missing"],
    changes: { [`${ID}/artifacts/.gitkeep`]: "" },
  },
  {
    name: "rolls a state forward that the thread has recorded",
    tree: ticket(ID, {
      "item.md": item({ state: "queued # by hand" }),
      "thread.md": thread(created(), changed("queued", "inprogress", LATER)),
    }),
    codes: ["state_lags_thread"],
    changes: {
      [`${ID}/item.md`]: item({
        state: "'inprogress' # by hand",
        updated_at: "'2026-06-09T00:00:00Z'",
      }),
    },
  },
  {
    name: "writes a field that a crash kept from the item",
    tree: ticket(ID, {
      "item.md": item({ assignee: "'kim'" }),
      "thread.md": thread(
        created(),
        event(
          "state_changed",
          `author: kim ${LATER} from: kim to: null reason: assign field: assignee`,
        ),
      ),
    }),
    codes: ["field_lags_thread"],
    changes: {
      [`${ID}/item.md`]: item({ assignee: "null", updated_at: "'2026-06-09T00:00:00Z'" }),
    },
  },
  {
    name: "makes up for all that lags, without losing a part by the time of another",
    tree: ticket(ID, {
      "item.md": item({ state: "'queued'", priority: "null", assignee: "'kim'" }),
      "thread.md": thread(
        created(),
        changed("queued", "inprogress", LATER),
        event("state_changed", `author: kim ${LATER} from: null to: P1 reason: p field: priority`),
        event("state_changed", `author: kim ${LATER} from: kim to: lee reason: a field: assignee`),
        event("comment", `author: kim ${LATER}`),
      ),
    }),
    codes: ["field_lags_thread", "field_lags_thread", "state_lags_thread"],
    changes: {
      [`${ID}/item.md`]: item({
        state: "'inprogress'",
        updated_at: "'2026-06-09T00:00:00Z'",
        priority: "'P1'",
        assignee: "'lee'",
      }),
    },
  },
  {
    name: "writes a field before the item's time is moved on",
    tree: ticket(ID, {
      "item.md": item({ created_at: "'2026-06-03T00:00:00Z'" }),
      "thread.md": thread(
        created(),
        event("state_changed", `author: kim ${LATER} from: null to: P1 reason: p field: priority`),
        event("comment", "author: kim at: 2026-06-10T00:00:00Z"),
      ),
    }),
    codes: ["field_lags_thread", "updated_before_created"],
    changes: {
      [`${ID}/item.md`]: item({
        created_at: "'2026-06-03T00:00:00Z'",
        updated_at: "'2026-06-10T00:00:00Z'",
        priority: "'P1'",
      }),
    },
  },
  {
    name: "moves updated_at on to the last event",
    tree: ticket(ID, { "thread.md": thread(created(), event("comment", `author: kim ${LATER}`)) }),
    codes: ["updated_before_last_event"],
    changes: { [`${ID}/item.md`]: item({ updated_at: "'2026-06-09T00:00:00Z'" }) },
  },
  {
    name: "moves updated_at on to created_at",
    tree: ticket(ID, { "item.md": item({ created_at: "'2026-06-03T00:00:00Z'" }) }),
    codes: ["updated_before_created"],
    changes: {
      [`${ID}/item.md`]: item({
        created_at: "'2026-06-03T00:00:00Z'",
        updated_at: "'2026-06-03T00:00:00Z'",
      }),
    },
  },
  {
    name: "drops byte order marks, then sees what they hid",
    tree: ticket(ID, {
      "item.md": `\ufeff${item()}`,
      "thread.md": `\ufeff${thread(created(), event("comment", `author: kim ${LATER}`))}`,
    }),
    codes: ["updated_before_last_event", "byte_order_mark", "byte_order_mark"],
    changes: {
      [`${ID}/item.md`]: item({ updated_at: "'2026-06-09T00:00:00Z'" }),
      [`${ID}/thread.md`]: thread(created(), event("comment", `author: kim ${LATER}`)),
    },
  },
  {
    name: "ends the last event",
    tree: ticket(ID, { "thread.md": created().replace("\n---\n", "") }),
    codes: ["event_unterminated"],
    changes: { [`${ID}/thread.md`]: created() },
  },
  {
    name: "ends the last event and its code fence",
    tree: ticket(ID, { "thread.md": event("create", `author: kim ${AT}`, "```\nx").slice(0, -6) }),
    codes: ["event_unterminated"],
    changes: {
      [`${ID}/thread.md`]: event("create", `author: kim ${AT}`, "```\nx\n```"),
    },
  },
  {
    name: "ends the last event with the line ends of the thread",
    tree: ticket(ID, { "thread.md": CRLF_END }),
    codes: ["event_unterminated"],
    changes: { [`${ID}/thread.md`]: `${CRLF_END}\r\n---\r\n` },
  },
  {
    name: "removes temporary files",
    tree: {
      ".x.0123456789abcdef.yoi-tmp": "half",
      ...ticket(ID, {
        ".item.md.tmp.77": "half",
        "artifacts/.relations.json.0123456789abcdef.yoi-tmp": "half",
        "artifacts/deep/.mine.tmp.77": "not a writer's",
      }),
    },
    codes: ["temporary_left", "temporary_left", "temporary_left"],
    changes: {
      ".x.0123456789abcdef.yoi-tmp": undefined,
      [`${ID}/.item.md.tmp.77`]: undefined,
      [`${ID}/artifacts/.relations.json.0123456789abcdef.yoi-tmp`]: undefined,
    },
  },
  {
    name: "removes a ticket that was not finished, and one that a migration has replaced",
    tree: {
      [`.${OTHER}.new/item.md`]: "half",
      [`.${ID}.old.new/item.md`]: "old",
      ...ticket(ID),
    },
    codes: ["staging_left", "staging_left"],
    changes: { [`.${OTHER}.new/item.md`]: undefined, [`.${ID}.old.new/item.md`]: undefined },
  },
];

for (const { name, tree, codes, changes } of REPAIRS) {
  Deno.test(`fixStore() ${name}, once`, async () => {
    using root = SampleRoot.of(tree);
    const expected: Record<string, string | undefined> = { ...root.read(), ...changes };
    for (const path in expected) if (expected[path] === undefined) delete expected[path];

    const { ok, diagnostics, fixed } = await fix(root.path);
    assertEquals(fixed?.map(({ code }) => code).sort(), codes.toSorted());
    assertEquals(diagnostics, []);
    assertEquals(ok, true);
    assertEquals(root.read(), expected as Record<string, string>);
    for (const { message, path } of fixed ?? []) {
      assert(message !== "" && path.startsWith(`${root.path}/`), `${path}: ${message}`);
    }

    assertEquals(await fix(root.path), { ok: true, diagnostics: [], fixed: [] });
    assertEquals(root.read(), expected as Record<string, string>);
  });
}

/** Stores in which nothing is mechanical. */
const LEFT: readonly { name: string; tree: Tree; codes: string[] }[] = [
  {
    name: "files that only look temporary",
    tree: { ".plan.tmp.1": "mine", ...ticket(ID, { "artifacts/.build.tmp.3": "mine" }) },
    codes: ["temporary_left", "temporary_left"],
  },
  {
    name: "a thread that is missing",
    tree: ticket(ID, { "thread.md": undefined }),
    codes: ["thread_missing"],
  },
  {
    name: "a separator that is missing in the middle",
    tree: ticket(ID, {
      "thread.md": created().replace("---\n", "") + changed("ready", "planning"),
    }),
    codes: ["event_unseparated"],
  },
  {
    name: "a state that somebody set by hand",
    tree: ticket(ID, {
      "item.md": item({ state: "'ready'" }),
      "thread.md": thread(created(), changed("inprogress", "done")),
    }),
    codes: ["state_differs_from_thread"],
  },
  {
    name: "an edit that was cut off",
    tree: ticket(ID, {
      "thread.md": thread(created(), event("item_edit", `author: kim ${LATER}`)),
    }),
    codes: ["edit_lags_thread"],
  },
  {
    name: "an old ticket of an unfinished migration whose new form is not there",
    tree: { [`.${ID}.old.new/item.md`]: "old", ".notes.new": "mine" },
    codes: ["staging_left", "staging_left"],
  },
  {
    name: "links, and what would have to be written through one",
    tree: {
      ...ticket(ID, { artifacts: "in the way", "artifacts/.gitkeep": undefined }),
      ...ticket(OTHER, { "artifacts/.gitkeep": undefined, artifacts: { link: "/tmp" } }),
    },
    codes: ["artifacts_missing", "symbolic_link"],
  },
  {
    name: "relations that lead nowhere",
    tree: ticket(ID, { "artifacts/relations.json": relations([["related", OTHER]]) }),
    codes: ["relation_target_missing"],
  },
];

for (const { name, tree, codes } of LEFT) {
  Deno.test(`fixStore() leaves ${name}, and says so`, async () => {
    using root = SampleRoot.of(tree);
    const before = root.read();
    const { diagnostics, fixed } = await fix(root.path);
    assertEquals(diagnostics.map(({ code }) => code), codes);
    assertEquals(fixed, []);
    assertEquals(root.read(), before);
  });
}

Deno.test("fixStore() repairs what it can of a ticket with other faults", async () => {
  using root = SampleRoot.of(ticket(ID, {
    "item.md": "nothing to read",
    ".item.md.tmp.77": "",
    "artifacts/.gitkeep": undefined,
  }));
  const { ok, diagnostics, fixed } = await fix(root.path);
  assertEquals(ok, false);
  assertEquals(diagnostics.map(({ code }) => code), ["item_unreadable"]);
  assertEquals(fixed?.map(({ code }) => code), ["artifacts_missing", "temporary_left"]);
});

Deno.test("fixStore() makes up for what lags behind a thread that ends inside a letter", async () => {
  using root = SampleRoot.of(ticket(ID, { "item.md": item({ state: "'queued'" }) }));
  const events = thread(created(), changed("queued", "inprogress", LATER));
  const letter = new TextEncoder().encode("é").subarray(0, 1);
  const bytes = [...new TextEncoder().encode(events), ...letter];
  await Deno.writeFile(`${root.path}/${ID}/thread.md`, new Uint8Array(bytes));
  const { diagnostics, fixed } = await fix(root.path);
  assertEquals(fixed?.map(({ code }) => code), ["state_lags_thread", "thread_cut"]);
  assertEquals(diagnostics, []);
});

Deno.test("fixStore() moves updated_at on to created_at, not past an edit that was cut off", async () => {
  using root = SampleRoot.of(ticket(ID, {
    "item.md": item({ created_at: "'2026-06-03T00:00:00Z'" }),
    "thread.md": thread(created(), event("item_edit", `author: kim ${LATER}`)),
  }));
  const { diagnostics, fixed } = await fix(root.path);
  assertEquals(fixed?.map(({ code }) => code), ["updated_before_created"]);
  assertEquals(diagnostics.map(({ code }) => code), ["edit_lags_thread"]);
});

Deno.test("fixStore() that dies at any write leaves a store that the next run finishes", async () => {
  const tree: Tree = Object.assign(
    {},
    ...REPAIRS.map(({ tree }, index) =>
      Object.fromEntries(
        Object.entries(tree).filter(([path]) => path.startsWith(ID))
          .map((
            [path, content],
          ) => [path.replace(ID, `00001KT07NW${String(index).padStart(2, "0")}`), content]),
      )
    ),
  );
  const steps: DiskStep[] = [];
  using whole = SampleRoot.of(tree);
  await fix(whole.path, (step) => steps.push(step));
  assert(steps.length > 20);
  for (let last = 0; last < steps.length; last++) {
    using root = SampleRoot.of(tree);
    let step = 0;
    await assertRejects(() =>
      fix(root.path, () => {
        if (step++ === last) throw new Error("killed");
      })
    );
    const { diagnostics } = await fix(root.path);
    assertEquals(diagnostics, []);
    assertEquals(withoutKeepers(root.read()), withoutKeepers(whole.read()));
  }
});

Deno.test("fixStore() leaves the old folder of an interrupted migration as it is", async () => {
  const old = "20260601-100000-001";
  const legacy = JSON.stringify({ id: old, generation: "v2", bucket: null });
  using root = SampleRoot.of({
    ...ticket(ID, { "artifacts/legacy-frontmatter.json": legacy }),
    ...ticket(old, { "artifacts/.gitkeep": undefined }),
    ".ticket-ids.json": `{"version":1,"ids":{"${old}":"${ID}"},"slugs":{}}\n`,
  });
  const before = root.read();
  const lock = () => new WriteLock(root.path).acquire();
  const { diagnostics, fixed } = await fixStore(root.path, { disk: new Disk(root.path), lock });
  assertEquals(fixed, []);
  const codes = diagnostics.map(({ code }) => code);
  assert(codes.includes("artifacts_missing") && codes.includes("migration_unfinished"));
  const { ".ticket-backend.lock": _lock, ...after } = root.read();
  assertEquals(after, before);
});

Deno.test("TicketStore.doctor() repairs under the lock when it is asked to", async () => {
  using root = SampleRoot.of(ticket(ID, { "artifacts/.gitkeep": undefined }));
  const store = TicketStore.open(root.path, { durable: false, lockTimeoutMs: 1 });
  assertEquals((await store.doctor()).diagnostics.map(({ code }) => code), ["artifacts_missing"]);
  using system = collectWaits();
  {
    using _held = await new WriteLock(root.path).acquire();
    const error = await assertRejects(() => store.doctor({ fix: true }), TicketError);
    assertEquals(error.code, "locked");
  }
  await Promise.all(system.waits);
  const { ok, diagnostics, fixed } = await store.doctor({ fix: true });
  assertEquals([ok, diagnostics.length], [true, 0]);
  assertEquals(fixed?.map(({ code, path }) => [code, path]), [
    ["artifacts_missing", `${root.path}/${ID}`],
  ]);
});

Deno.test("fixStore() holds the lock for repairs alone, and takes none where there is nothing to do", async () => {
  const order: string[] = [];
  const note = (what: string) => {
    if (order.at(-1) !== what) order.push(what);
  };
  const run = async (root: string) => {
    const { readDirSync: read } = Deno;
    using _look = stub(Deno, "readDirSync", (path) => {
      if (path === root) note("look");
      return read(path);
    });
    const lock = async () => {
      const held = await new WriteLock(root).acquire();
      note("lock");
      return {
        ...held,
        [Symbol.dispose]: () => {
          note("release");
          held[Symbol.dispose]();
        },
      };
    };
    return await fixStore(root, { disk: new Disk(root, { durable: false }), lock });
  };
  using root = SampleRoot.of(ticket(ID, { "artifacts/.gitkeep": undefined }));
  assertEquals((await run(root.path)).fixed?.length, 1);
  assertEquals(order.splice(0), ["look", "lock", "release", "look"]);
  assertEquals((await run(root.path)).fixed, []);
  assertEquals(order.splice(0), ["look"]);
  // Of a writer that died the lock tells; then everything is looked at again while it is held.
  await Deno.remove(`${root.path}/${ID}/artifacts`, { recursive: true });
  await Deno.writeTextFile(`${root.path}/${HOLDER_FILE}`, "{}");
  assertEquals((await run(root.path)).fixed?.length, 1);
  assertEquals(order, ["look", "lock", "look", "release", "look"]);
});

Deno.test("fixStore() repairs nothing that is in order by the time that it has the lock", async () => {
  const name = `.item.md.0123456789abcdef.yoi-tmp`;
  using root = SampleRoot.of({
    ...ticket(ID, { "artifacts/.gitkeep": undefined }),
    [`${ID}/${name}`]: "",
    [`.${OTHER}.new/item.md`]: "",
  });
  // As another writer does that was at it while we looked.
  const lock = async () => {
    await Deno.remove(`${root.path}/${ID}/${name}`);
    await Deno.remove(`${root.path}/.${OTHER}.new`, { recursive: true });
    await Deno.mkdir(`${root.path}/${ID}/artifacts`);
    return await new WriteLock(root.path).acquire();
  };
  const steps: DiskStep[] = [];
  const disk = new Disk(root.path, { durable: false, onWrite: (step) => steps.push(step) });
  const { diagnostics, fixed } = await fixStore(root.path, { disk, lock });
  assertEquals([diagnostics, fixed, steps], [[], [], []]);
});

Deno.test("fixStore() fails when the disk refuses", async () => {
  using root = SampleRoot.of(ticket(ID, { "artifacts/.gitkeep": undefined }));
  const error = await assertRejects(
    () =>
      fix(root.path, ({ path }) => {
        throw TicketError.io(path, new Error("no space"));
      }),
    TicketError,
  );
  assertEquals(error.code, "io");
});

/** Without the empty files for git: a folder is sound as soon as it is there. */
function withoutKeepers(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith(".gitkeep")));
}

function fix(
  root: string,
  onWrite: (step: DiskStep) => void = () => {},
): ReturnType<typeof fixStore> {
  // Nobody else is there, and the lock's file is none of what is repaired.
  const lock = () => Promise.resolve({ isInherited: false, [Symbol.dispose]: () => {} });
  return fixStore(root, { disk: new Disk(root, { durable: false, onWrite }), lock });
}
