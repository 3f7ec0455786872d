import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { type SayOptions, Workspace } from "../_tickets.ts";

/** An editor that runs a shell command on the file, as `$1`. */
async function editor(workspace: Workspace, command: string): Promise<SayOptions> {
  await workspace.write("editor", `set -e\n${command}\n`);
  return { env: { USER: "alice", EDITOR: `sh '${workspace.path}/editor'` } };
}

Deno.test("yoi ticket edit stores what the editor left", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("Cache the index");
  const seen = `'${workspace.path}/seen'`;
  const options = await editor(
    workspace,
    `stat -c '%a %n' "$1" > ${seen}; sed -i 's/Cache/Store/; $a More.' "$1"`,
  );
  assertEquals(await workspace.do(["ticket", "edit", id], options), `edited\t${id}\n`);
  const [mode, draft = ""] = (await workspace.read("seen")).trimEnd().split(" ");
  assertEquals(mode, "600");
  await assertRejects(() => Deno.lstat(draft), Deno.errors.NotFound);
  const { title, body, events } = await workspace.json<
    { title: string; body: string; events: { kind: string; author: string }[] }
  >(["ticket", "show", id]);
  assertEquals(title, "Store the index");
  assert(body.endsWith("More.\n"));
  assertEquals([events.at(-1)!.kind, events.at(-1)!.author], ["item_edit", "alice"]);
});

Deno.test("yoi ticket edit takes VISUAL first, and stores nothing when nothing changed", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const before = await workspace.read(`.yoi/tickets/${id}/item.md`);
  const env = { VISUAL: "true", EDITOR: "false" };
  assertEquals(await workspace.do(["ticket", "edit", id], { env }), `unchanged\t${id}\n`);
  assertEquals(await workspace.json(["ticket", "edit", id], { env }), { id, changed: false });
  assertEquals(await workspace.read(`.yoi/tickets/${id}/item.md`), before);
});

Deno.test("yoi ticket edit stores nothing when the editor fails, or there is none", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const failed = await workspace.say(["ticket", "edit", id], { env: { EDITOR: "exit 3;" } });
  assertEquals(failed, {
    code: 1,
    stdout: "",
    stderr: 'yoi ticket: Cannot edit: editor "exit 3;" ended with code 3\n',
  });
  const none = await workspace.say(["ticket", "edit", id], { env: {} });
  assertEquals(
    none.stderr,
    "yoi ticket: Cannot edit: neither VISUAL nor EDITOR names an editor: set one of them, as in " +
      "EDITOR=vi, or give the text with --file\n",
  );
  const options = await editor(workspace, `echo more >> "$1"; exit 1`);
  const { stderr } = await workspace.say(["ticket", "edit", id], options);
  await Deno.remove(keptIn(stderr));
  assert(!(await workspace.read(`.yoi/tickets/${id}/item.md`)).includes("more"));
});

Deno.test("yoi ticket edit keeps a text that is not valid, and says where", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const before = await workspace.read(`.yoi/tickets/${id}/item.md`);
  for (
    const [command, reason] of [
      [`echo 'no frontmatter' > "$1"`, /: your text is not valid \(line 1\): the frontmatter /],
      [
        `sed -i "s/^title: .*/title: 12/" "$1"`,
        /: your text is not valid \(line 2\): field "title"/,
      ],
      [`sed -i "s/^title: .*/title: [/" "$1"`, /: your text is not valid: .* at line 2: write /],
      [`sed -i "s/^state: .*/state: 'done'/" "$1"`, /state cannot be changed by an edit/],
    ] as const
  ) {
    const options = await editor(workspace, command);
    const { code, stdout, stderr } = await workspace.say(["ticket", "edit", id], options);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, reason);
    const kept = keptIn(stderr);
    assert((await Deno.readTextFile(kept)) !== before);
    await Deno.remove(kept);
  }
  assertEquals(await workspace.read(`.yoi/tickets/${id}/item.md`), before);
});

Deno.test("yoi ticket edit stores nothing over what somebody else changed meanwhile", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const item = `${workspace.root}/${id}/item.md`;
  const options = await editor(
    workspace,
    `sed -i 's/^title: .*/title: "theirs"/' '${item}'; sed -i 's/^title: .*/title: "ours"/' "$1"`,
  );
  const { code, stderr } = await workspace.say(["ticket", "edit", id], options);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "was changed while it was being edited");
  await Deno.remove(keptIn(stderr));
  assertStringIncludes(await Deno.readTextFile(item), '"theirs"');
});

function keptIn(stderr: string): string {
  const kept = /; the text was kept(?:: correct| in) "([^"]+)"(?:, then|:) "[^"]+" stores it\n$/;
  const [, path] = kept.exec(stderr) ?? [];
  if (path === undefined) throw new Error(`nothing was kept: ${stderr}`);
  return path;
}

Deno.test("yoi ticket edit keeps a byte order mark and line ends, and follows no link", async () => {
  await using workspace = await Workspace.create();
  const path = ".yoi/tickets/00001KT07NV00/item.md";
  const text = "\ufeff---\r\ntitle: x\r\nstate: ready\r\n---\r\n\r\nWhy?\r\n";
  await workspace.write(path, text);
  await workspace.write(".yoi/tickets/00001KT07NV00/thread.md", "");
  const seen = `${workspace.path}/seen`;
  const options = await editor(workspace, `cp "$1" '${seen}'; printf 'More.\\r\\n' >> "$1"`);
  await workspace.do("ticket edit 00001KT07NV00", options);
  const bytes = await Deno.readFile(seen);
  assertEquals(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), text);
  await Deno.rename(`${workspace.path}/${path}`, `${workspace.path}/elsewhere`);
  await Deno.symlink(`${workspace.path}/elsewhere`, `${workspace.path}/${path}`);
  const { code, stderr } = await workspace.say("ticket edit 00001KT07NV00", options);
  assertEquals(code, 1);
  assertMatch(stderr, /escapes configured root|not found/);
});

Deno.test("yoi ticket edit repairs a ticket that cannot be read", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const path = `.yoi/tickets/${id}/item.md`;
  const broken = (await workspace.read(path)).replace(/^title: .*$/m, "title: 12");
  await workspace.write(path, broken);
  const options = await editor(workspace, `sed -i "s/^title: .*/title: 'fixed'/" "$1"`);
  assertEquals(await workspace.do(["ticket", "edit", id], options), `edited\t${id}\n`);
  const { title, events } = await workspace.json<{ title: string; events: { kind: string }[] }>(
    ["ticket", "show", id],
  );
  assertEquals([title, events.at(-1)!.kind], ["fixed", "item_edit"]);
});

Deno.test("yoi ticket edit --file repairs a ticket that cannot be read", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const path = `.yoi/tickets/${id}/item.md`;
  const sound = await workspace.read(path);
  await workspace.write(path, sound.replace(/^title: .*$/m, "title: 12"));
  const state = /^state: .*$/m;
  await workspace.write("done.md", sound.replace(state, "state: 'done'"));
  const { stderr } = await workspace.say(["ticket", "edit", id, "--file", "done.md"]);
  assertStringIncludes(stderr, "leave it planning");
  await workspace.write("sound.md", sound);
  const line = ["ticket", "edit", id, "--file", "sound.md"];
  assertEquals(await workspace.do(line), `edited\t${id}\n`);
  const { title, events } = await workspace.json<{ title: string; events: { kind: string }[] }>(
    ["ticket", "show", id],
  );
  assertEquals([title, events.at(-1)!.kind], ["x", "item_edit"]);
});

Deno.test("yoi ticket edit calls a text unchanged that says the same with other line ends", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const before = await workspace.read(`.yoi/tickets/${id}/item.md`);
  for (const command of [`s/$/\\r/`, `s/^updated_at: .*/updated_at: x/`]) {
    const options = await editor(workspace, `sed -i '${command}' "$1"`);
    assertEquals(await workspace.do(["ticket", "edit", id], options), `unchanged\t${id}\n`);
    assertEquals(await workspace.read(`.yoi/tickets/${id}/item.md`), before);
  }
});

Deno.test("yoi ticket edit says that an editor removed the file, and keeps nothing then", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const removed = await workspace.say(["ticket", "edit", id], { env: { EDITOR: "rm" } });
  const message = `editor "rm" removed the file that it was given, so nothing is stored`;
  assertEquals([removed.code, removed.stderr], [1, `yoi ticket: Cannot edit: ${message}\n`]);
  const options = await editor(workspace, `rm "$1"; exit 3`);
  const { stderr } = await workspace.say(["ticket", "edit", id], options);
  assertMatch(stderr, /ended with code 3\n$/);
});

Deno.test("yoi ticket edit takes an emptied text for a change of mind, and keeps nothing then", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const path = `.yoi/tickets/${id}/item.md`;
  const before = await workspace.read(path);
  const seen = `'${workspace.path}/seen'`;
  const options = await editor(workspace, `printf '\\n' > "$1"; printf %s "$1" > ${seen}`);
  const { code, stderr } = await workspace.say(["ticket", "edit", id], options);
  assertEquals(
    [code, stderr],
    [1, "yoi ticket: Cannot edit: your text is empty, so nothing is stored\n"],
  );
  const draft = await workspace.read("seen");
  await assertRejects(() => Deno.lstat(draft), Deno.errors.NotFound);
  assertEquals(await workspace.read(path), before);
});

Deno.test("yoi ticket edit tells what cannot work before it opens the editor", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const opened = `${workspace.path}/opened`;
  const env = { EDITOR: `touch '${opened}';` };
  const failure = async (line: string[], more: Record<string, string> = {}) => {
    const { code, stderr } = await workspace.say(["ticket", "edit", ...line], {
      env: { ...env, ...more },
    });
    assertEquals(code, 1);
    await assertRejects(() => Deno.lstat(opened), Deno.errors.NotFound);
    return stderr;
  };
  const prefix = id.slice(0, 10);
  assertEquals(
    await failure([prefix]),
    `yoi ticket: ticket not found: ${prefix} (its whole id is ${id})\n`,
  );
  assertEquals(
    await failure([id, "--author", "a\nb"]),
    "yoi ticket: ticket conflict: author has to be one line\n",
  );
  assertEquals(
    await failure([id], { TMPDIR: "/nonexistent" }),
    'yoi ticket: Cannot edit: no file can be written in "/nonexistent": No such file or directory ' +
      "(os error 2); set TMPDIR to another folder\n",
  );
});

Deno.test("yoi ticket edit stores a kept text from its file, by the command that it names", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const options = await editor(workspace, `sed -i "s/^title: .*/title: 12/" "$1"`);
  const { stderr } = await workspace.say(["ticket", "edit", id], options);
  const kept = keptIn(stderr);
  const command = `yoi ticket edit ${id} --file ${kept}`;
  assertStringIncludes(
    stderr,
    `; the text was kept: correct "${kept}", then "${command}" stores it\n`,
  );
  const line = command.split(" ").slice(1);
  const again = await workspace.say(line);
  assertEquals([again.code, again.stdout], [1, ""]);
  assertStringIncludes(again.stderr, `yoi ticket: "${kept}" is not valid (line 2): field "title"`);
  await Deno.writeTextFile(
    kept,
    (await Deno.readTextFile(kept)).replace("title: 12", "title: '12'"),
  );
  assertEquals(await workspace.do(line), `edited\t${id}\n`);
  const { title, events } = await workspace.json<{ title: string; events: { kind: string }[] }>(
    ["ticket", "show", id],
  );
  assertEquals([title, events.at(-1)!.kind], ["12", "item_edit"]);
  await assertRejects(() => Deno.lstat(kept), Deno.errors.NotFound);
});

Deno.test("yoi ticket edit tells of texts that other edits have left", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const current = await workspace.read(`.yoi/tickets/${id}/item.md`);
  const whose = `tmp/yoi-${id}-${await markOf(`${workspace.path}/.yoi/tickets`)}`;
  const earlier = `${current}Earlier.\n`;
  const mark = await markOf(current);
  const [left = "", untouched = "", link = "", foreign = ""] = ["0a", "0b", "0c", "x"]
    .map((name) => `${whose}-${mark}-${name}.md`);
  await workspace.write(left, current.replace("title: 'x'", "title: 'y'"));
  await workspace.write(untouched, current);
  await workspace.write(foreign, "not of an edit");
  // The ticket has changed since, and nobody this text.
  await workspace.write(`${whose}-${await markOf(earlier)}-0d.md`, earlier);
  await Deno.symlink(`${workspace.path}/${left}`, `${workspace.path}/${link}`);
  const env = { USER: "alice", EDITOR: "true", TMPDIR: `${workspace.path}/tmp` };
  const path = `${workspace.path}/${left}`;
  const command = `yoi ticket edit ${id} --file ${path}`;
  assertEquals(await workspace.say(["ticket", "edit", id], { env }), {
    code: 0,
    stdout: `unchanged\t${id}\n`,
    stderr:
      `yoi ticket: "${path}" holds the text of another edit of ${id}, which was not stored: ` +
      `"${command}" stores it, or remove it\n`,
  });
  const stored = await workspace.say(command.split(" ").slice(1), { env });
  assertEquals(stored, { code: 0, stdout: `edited\t${id}\n`, stderr: "" });
  assertEquals((await workspace.json<{ title: string }>(["ticket", "show", id])).title, "y");
  await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
  await workspace.write("own.md", await workspace.read(`.yoi/tickets/${id}/item.md`));
  await workspace.do(["ticket", "edit", id, "--file", "own.md"], { env });
  assert((await workspace.read("own.md")).includes("title: 'y'"));
});

Deno.test("yoi ticket edit tells of no text that was left of another root", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const text = await workspace.read(`.yoi/tickets/${id}/item.md`);
  await workspace.write(`copy/.yoi/tickets/${id}/item.md`, text);
  const mark = await markOf(`${workspace.path}/.yoi/tickets`);
  await workspace.write(
    `tmp/yoi-${id}-${mark}-00000000-0a.md`,
    text.replace("title: 'x'", "title: 'y'"),
  );
  const env = { EDITOR: "true", TMPDIR: `${workspace.path}/tmp` };
  const line = ["ticket", "edit", id];
  const there = await workspace.say(line, { env, cwd: `${workspace.path}/copy` });
  assertEquals(there, { code: 0, stdout: `unchanged\t${id}\n`, stderr: "" });
  assertStringIncludes((await workspace.say(line, { env })).stderr, "which was not stored");
});

/** What the names of drafts hold of a ticket root, and of the text that they began with. */
async function markOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest, 0, 4).toHex();
}

Deno.test("yoi ticket edit --file takes no text from before another change", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const path = `.yoi/tickets/${id}/item.md`;
  const now = await workspace.read(path);
  const at = "2026-01-01T00:00:00Z";
  const old = now.replace(/^updated_at: .*$/m, `updated_at: "${at}"`);
  await workspace.write("old.md", old.replace("title: 'x'", "title: 'y'"));
  const { code, stderr } = await workspace.say(["ticket", "edit", id, "--file", "old.md"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, `${id} has changed since ${at}, the updated_at of "old.md": `);
  assertEquals(await workspace.read(path), now);
  await workspace.write("same.md", now);
  assertEquals(
    await workspace.do(["ticket", "edit", id, "--file", "same.md"]),
    `unchanged\t${id}\n`,
  );
  const none = await workspace.say(["ticket", "edit", id, "--file", "none.md"]);
  assertStringIncludes(none.stderr, 'yoi ticket: Cannot read "none.md": No such file');
});

Deno.test("yoi ticket edit repairs what is no UTF-8, and takes a repaired text from a file", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const path = `.yoi/tickets/${id}/item.md`;
  const good = await workspace.read(path);
  const latin1 = Uint8Array.from("caf\xe9\n", (letter) => letter.charCodeAt(0));
  const whole = await new Blob([good, latin1]).bytes();
  const file = `${workspace.path}/${path}`;

  await Deno.writeFile(file, whole);
  const options = await editor(workspace, `sed -i 's/.xe9/é/' "$1"`);
  assertEquals(await workspace.do(["ticket", "edit", id], options), `edited\t${id}\n`);
  assertStringIncludes(await workspace.read(path), "café\n");

  await Deno.writeFile(file, whole);
  await workspace.write("good.md", `${good}café\n`);
  const line = ["ticket", "edit", id, "--file", "good.md"];
  assertEquals(await workspace.do(line), `edited\t${id}\n`);
  assertStringIncludes(await workspace.read(path), "café\n");
});
