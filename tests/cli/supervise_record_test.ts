import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { recordPath } from "../../lib/cli/supervise_record.ts";

Deno.test("recordPath() lies beside the control socket", async () => {
  const paths = () => {
    throw new Error("not needed");
  };
  const places = { file: "/srv/supervise.jsonc", control: "run/control" };
  assertEquals(await recordPath(places, { paths }), "run/control.children");
});

Deno.test("recordPath() without one is the same for every path of a file, in the runtime folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const paths = () => ({ config: "", data: "", runtime: `${folder}/run` });
    const of = (file: string) =>
      recordPath({ file: `${folder}/${file}`, control: undefined }, { paths });
    await Deno.writeTextFile(`${folder}/one`, "");
    await Deno.writeTextFile(`${folder}/two`, "");
    await Deno.symlink(`${folder}/one`, `${folder}/link`);
    const path = await of("one");
    assertEquals(await of("link"), path);
    assertNotEquals(await of("two"), path);
    assertEquals(path.replace(/[0-9a-f]{64}$/, "HASH"), `${folder}/run/locks/supervise/HASH`);
    assertEquals((await Deno.stat(`${folder}/run/locks/supervise`)).isDirectory, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("recordPath() says what to do where no folder can be made", async () => {
  const file = await Deno.makeTempFile();
  try {
    const paths = () => ({ config: "", data: "", runtime: file });
    const { code, message } = await assertRejects(
      () => recordPath({ file, control: undefined }, { paths }),
      CliError,
    );
    assertEquals([code, message.includes("--control PATH")], ["failed", true]);
  } finally {
    await Deno.remove(file);
  }
});
