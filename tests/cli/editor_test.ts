import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { editorCommand, editorFailure, openInEditor } from "../../lib/cli/editor.ts";
import { stub } from "../file/_stub.ts";

/** Opens a file in an editor that is a shell's words, and gives what they left in it. */
async function open(words: string): Promise<string> {
  const path = await Deno.makeTempFile();
  try {
    await openInEditor(words, path);
    return await Deno.readTextFile(path);
  } finally {
    await Deno.remove(path);
  }
}

/** An editor of this name that runs a script on what it is given. */
function script(text: string, words = "editor"): string {
  return `sh -c '${text}' ${words}`;
}

Deno.test("editorCommand() takes VISUAL before EDITOR, and neither when it is blank", () => {
  const command = (env: Record<string, string>) => editorCommand((name) => env[name]);
  assertEquals(command({ VISUAL: "vi -e", EDITOR: "ed" }), "vi -e");
  assertEquals(command({ VISUAL: " ", EDITOR: "ed" }), "ed");
  assertThrows(() => command({ VISUAL: "", EDITOR: " " }), CliError, "neither VISUAL nor EDITOR");
});

Deno.test("editorCommand() says which permission hides the editor", () => {
  const denied = { state: "denied" } as Deno.PermissionStatus;
  using _permissions = stub(Deno.permissions, "querySync", () => denied);
  assertEquals(editorCommand((name) => name === "EDITOR" ? "ed" : undefined), "ed");
  assertThrows(() => editorCommand(() => undefined), CliError, "run it with --allow-env, or give");
});

Deno.test("openInEditor() gives an editor its own arguments, then the path", async () => {
  assertEquals(
    await open(script('printf "%s|" "$1" "$2" > "$3"', `editor --wait "a b"`)),
    "--wait|a b|",
  );
});

for (const signal of ["INT", "QUIT"]) {
  Deno.test(`openInEditor() lets an editor go on that a SIG${signal} did not end`, async () => {
    // A terminal sends it to the shell between as well, which is the parent here.
    const words = script(`kill -${signal} $PPID; sleep 0.1; echo saved > "$1"`);
    assertEquals(await open(words), "saved\n");
  });
}

Deno.test("openInEditor() fails when a SIGINT ended the editor", async () => {
  await assertRejects(
    () => open(script("kill -INT $PPID $$; sleep 5")),
    CliError,
    "was ended by SIGINT",
  );
});

Deno.test("editorFailure() tells a code from a signal, and takes nothing but 0 for a success", () => {
  const failure = (code: number, signal: Deno.Signal | null = null) =>
    editorFailure("vi", { code, signal });
  assertEquals(failure(0), undefined);
  assertEquals(failure(3), 'editor "vi" ended with code 3');
  assertEquals(failure(130), 'editor "vi" was ended by SIGINT');
  assertEquals(failure(143, "SIGTERM"), 'editor "vi" was ended by SIGTERM');
  assertEquals(failure(200), 'editor "vi" ended with code 200');
});
