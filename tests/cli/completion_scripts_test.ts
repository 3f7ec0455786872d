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
    complete -p yoi`;
  const { stdout } = await new Deno.Command("bash", { args: ["-c", script] }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "demo\nmy\\ agent\nready,done\ndemand\ncomplete -F _yoi yoi\n",
  );
});
