import { assertEquals, assertRejects } from "@std/assert";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { ParsedArguments } from "../../lib/cli/parsed_arguments.ts";
import { Output } from "../../lib/cli/terminal.ts";
import { prepareTyping } from "../../lib/cli/typed_text.ts";
import { MemorySink } from "./_sinks.ts";
import { Workspace } from "./_tickets.ts";

Deno.test("prepareTyping() says how a text ends, once it is known that the ticket can take it", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const stderr = new MemorySink();
  const output = new Output(stderr);
  const context = {
    terminal: { stdout: output, stderr: output },
    env: () => undefined,
    cwd: workspace.path,
    paths: () => ({ config: "/nowhere", data: "/nowhere", runtime: "/nowhere" }),
  };
  const prepare = (name: string) => prepareTyping(name, new ParsedArguments([]), context);
  await assertRejects(() => prepare(id.slice(0, 10)), TicketError, "ticket not found");
  const path = `.yoi/tickets/${id}/item.md`;
  const sound = await workspace.read(path);
  await workspace.write(path, sound.replace(/^title: .*$/m, "title: 12"));
  await assertRejects(() => prepare(id), TicketError, "put it into quotes");
  assertEquals(stderr.text, "");
  await workspace.write(path, sound);
  await prepare(id);
  assertEquals(
    stderr.text,
    "yoi ticket: reading the text from the terminal: Ctrl-D on a line of its own ends it, Ctrl-C " +
      "cancels\n",
  );
});
