import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parse } from "@std/toml";
import {
  loadTicketConfig,
  parseTicketConfig,
  renderInitialConfig,
  roleLaunchProfile,
  TICKET_ROLES,
  type TicketConfig,
  TicketConfigError,
  type TicketConfigErrorCode,
  type TicketConfigOptions,
} from "../../lib/ticket/ticket_config.ts";

const PATH = "/w/.yoi/ticket.config.toml";

const read = (text: string, options?: TicketConfigOptions) =>
  parseTicketConfig(text, PATH, parse, options);

function assertFault(text: string, code: TicketConfigErrorCode, words: string): void {
  const error = assertThrows(() => read(text), TicketConfigError);
  assertEquals([error.code, error.path], [code, PATH], text);
  assertStringIncludes(error.message, words);
  assertStringIncludes(error.message, PATH);
}

Deno.test("parseTicketConfig() has a default for everything", () => {
  assertEquals(read(""), {
    path: PATH,
    root: "/w/.yoi/tickets",
    language: undefined,
    roles: {
      intake: role("ticket-intake-workflow"),
      orchestrator: role("ticket-orchestrator-routing"),
      coder: role("multi-agent-workflow"),
      reviewer: role("multi-agent-workflow"),
    },
    orchestration: {
      branch: "orchestration",
      worktreeDir: ".worktree",
      worktreeName: "orchestration",
    },
  });
});

function role(workflow: string): TicketConfig["roles"]["coder"] {
  return { isConfigured: false, profile: undefined, launchPrompt: undefined, workflow };
}

Deno.test("parseTicketConfig() reads every key, trimmed", () => {
  const config = read(`
[backend]
provider = "builtin:yoi_local"
root = "records/tickets"
[ticket]
language = " ja-JP "
[roles.coder]
profile = " project:fast "
launch_prompt = """
Be quick.
"""
workflow = " solo "
[orchestration]
branch = "work/all"
worktree_dir = "trees/here"
worktree_name = "main"
`);
  assertEquals(config.root, "/w/records/tickets");
  assertEquals(config.language, "ja-JP");
  assertEquals(config.roles.coder, {
    isConfigured: true,
    profile: "project:fast",
    launchPrompt: "Be quick.",
    workflow: "solo",
  });
  assertEquals(config.orchestration, {
    branch: "work/all",
    worktreeDir: "trees/here",
    worktreeName: "main",
  });
  assertEquals(read('[backend]\nkind = "local"').root, "/w/.yoi/tickets");
});

Deno.test("parseTicketConfig() refuses what is no TOML or has another shape as syntax", () => {
  assertFault("[backend", "syntax", "not TOML");
  assertFault("surprise = 1", "syntax", '"surprise" is unknown');
  assertFault("[backend]\npath = 'x'", "syntax", '"backend.path" is unknown');
  assertFault("[ticket]\nlang = 'x'", "syntax", '"ticket.lang" is unknown');
  assertFault("[roles.tester]", "syntax", "intake, orchestrator, coder, reviewer");
  assertFault("[roles.coder]\nprompt = 'x'", "syntax", '"roles.coder.prompt" is unknown');
  assertFault("[orchestration]\nworktree = 'x'", "syntax", '"orchestration.worktree" is unknown');
  assertFault("backend = 'x'", "syntax", '"backend" must be a table');
  assertFault("[[backend]]\nroot = 'x'", "syntax", '"backend" must be a table');
  assertFault("roles = 2026-06-01T00:00:00Z", "syntax", '"roles" must be a table');
  assertFault("[ticket]\nlanguage = 1", "syntax", '"ticket.language" must be a text');
  assertFault("[backend]\nroot = ['x']", "syntax", '"backend.root" must be a text');
  assertFault("[__proto__]\nroot = 'x'", "syntax", '"__proto__" is unknown');
  assertFault("[backend]\n__proto__ = 'x'", "syntax", '"__proto__" is unknown');
  assertFault("[roles.constructor]", "syntax", '"roles.constructor" is unknown');
});

Deno.test("parseTicketConfig() refuses a key that is given twice, and only that", () => {
  assertFault("[ticket]\nlanguage = 'a'\nlanguage = 'b'", "syntax", '"ticket.language" is given');
  assertFault("ticket.language = 'a'\nticket.language = 'b'", "syntax", "given twice");
  assertFault("[roles.coder]\nworkflow = 'a'\n 'workflow'='b'", "syntax", "given twice");
  const config = read(`
[roles.coder]
launch_prompt = '''
workflow = "this is text"
workflow = "and this"
'''
workflow = "a" # workflow = "x"
[roles . reviewer]
launch_prompt = """one line"""
workflow = "b"
`);
  assertEquals([config.roles.coder.workflow, config.roles.reviewer.workflow], ["a", "b"]);
  assertFault("backend = { root = 'a', root = 'b' }", "syntax", '"backend.root" is given twice');
  const prompt = '[roles.coder]\nlaunch_prompt = """\nsay \\"""hi\nroot = 1\nroot = 2\n"""\n';
  assertEquals(read(prompt).roles.coder.launchPrompt, 'say """hi\nroot = 1\nroot = 2');
});

Deno.test("parseTicketConfig() refuses values that mean nothing as invalid", () => {
  assertFault("[backend]\nprovider = 'x'", "invalid", "builtin:yoi_local");
  assertFault("[backend]\nkind = 'x'", "invalid", '"local"');
  assertFault("[backend]\nkind = 'local'\nprovider = 'builtin:yoi_local'", "invalid", "only one");
  assertFault("[ticket]\nlanguage = ' '", "invalid", '"ticket.language" must not be blank');
  for (const key of ["profile", "launch_prompt", "workflow"]) {
    assertFault(`[roles.intake]\n${key} = ' '`, "invalid", `"roles.intake.${key}" must not be`);
  }
});

Deno.test("parseTicketConfig() keeps backend.root inside the workspace unless allowed", () => {
  for (const root of ["..", "../w2", "/elsewhere", "a/../../b", "/w/../x", "/w2"]) {
    const text = `[backend]\nroot = '${root}'`;
    assertFault(text, "invalid", "inside the workspace");
    assertEquals(read(text, { allowOutside: true }).root.startsWith("/w/"), false);
  }
  assertFault("[backend]\nroot = ''", "invalid", '"backend.root" must not be blank');
  assertFault('[backend]\nroot = "a\\u0000"', "invalid", "NUL");
  for (const root of ["..tickets", "a/../b", "/w/deep", "./x"]) {
    assert(read(`[backend]\nroot = '${root}'`).root.startsWith("/w/"));
  }
});

Deno.test("parseTicketConfig() takes profile names, never files", () => {
  for (const profile of ["inherit", "builtin:coder", "user:a", "project:b", "my-own", "a.b"]) {
    assertEquals(read(`[roles.coder]\nprofile = '${profile}'`).roles.coder.profile, profile);
  }
  const refused = [
    "path:x",
    "./x",
    ".x",
    "a/b",
    "builtin:a/b",
    "x.lua",
    "x.nix",
    "team:x",
    ":x",
    "user:",
    "user: ",
  ];
  for (const profile of refused) {
    assertFault(`[roles.coder]\nprofile = "${profile}"`, "invalid", '"roles.coder.profile"');
  }
});

Deno.test("parseTicketConfig() asks git's rules of a branch and relative paths of worktrees", () => {
  const branches = [
    "",
    " a",
    "a b",
    "a..b",
    "-a",
    "a.",
    "a.lock",
    "a/.b",
    "/a",
    "a/",
    "a//b",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[",
    "a\\\\b",
    "a@{0}",
    "@",
    "HEAD",
    "refs/heads/a",
  ];
  for (const branch of branches) {
    assertFault(`[orchestration]\nbranch = "${branch}"`, "invalid", '"orchestration.branch"');
  }
  for (const branch of ["a", "feature/a-b_c.d", "設計", "a@b", "head"]) {
    assertEquals(read(`[orchestration]\nbranch = '${branch}'`).orchestration.branch, branch);
  }
  for (const path of ["", " ", " a", "/a", "..", ".", "a/../b", "./a", "a/."]) {
    assertFault(`[orchestration]\nworktree_dir = '${path}'`, "invalid", "worktree_dir");
    assertFault(`[orchestration]\nworktree_name = '${path}'`, "invalid", "worktree_name");
  }
});

Deno.test("renderInitialConfig() reads back and makes every role launchable", () => {
  const text = renderInitialConfig();
  assertStringIncludes(text, '\n# [ticket]\n# language = "English"\n');
  const config = read(text);
  assertEquals(config.root, "/w/.yoi/tickets");
  assertEquals(config.language, undefined);
  for (const name of ["intake", "orchestrator", "coder", "reviewer"] as const) {
    assertEquals(config.roles[name].workflow, TICKET_ROLES[name]);
    assertEquals(roleLaunchProfile(config, name), `builtin:${name}`);
  }
  const uncommented = text.replace("# [ticket]\n# ", "[ticket]\n");
  assertEquals(read(uncommented).language, "English");
});

Deno.test("roleLaunchProfile() tells three lacks apart", () => {
  const config = read("[roles.intake]\n[roles.coder]\nprofile = 'inherit'");
  const codes = (["reviewer", "intake", "coder"] as const).map((name) => {
    const error = assertThrows(() => roleLaunchProfile(config, name), TicketConfigError);
    assertStringIncludes(error.message, PATH);
    return error.code;
  });
  assertEquals(codes, ["no_role", "no_profile", "inherited_profile"]);
});

Deno.test("loadTicketConfig() reads the file of the workspace, or nothing", async () => {
  const workspace = await Deno.makeTempDir();
  try {
    assertEquals((await loadTicketConfig(workspace)).root, `${workspace}/.yoi/tickets`);
    await Deno.mkdir(`${workspace}/.yoi`);
    const path = `${workspace}/.yoi/ticket.config.toml`;
    await Deno.writeTextFile(path, "\ufeff[ticket]\r\nlanguage = 'ja'\r\n");
    for (const place of [workspace, `file://${workspace}`, new URL(`file://${workspace}/`)]) {
      const config = await loadTicketConfig(place);
      assertEquals([config.path, config.language], [path, "ja"]);
    }
    await Deno.writeFile(path, new Uint8Array([0x23, 0xff, 0x0a]));
    const bytes = await assertRejects(() => loadTicketConfig(workspace), TicketConfigError);
    assertEquals([bytes.code, bytes.path], ["syntax", path]);
    const inFile = await assertRejects(() => loadTicketConfig(path), TicketConfigError);
    assertEquals(inFile.code, "io");
    // The path is told once: the runtime's words hold it as well.
    assertEquals(inFile.message.split(path).length, 2, inFile.message);
    await Deno.remove(path);
    await Deno.mkdir(path);
    const folder = await assertRejects(() => loadTicketConfig(workspace), TicketConfigError);
    assertEquals([folder.code, folder.path], ["io", path]);
  } finally {
    await Deno.remove(workspace, { recursive: true });
  }
});

Deno.test("loadTicketConfig() looks at the way to a root that is still to be made", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const workspace = `${folder}/work`;
  await Deno.mkdir(`${folder}/out`);
  await Deno.mkdir(`${workspace}/inner`, { recursive: true });
  for (const [target, words] of [["../out", "outside the workspace"], ["none", "to nothing"]]) {
    await Deno.symlink(target!, `${workspace}/.yoi`);
    const error = await assertRejects(() => loadTicketConfig(workspace), TicketConfigError);
    assertStringIncludes(error.message, `the symbolic link "${workspace}/.yoi" to`);
    assertStringIncludes(error.message, words!);
    await Deno.remove(`${workspace}/.yoi`);
  }
  await Deno.symlink("inner", `${workspace}/.yoi`);
  assertEquals((await loadTicketConfig(workspace)).root, `${workspace}/.yoi/tickets`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("loadTicketConfig() opens no FIFO in the place of its file", async () => {
  const workspace = await Deno.makeTempDir();
  await Deno.mkdir(`${workspace}/.yoi`);
  await new Deno.Command("mkfifo", { args: [`${workspace}/.yoi/ticket.config.toml`] }).output();
  const error = await assertRejects(() => loadTicketConfig(workspace), TicketConfigError);
  assertEquals(error.code, "io");
  await Deno.remove(workspace, { recursive: true });
});

Deno.test("loadTicketConfig() reads no file that is far beyond a configuration", async () => {
  const workspace = await Deno.makeTempDir();
  await Deno.mkdir(`${workspace}/.yoi`);
  const keys = Array.from({ length: 5_000 }, (_, index) => `k${index} = 1\n`).join("");
  for (const [text, words] of [[keys, "2000 keys"], ["#".repeat(70_000), "70000 bytes"]]) {
    await Deno.writeTextFile(`${workspace}/.yoi/ticket.config.toml`, text!);
    const error = await assertRejects(() => loadTicketConfig(workspace), TicketConfigError);
    assertEquals(error.code, "syntax");
    assertStringIncludes(error.message, words!);
  }
  await Deno.remove(workspace, { recursive: true });
});

Deno.test("loadTicketConfig() follows no link out of the workspace unless allowed", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const workspace = `${folder}/work`;
  await Deno.mkdir(`${workspace}/.yoi`, { recursive: true });
  await Deno.mkdir(`${workspace}/records`);
  const link = `${workspace}/.yoi/tickets`;
  for (
    const [target, words] of [
      [folder, "outside the workspace"],
      [`${folder}/none`, "to nothing"],
      [`${workspace}/records`, undefined],
    ] as const
  ) {
    await Deno.symlink(target, link);
    if (words === undefined) await loadTicketConfig(workspace);
    else {
      const error = await assertRejects(() => loadTicketConfig(workspace), TicketConfigError);
      assertEquals([error.code, error.path], ["escapes_workspace", link]);
      assertStringIncludes(error.message, words);
      await loadTicketConfig(workspace, { allowOutside: true });
    }
    await Deno.remove(link);
  }
  await Deno.remove(folder, { recursive: true });
});
