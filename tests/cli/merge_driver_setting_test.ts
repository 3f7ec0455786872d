import { assertEquals } from "@std/assert";
import { mergeDriverCommand, setMergeDriver } from "../../lib/cli/merge_driver_setting.ts";

const none = () => undefined;

Deno.test("mergeDriverCommand() names the program that runs, quoted for a shell", async () => {
  const compiled = { execPath: "/opt/it's here/yoi", standalone: true, runtimeCommand: "" };
  assertEquals(
    await mergeDriverCommand(none, compiled),
    "'/opt/it'\\''s here/yoi' ticket merge-driver %O %A %B %P",
  );
  const script = {
    execPath: "/bin/deno",
    standalone: false,
    mainModule: "file:///a%20b/cli.ts",
    flags: ["--allow-read"],
    runtimeCommand: "",
  };
  assertEquals(
    await mergeDriverCommand(none, script),
    "/bin/deno run --allow-read file:///a%%20b/cli.ts ticket merge-driver %O %A %B %P",
  );
});

Deno.test("mergeDriverCommand() says yoi where a shell finds this very program", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/program`, "");
  await Deno.symlink(`${folder}/program`, `${folder}/yoi`);
  const options = { execPath: `${folder}/program`, standalone: true, runtimeCommand: "" };
  const path = (name: string) => name === "PATH" ? `/nowhere:${folder}` : undefined;
  assertEquals(await mergeDriverCommand(path, options), "yoi ticket merge-driver %O %A %B %P");
  const other = { ...options, execPath: "/opt/yoi" };
  assertEquals(await mergeDriverCommand(path, other), "/opt/yoi ticket merge-driver %O %A %B %P");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("setMergeDriver() has nothing to set outside of a work tree", async () => {
  const folder = await Deno.makeTempDir();
  assertEquals(await setMergeDriver(folder, none), { kind: "no_git" });
  await Deno.remove(folder, { recursive: true });
});
