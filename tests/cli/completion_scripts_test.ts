import { assert, assertEquals } from "@std/assert";
import { completionScript, SHELLS } from "../../lib/cli/completion_scripts.ts";

Deno.test("completionScript() has a script for each shell, and none for others", () => {
  for (const shell of SHELLS) assert(completionScript(shell)!.includes("yoi __complete -- "));
  assertEquals(completionScript("constructor"), undefined);
});

Deno.test("completionScript() for bash fills COMPREPLY with what the program says", async () => {
  const script = `${completionScript("bash")}
    yoi() { printf '%s|' "$@" >&2; printf 'demo\\tPod\\nmy agent\\tPod\\nready,done\\tstate\\n:file\\t\\n'; }
    cd "$(mktemp -d)" && touch demand other
    COMP_WORDS=(yoi run de) COMP_CWORD=2
    _yoi 2>/dev/null
    printf '%s\\n' "\${COMPREPLY[@]}"
    COMP_WORDS=(yoi run '"m')
    _yoi 2>/dev/null
    printf '%s\\n' "\${COMPREPLY[1]}"
    complete -p yoi`;
  const { stdout } = await new Deno.Command("bash", { args: ["-c", script] }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "demo\nmy\\ agent\nready,done\ndemand\nmy agent\ncomplete -F _yoi yoi\n",
  );
});

Deno.test("completionScript() for bash asks with words as a command would get them", async () => {
  // As a person types them, and as commands get them.
  const lines: [string[], string[]][] = [
    [["~/a", ""], [`/home/it's "me"/a`, ""]],
    [[`"/tmp/my dir"/x`, `"000`], ["/tmp/my dir/x", "000"]],
    [[String.raw`'it\s $HOME'`, "'00"], [String.raw`it\s $HOME`, "00"]],
    [[String.raw`my\ dir/it\'s\~`, ""], ["my dir/it's~", ""]],
    [['"\\$a \\x \\" \\\\"', "$(touch never)"], ['$a \\x " \\', "$(touch never)"]],
    [["=", "~/x", "a~/b", "~"], ["=", `/home/it's "me"/x`, "a~/b", "~"]],
    [["end\\", ""], ["end", ""]],
  ];
  const script = `${completionScript("bash")}
    yoi() { shift 2; printf '%s\n' "$@" > asked; }
    cd "$(mktemp -d)"
    COMP_WORDS=(yoi "$@") COMP_CWORD=$#
    _yoi
    cat asked && rm asked && ls`;
  for (const [typed, meant] of lines) {
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", script, "_", ...typed],
      env: { HOME: `/home/it's "me"` },
    }).output();
    assertEquals(new TextDecoder().decode(stdout), meant.map((word) => `${word}\n`).join(""));
  }
});
