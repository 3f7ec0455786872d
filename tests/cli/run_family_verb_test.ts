import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FAMILIES, VERBS } from "../../lib/cli/verb_table.ts";
import { Workspace } from "./_tickets.ts";

Deno.test("yoi ticket, help and --help of a family print what there is, with code 0", async () => {
  await using workspace = await Workspace.create();
  for (const { name } of FAMILIES) {
    const alone = await workspace.say([name]);
    assertEquals([alone.code, alone.stderr], [0, ""]);
    assert(alone.stdout.startsWith(`yoi ${name} VERB ...\n`));
    for (const words of [[name, "help"], [name, "--help"], [name, "-h"], ["help", name]]) {
      assertEquals(await workspace.say(words), alone, words.join(" "));
    }
    assertEquals(await workspace.say([name, "frob", "--help"]), alone);
  }
});

Deno.test("every way to ask about a group of verbs prints what there is, with code 0", async () => {
  await using workspace = await Workspace.create();
  const all = await workspace.say("ticket");
  for (
    const line of [
      "ticket relation",
      "ticket relation -h",
      "ticket relation help",
      "ticket relation help --help",
      "ticket help relation",
      "ticket help plan --help",
      "ticket help --help",
      "help ticket relation",
    ]
  ) {
    assertEquals(await workspace.say(line), all, line);
  }
  const add = await workspace.say("ticket relation add --help");
  assertEquals(await workspace.say("ticket relation help add"), add);
  for (const line of ["ticket relation help frob", "ticket help relation frob"]) {
    const { code, stderr } = await workspace.say(line);
    assertEquals(code, 1, line);
    assertStringIncludes(stderr, 'There is no verb "ticket relation frob"');
    assertStringIncludes(stderr, "\nusage: yoi ticket help VERB\n");
  }
});

Deno.test("yoi ticket help VERB and VERB --help tell about one verb, anywhere in the line", async () => {
  await using workspace = await Workspace.create();
  const help = await workspace.do("ticket relation add --help");
  const usage = "yoi ticket relation add --ticket ID --kind KIND --target ID [flags]";
  assert(help.startsWith(`${usage}\n`));
  for (
    const line of [
      "ticket help relation add",
      "help ticket relation add",
      "ticket relation add -h",
      "ticket relation add --frob x --help",
      "ticket relation add --note x --help",
    ]
  ) {
    assertEquals(await workspace.do(line), help, line);
  }
});

Deno.test("a command line of a family that cannot be meant ends with 1, with a line of usage", async () => {
  await using workspace = await Workspace.create();
  const lines: [string, string, string][] = [
    ["ticket serach", 'did you mean "ticket search"?', "yoi ticket VERB ..."],
    ["ticket --root X list", "options stand behind the verb", "yoi ticket VERB ..."],
    ["ticket relation --ticket=x add", "options stand behind the verb", "yoi ticket VERB ..."],
    ["ticket show", "ID is missing", "yoi ticket show ID [flags]"],
    ["ticket list --frob", 'no flag "--frob"', "yoi ticket list [flags]"],
    ["ticket list --limit many", 'Cannot use --limit "many"', "yoi ticket list [flags]"],
    ["ticket list --state", "--state requires a value", "yoi ticket list [flags]"],
    ["ticket list --sort a\nb", 'Cannot use --sort "a b"', "yoi ticket list [flags]"],
    ["ticket list --state all,ready", "--state all together", "yoi ticket list [flags]"],
    ["ticket list --root=", "--root requires a value", "yoi ticket list [flags]"],
    ["ticket create", "--title is required", "yoi ticket create --title TEXT [flags]"],
    [
      "ticket comment x",
      "Exactly one of --file, --message",
      "yoi ticket comment ID (--file PATH | --message TEXT) [flags]",
    ],
    [
      "ticket review x --message y",
      "--approve, --request-changes",
      "yoi ticket review ID (--approve | --request-changes) (--file PATH | --message TEXT) [flags]",
    ],
    ["ticket state x shut", "queued, inprogress, done\n", "yoi ticket state ID STATE [flags]"],
    ["ticket state x closed", "yoi ticket close x", "yoi ticket state ID STATE [flags]"],
    ["ticket assign x", "NAME, --none", "yoi ticket assign ID [NAME] [flags]"],
    ["objective show", "ID is missing", "yoi objective show ID [flags]"],
  ];
  for (const [line, reason, usage] of lines) {
    const { code, stdout, stderr } = await workspace.say(line);
    assertEquals([code, stdout], [1, ""], line);
    const [first = "", second] = stderr.split("\n");
    assert(first.startsWith("yoi: "), stderr);
    assertStringIncludes(`${first}\n`, reason);
    assertEquals(second, `usage: ${usage}`);
  }
});

Deno.test("what fails in a family ends with 1 under its name", async () => {
  await using workspace = await Workspace.create();
  await Deno.mkdir(workspace.root, { recursive: true });
  assertEquals(await workspace.say("ticket show 00001KT07NV00"), {
    code: 1,
    stdout: "",
    stderr: "yoi ticket: ticket not found: 00001KT07NV00\n",
  });
  const { code, stderr } = await workspace.say("objective show 00001KT07NV00");
  assertEquals(code, 1);
  assert(stderr.startsWith("yoi objective: "), stderr);
});

Deno.test("a configuration that cannot be used fails every ticket verb, naming the file", async () => {
  await using workspace = await Workspace.create();
  await workspace.write(".yoi/ticket.config.toml", "[backend]\nroot = 12\n");
  for (
    const line of ["ticket list", "ticket show x", "ticket doctor", "objective create --title x"]
  ) {
    const { code, stderr } = await workspace.say(line);
    assertEquals(code, 1, line);
    assertStringIncludes(stderr, ".yoi/ticket.config.toml");
  }
  assertEquals((await workspace.say(`ticket list --root ${workspace.root}`)).code, 0);
});

Deno.test("runFamilyVerb() says that the change was done when only the output cannot be written", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("one");
  const other = await workspace.ticket("two");
  const full = async (line: string) => await workspace.say(line, { isFull: true });
  const reason = "Cannot write to stdout: No space left on device (os error 28)";
  const done = `${reason}; the change itself was made before that: check before you repeat it\n`;
  for (
    const line of [
      "init",
      "create --title full",
      `comment ${id} --message x`,
      `priority ${id} P1`,
      `relation add --ticket ${id} --kind related --target ${other}`,
      `plan add --ticket ${id} --kind before --related ${other}`,
      `state ${id} ready --json`,
      `close ${id} --resolution x`,
      "doctor --fix",
    ]
  ) {
    const { code, stderr } = await full(`ticket ${line}`);
    assertEquals([code, stderr], [1, `yoi ticket: ${done}`], line);
  }
  assertEquals((await full("objective create --title x")).stderr, `yoi objective: ${done}`);
  for (
    const line of [
      "ticket list",
      `ticket show ${id}`,
      "ticket doctor",
      "ticket migrate --dry-run",
      "ticket create --help",
      "objective list",
    ]
  ) {
    const { code, stderr } = await full(line);
    assertEquals([code, stderr], [1, `yoi ${line.split(" ")[0]}: ${reason}\n`], line);
  }
  const { tickets } = await workspace.json<{ tickets: { title: string }[] }>("ticket list");
  assertEquals(tickets.map(({ title }) => title), ["one", "two", "full"]);
});

Deno.test("every verb of a family that opens records to change them says so", async () => {
  for (const { family, name, changes } of VERBS) {
    if (family === undefined) continue;
    const url = new URL(`../../lib/cli/verbs/${name.replaceAll(/[ -]/g, "_")}.ts`, import.meta.url);
    const text = await Deno.readTextFile(url);
    const isChanging = /openStore\(|prepareRoot\(|\.create\(\{ title/.test(text);
    assertEquals(changes !== undefined, isChanging, name);
  }
});

Deno.test("help says of every flag that takes - for stdin that it does, and of no other", () => {
  const readers = VERBS.filter(({ family }) => family !== undefined).flatMap(({ name, flags }) =>
    flags.filter(({ summary }) => summary.includes("stdin")).map((flag) => `${name} --${flag.name}`)
  );
  assertEquals(readers, [
    "ticket create --body",
    "ticket create --message",
    "ticket create --file",
    "ticket comment --file",
    "ticket comment --message",
    "ticket review --file",
    "ticket review --message",
    "ticket state --message",
    "ticket close --resolution",
    "ticket close --file",
    "ticket edit --file",
  ]);
});

Deno.test("a verb of a family refuses a command line without what its usage says it needs", async () => {
  await using workspace = await Workspace.create();
  for (const { name, operands, flags, needs = [] } of VERBS) {
    for (const group of needs) {
      for (const need of group) assert(flags.some((flag) => flag.name === need), `${name} ${need}`);
    }
    if (needs.length === 0) continue;
    const { code, stderr } = await workspace.say([...name.split(" "), ...operands.map(() => "x")]);
    assertEquals(code, 1, name);
    assertMatch(stderr, /^yoi: (Exactly one of )?--[^\n]* is required\nusage: /, name);
  }
});
