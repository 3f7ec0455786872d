/** Both engines give the same results: ripgrep decides what is right. */

import { assertEquals } from "@std/assert";
import { engineFinder } from "../../lib/tools/_search_engines.ts";
import { FILE_TYPES } from "../../lib/tools/_file_types.ts";
import { findRipgrep } from "../../lib/tools/_find_ripgrep.ts";
import { RipgrepEngine } from "../../lib/tools/_ripgrep.ts";
import { WalkEngine } from "../../lib/tools/_walk_engine.ts";
import { type CallTool, sampleTree, type TempTree, toolsOver } from "./_sample_tree.ts";

const env = (name: string) => Deno.env.get(name);
const ripgrep = await findRipgrep({ env }) ?? "rg";

type Input = Record<string, unknown>;

/** Calls one tool with both engines; of refusals only the kind is compared, not the wording. */
async function compare(title: "Glob" | "Grep", tree: TempTree, inputs: Input[]): Promise<void> {
  const engines: CallTool[] = [
    await toolsOver(tree.root, { ripgrep }),
    await toolsOver(tree.root, { ripgrep: false }),
  ];
  for (const input of inputs) {
    const [expected, actual] = await Promise.all(
      engines.map((call) => outcome(call, title, input)),
    );
    assertEquals(actual, expected, JSON.stringify(input));
  }
}

async function outcome(call: CallTool, name: "Glob" | "Grep", input: Input): Promise<unknown> {
  try {
    return await call(name, input);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `${error.name}: ${
      error.message.replace(/(invalid (regex|glob)|unknown type) .*/s, "$1")
    }`;
  }
}

function product(...lists: Input[][]): Input[] {
  return lists.reduce((all, list) => all.flatMap((a) => list.map((b) => ({ ...a, ...b }))));
}

const CONTENT = { output_mode: "content", head_limit: 1000 };

Deno.test("the engines agree on expressions", async () => {
  await using tree = await sampleTree();
  const patterns = [
    ..."foo|^foo|foo$|^$|x*|\\bfoo\\b|f.o|fo{2,3}?|(foo)|(?i)FOO|(?i:F)oo|a(?i)B|[^f]oo".split("|"),
    ..."[[:alpha:]]+ foo|[[:^alpha:]]|\\d|\\D|\\w+ \\w|\\W|\\s|\\S|\\p{Han}|\\p{greek}|\\PL".split(
      "|",
    ),
    ..."\\x{1F600}|\\u0301|[\\d&&[^0]]|[a-z--f]|[a-f~~d-z]|[]a]|[^]a]|[a-]|[-a]|[--a]|a**".split(
      "|",
    ),
    ..."(?P<n>foo)|\\<foo\\>|o\\b{end-half}|(?x) f o o|(?U)fo+|(?s)foo.bar|(?i)ſ|a.b|caf.".split(
      "|",
    ),
    ..."(|[|*|a{|a{3,2}|(?=a)|(?<!a)|(a)\\1|\\q|\\r|foo\\|[z-a]|(?z)a|\\p{Nope}|\\n|\\p{^L}".split(
      "|",
    ),
    "foo|bar",
    "foo|",
    "",
    "日|世",
  ];
  await compare("Grep", tree, patterns.map((pattern) => ({ pattern, ...CONTENT })));
  const folded = ["FOO", "straße", "k", "\\p{Lu}", "[[:lower:]]x", "[^a-z]"];
  await compare("Grep", tree, folded.map((pattern) => ({ pattern, "-i": true, ...CONTENT })));
});

Deno.test("the engines agree on multiline expressions", async () => {
  await using tree = await sampleTree();
  // Where a NUL comes late, ripgrep's reach depends on how it happened to join matches.
  await Deno.remove(tree.path("late.bin"));
  const patterns = ["foo\\n", "foo.*bar", "\\n\\n", "two.*four", "\\r\\n", "^$", "\\n", "$", "."];
  patterns.push("(.|\\n)*", "(?-s)foo.bar", "foo\\s+foo", "\\z", "x*");
  const modes = [{ ...CONTENT, "-C": 1 }, { output_mode: "count" }, {}];
  await compare(
    "Grep",
    tree,
    product([{ multiline: true }], patterns.map((pattern) => ({ pattern })), modes),
  );
});

Deno.test("the engines agree on globs, hidden and ignored files", async () => {
  await using tree = await sampleTree();
  const globs = ["*.ts", "lib/*.ts", "lib/**", "*", "**", "!*.ts", "!lib", "lib", "lib/", "*.log"];
  globs.push("{lib,a}/**", "[!a-m]*", "/*.ts", ".env", ".*", "build/*", "a/**/*.txt", "a**txt");
  globs.push("\\#odd", "we*", "[", "{", "}", "[z-a]", "*.{ts,{py,rs}}", "*.{,ts}", "x\\", "**/**");
  globs.push("a/*/*", "[]a]*", "/", "./main.ts", "node_modules/**", "docs/*.tmp", "trail ", "***");
  const options = [{}, { include_ignored: true }];
  await compare("Glob", tree, product(globs.map((pattern) => ({ pattern })), options));
  const filters = globs.map((glob) => ({ glob, pattern: "" }));
  await compare("Grep", tree, product(filters, [...options, { hidden: true }]));
});

Deno.test("the engines agree on types", async () => {
  await using tree = await sampleTree();
  const types = ["ts", "js", "py", "rust", "make", "c", "sh", "toml", "txt", "klingon"];
  const others = [{}, { hidden: true }, { glob: "*.ts" }, { glob: "!*.ts" }];
  await compare("Grep", tree, product(types.map((type) => ({ type, pattern: "foo" })), others));
});

Deno.test("the engines agree on places to start from", async () => {
  await using tree = await sampleTree();
  const places = ["lib", "docs", "docs/sub", "sub", "node_modules", "build", ".git", "x/cache"];
  places.push("main.ts", "link.ts", "app.log", "binary.bin", "late.bin", "we ird[1]{a}.txt");
  places.push("back\\slash.txt", ".env", "linked-folder", "dangling", "nothing", "linked-folder/b");
  const inputs = places.map((place) => ({ path: tree.path(place), pattern: "foo" }));
  await compare("Grep", tree, product(inputs, [CONTENT, { hidden: true }]));
  await compare("Glob", tree, inputs.map(({ path }) => ({ path, pattern: "*" })));
});

Deno.test("the engines agree on limits, offsets and context", async () => {
  await using tree = await sampleTree();
  const limits = [0, 1, 2, 6, 1000].map((head_limit) => ({ head_limit }));
  const offsets = [0, 1, 5, 100].map((offset) => ({ offset }));
  const context = [{}, { "-C": 1 }, { "-A": 3 }, { "-B": 10 }].map((input) => ({
    ...input,
    output_mode: "content",
    path: tree.path("many.txt"),
  }));
  const modes = [...context, { output_mode: "count" }, {}];
  await compare("Grep", tree, product([{ pattern: "hit|foo" }], limits, offsets, modes));
});

Deno.test("the table of types says what ripgrep's says", async () => {
  const { stdout } = await new Deno.Command(ripgrep, { args: ["--no-config", "--type-list"] })
    .output();
  const known = new Map(
    new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
      const [name, globs] = line.split(": ");
      return [name!, globs!.split(", ").sort()];
    }),
  );
  for (const [name, globs] of Object.entries(FILE_TYPES)) {
    assertEquals(globs.split(" ").sort(), known.get(name), name);
  }
});

Deno.test("engineFinder() takes the engine it is told to, and looks for one only once", async () => {
  const { signal } = new AbortController();
  const walk = engineFinder({ env: () => undefined, ripgrep: false });
  assertEquals(await walk({ signal }) instanceof WalkEngine, true);
  assertEquals(await walk({ signal }), await walk({ signal }));
  const named = engineFinder({ env, ripgrep });
  assertEquals(await named({ signal }) instanceof RipgrepEngine, true);
});
