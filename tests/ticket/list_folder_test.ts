import { assertEquals } from "@std/assert";
import { listFolder } from "../../lib/ticket/_list_folder.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { withRoot } from "./_ticket_root.ts";

Deno.test("listFolder() lists what is there, nothing for a missing folder, and no file", async () => {
  await withRoot((root) => {
    Deno.mkdirSync(`${root}/folder/below`, { recursive: true });
    Deno.writeTextFileSync(`${root}/folder/file`, "");
    const names = listFolder(`${root}/folder`).map(({ name }) => name).sort();
    assertEquals(names, ["below", "file"]);
    assertEquals(listFolder(`${root}/none`), []);
    assertTicketError(() => listFolder(`${root}/folder/file`), "io", "not a folder");
  });
});
