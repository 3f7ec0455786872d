/** A folder with everything a search can meet, for the tests of this room. @module */

import { Scope, type ScopeInit } from "../../lib/scope/scope.ts";
import { createFileTools } from "../../lib/tools/default_tools.ts";
import type { ToolOutput } from "../../lib/engine/tool.ts";
import type { FileToolsOptions } from "../../lib/tools/default_tools.ts";
import { join } from "@std/path";

/** A temporary folder that is removed with what it holds. */
export class TempTree implements AsyncDisposable {
  private constructor(readonly root: string) {}

  /** @param files Relative path to content. */
  static async make(files: Record<string, string | Uint8Array> = {}): Promise<TempTree> {
    const tree = new TempTree(
      await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-tools-" })),
    );
    for (const [path, content] of Object.entries(files)) await tree.write(path, content);
    return tree;
  }

  path(relative: string): string {
    return join(this.root, relative);
  }

  async write(relative: string, content: string | Uint8Array): Promise<string> {
    const path = this.path(relative);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeFile(path, typeof content === "string" ? bytes(content) : content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

/** UTF-8 bytes of texts and raw bytes, joined. */
export function bytes(...parts: (string | number[])[]): Uint8Array {
  const chunks = parts.map((part) =>
    typeof part === "string" ? new TextEncoder().encode(part) : Uint8Array.from(part)
  );
  const all = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Calls one of the file tools. */
export type CallTool = (
  name: "Glob" | "Grep" | "Read",
  input: Record<string, unknown>,
  signal?: AbortSignal,
) => Promise<ToolOutput>;

/** The file tools over a folder. */
export async function toolsOver(
  root: string,
  options: Partial<FileToolsOptions> & { rules?: Partial<ScopeInit> } = {},
): Promise<CallTool> {
  const { rules, ...rest } = options;
  const scope = await Scope.open({ allow: [{ target: root, permission: "read" }], ...rules });
  const tools = createFileTools({ scope, cwd: root, ...rest });
  return async (name, input, signal = new AbortController().signal) => {
    const tool = tools.find((tool) => tool.name === name)!;
    return await tool.execute(input, { callId: "c", batchId: "tool-batch-1", index: 0, signal });
  };
}

/** Every kind of file, in a git work tree. */
export async function sampleTree(): Promise<TempTree> {
  const tree = await TempTree.make({
    "README.md": "# Sample\n\nfoo and bar\nlast line without end",
    "main.ts": "import { foo } from './lib/foo.ts';\n\nfoo();\nfoo(1);\n// end\n",
    "lib/foo.ts": "export function foo(n = 0) {\n  return n + 1;\n}\n\n// foo again\n",
    "lib/bar.py": "def bar():\n    return 'FOO'\n",
    "lib-old/zap.rs": "fn zap() { foo(); }\n",
    "lib.txt": "foo\n",
    "a/b/c/deep.txt": "one\ntwo foo\nthree\nfour\nfive foo\nsix\n",
    "a/b/shallow.TXT": "foo\n",
    "many.txt": Array.from({ length: 40 }, (_, n) => `line ${n}${n % 7 === 0 ? " hit" : ""}\n`)
      .join(""),
    "crlf.txt": "foo\r\nbar\r\n\r\nfoo bar\r\nno end foo",
    "carriage.txt": "foo\rbar\nb\rar\n",
    "bad.txt": bytes("foo ", [0xff, 0xfe], " bar\n", [0xe3, 0x81], "foo\nfoo ok\na", [0xff], "b\n"),
    "latin.txt": bytes("caf", [0xe9], " foo\nna", [0xef], "ve\n"),
    "bom.txt": bytes([0xef, 0xbb, 0xbf], "foo first\nfoo second\n"),
    "utf16.txt": bytes([0xff, 0xfe], [
      ...new Uint8Array(new Uint16Array([..."foo ünï\nbar\n"].map((c) => c.charCodeAt(0))).buffer),
    ]),
    "binary.bin": bytes("foo\n", [0, 1, 2], "foo\n"),
    "late.bin": bytes(
      "foo\n",
      "x x\n".repeat(10_000),
      "foo\n",
      "y y\n".repeat(50_000),
      [0],
      "foo\n",
    ),
    "empty.txt": "",
    "newline.txt": "\n",
    "japanese.txt": "こんにちは foo\n世界\nｆｏｏ ａｂｃ\n",
    "emoji.txt": "😀 foo\n\u2028foo\nfo\u0301o\nStraße STRASSE ſ k K\n",
    "wide.js": `var x = "${"z".repeat(2500)}foo${"z".repeat(2500)}";\nfoo\n`,
    ".hidden/secret.txt": "foo\n",
    ".env": "foo=1\n",
    ".github/workflows/ci.yml": "foo: 1\n",
    ".gitignore":
      "*.log\n/build/\nnode_modules\n!keep.log\ndocs/*.tmp\n**/cache/**\n# c\n\\#odd\ntrail \n",
    ".ignore": "ignored-by-rg.txt\n!docs/back.tmp\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/info/exclude": "excluded.txt\n",
    ".git/config": "foo\n",
    "excluded.txt": "foo\n",
    "ignored-by-rg.txt": "foo\n",
    "app.log": "foo\n",
    "keep.log": "foo\n",
    "build/out.txt": "foo\n",
    "lib/build/in.txt": "foo\n",
    "node_modules/p/index.js": "foo\n",
    "docs/a.tmp": "foo\n",
    "docs/back.tmp": "foo\n",
    "docs/deep/a.tmp": "foo\n",
    "docs/.gitignore": "/only-here.txt\n*.md\n!README.md\n",
    "docs/only-here.txt": "foo\n",
    "docs/sub/only-here.txt": "foo\n",
    "docs/notes.md": "foo\n",
    "docs/README.md": "foo\n",
    "x/cache/c.txt": "foo\n",
    "#odd": "foo\n",
    "trail": "foo\n",
    "we ird[1]{a}.txt": "foo\n",
    "back\\slash.txt": "foo\n",
    "Makefile": "foo:\n\techo foo\n",
    "dir.with.dots/File.TS": "foo\n",
    "zero.c": "int foo;\n",
    "Cargo.lock": "foo\n",
    "sub/.git/HEAD": "x\n",
    "sub/inner.log": "foo\n",
    "sub/.gitignore": "inner.txt\n",
    "sub/inner.txt": "foo\n",
    "\uffffz.txt": "foo\n",
    "😀.txt": "foo\n",
  });
  await Deno.symlink("main.ts", tree.path("link.ts"));
  await Deno.symlink("a", tree.path("linked-folder"));
  await Deno.symlink("nowhere", tree.path("dangling"));
  return tree;
}
