import { assertEquals } from "@std/assert";
import { completeFiles } from "../../lib/host/file_completions.ts";
import { Scope } from "../../lib/scope/scope.ts";

async function inTree(work: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-" }));
  try {
    for (const folder of ["src", "secret", "sub/deep"]) {
      await Deno.mkdir(`${cwd}/${folder}`, { recursive: true });
    }
    for (const file of ["source.ts", ".hidden", "src/a.ts", "src/b.ts", "secret/key"]) {
      await Deno.writeTextFile(`${cwd}/${file}`, "");
    }
    await Deno.symlink(`${cwd}/src`, `${cwd}/slink`);
    await work(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("completeFiles() lists one folder, folders first, hidden files too", async () => {
  await inTree(async (cwd) => {
    const scope = await Scope.open({
      allow: [{ target: cwd, permission: "read" }],
      deny: [{ target: `${cwd}/secret`, permission: "read" }],
    });
    const values = async (prefix: string) =>
      (await completeFiles(prefix, { scope, cwd })).map(({ value, is_dir }) =>
        is_dir ? `${value}/` : value
      );
    assertEquals(await values(""), ["src/", "sub/", ".hidden", "slink", "source.ts"]);
    assertEquals(await values("s"), ["src/", "sub/", "slink", "source.ts"]);
    assertEquals(await values("src/"), ["src/a.ts", "src/b.ts"]);
    assertEquals(await values("src/b"), ["src/b.ts"]);
    assertEquals(await values(`${cwd}/src/a`), [`${cwd}/src/a.ts`]);
    assertEquals(await values("secret/"), []);
    assertEquals(await values("../"), []);
    assertEquals(await values("nothing/here"), []);
    assertEquals(await values("source.ts/"), []);
  });
});

Deno.test("completeFiles() stops at 100", async () => {
  await inTree(async (cwd) => {
    const scope = await Scope.open({ allow: [{ target: cwd, permission: "read" }] });
    for (let index = 0; index < 150; index++) await Deno.writeTextFile(`${cwd}/src/f${index}`, "");
    assertEquals((await completeFiles("src/", { scope, cwd })).length, 100);
  });
});
